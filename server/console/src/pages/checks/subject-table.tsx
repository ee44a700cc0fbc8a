import { Group, Text } from '@mantine/core';
import { IconAlertCircle, IconCircleCheck, IconCircleMinus, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import type { CheckSubject } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { everyDeviceOf, WaiveCheck } from '../../components/waive-dialog.tsx';
import { When } from '../../components/when.tsx';
import { findingStatusWords } from '../../words.ts';

interface Props {
  subjects: readonly CheckSubject[];
  check: string;
  title: string;
  /** A failure turns the verdict. */
  counts: boolean;
  /** The past cannot be waived. */
  waivable: boolean;
}

/** Devices under one check. */
export function SubjectTable({ subjects, check, title, counts, waivable }: Props) {
  const columns: Column<CheckSubject>[] = [
    { title: 'Device', main: true, cell: ({ device }) => <DeviceLink device={device} /> },
    { title: 'Person', cell: (row) => <Person row={row} /> },
    { title: 'Outcome', cell: ({ status }) => <Outcome status={status} counts={counts} /> },
    { title: 'Seen', cell: ({ seen }) => seen },
    { title: 'Since', cell: ({ since }) => <When at={since} as="moment" /> },
  ];
  const waive: Column<CheckSubject> = {
    title: 'Waive',
    cell: (row) => (row.status === 'fail' ? <WaiveCheck check={check} title={title} targets={targetsOf(row)} /> : '–'),
  };
  return (
    <Rows
      label="Devices"
      rows={subjects}
      keyOf={({ device, seen, since }) => `${device.id} ${since} ${seen}`}
      columns={waivable && counts ? [...columns, waive] : columns}
    />
  );
}

function DeviceLink({ device: { id, name } }: Pick<CheckSubject, 'device'>) {
  return (
    <TextLink to="/devices/$id" params={{ id }} fw={600}>
      {name}
    </TextLink>
  );
}

const targetsOf = ({ device, person }: CheckSubject) => [
  { kind: 'device' as const, id: device.id, words: `${device.name} alone` },
  ...(person ? [{ kind: 'person' as const, id: person.id, words: everyDeviceOf(person.name) }] : []),
];

function Person({ row: { person, orgName } }: { row: CheckSubject }) {
  if (!person) return 'With nobody';
  return (
    <div>
      <TextLink to="/people/$id" params={{ id: person.id }}>
        {person.name}
      </TextLink>
      <Text size="xs" c="dimmed">
        {orgName ?? 'No school'}
      </Text>
    </div>
  );
}

const signs = { pass: IconCircleCheck, fail: IconCircleX, unknown: IconHelpCircle, 'not-applicable': IconCircleMinus };
const shades = { pass: 'compliant', fail: 'noncompliant', unknown: 'unknown', 'not-applicable': 'unknown' } as const;

function Outcome({ status, counts }: { status: CheckSubject['status']; counts: boolean }) {
  const informs = status === 'fail' && !counts;
  const Sign = informs ? IconAlertCircle : signs[status];
  return (
    <Group gap={6} wrap="nowrap">
      <Sign
        size={18}
        style={{ flex: 'none' }}
        color={`var(--verdict-${informs ? 'silent' : shades[status]})`}
        aria-hidden="true"
      />
      {findingStatusWords[status]}
    </Group>
  );
}
