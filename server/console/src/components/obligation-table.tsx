import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { ObligationView } from '../../../../shared/api/schemas.ts';
import { call } from '../api.ts';
import { obligationWords } from '../obligation-form.ts';
import { reasonProblem } from '../override-form.ts';
import { actorWords, untilDay } from '../words.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { TextLink } from './links.tsx';
import { ReasonField } from './reason-field.tsx';
import { type Column, Rows } from './rows.tsx';
import { Tag } from './tag.tsx';
import { useAct } from './use-act.ts';
import { useNow, When } from './when.tsx';

interface Props {
  obligations: readonly ObligationView[];
  withPerson: boolean;
}

const stale = ['obligations', 'people', 'overview'];

/** What people owe; what is open can be met or taken back. */
export function ObligationTable({ obligations, withPerson }: Props) {
  const [cancelling, setCancelling] = useState<ObligationView>();
  const meet = useAct({
    act: ({ id }: ObligationView) => call('meetObligation', { params: { id } }),
    done: ({ title, person }) => `“${title}” is done by ${person.name}.`,
    stale,
  });
  const columns: Column<ObligationView>[] = [
    { title: 'What', main: true, cell: (row) => <What obligation={row} /> },
    ...(withPerson ? [{ title: 'Person', cell: (row: ObligationView) => <Person obligation={row} /> }] : []),
    { title: 'Due', cell: (row) => <Due obligation={row} /> },
    {
      title: 'Change',
      wide: true,
      cell: (row) =>
        row.endedAt === null ? (
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="default"
              loading={meet.isPending && meet.variables.id === row.id}
              aria-label={`Done: ${row.title}, ${row.person.name}`}
              onClick={() => meet.mutate(row)}
            >
              Done
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={`Take back: ${row.title}, ${row.person.name}`}
              onClick={() => setCancelling(row)}
            >
              Take back…
            </Button>
          </Group>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <>
      <Rows label="Agreements and returns" rows={obligations} keyOf={({ id }) => id} columns={columns} />
      <CancelDialog obligation={cancelling} onClose={() => setCancelling(undefined)} />
    </>
  );
}

function What({ obligation: { title, kind, device, by, from } }: { obligation: ObligationView }) {
  return (
    <div>
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {obligationWords[kind]}
        {device ? ': ' : ''}
        {device ? (
          <TextLink to="/devices/$id" params={{ id: device.id }}>
            {device.name}
          </TextLink>
        ) : null}
        , asked by {actorWords(by)}, <When at={from} as="date" />
      </Text>
    </div>
  );
}

function Person({ obligation: { person } }: { obligation: ObligationView }) {
  return (
    <TextLink to="/people/$id" params={{ id: person.id }}>
      {person.name}
    </TextLink>
  );
}

function Due({ obligation: { dueAt, overdue, endedAt, outcome, endedBy } }: { obligation: ObligationView }) {
  const now = useNow();
  if (endedAt !== null)
    return (
      <div>
        <Tag tone={outcome === 'met' ? 'good' : 'plain'}>{outcome === 'met' ? 'Done' : 'Taken back'}</Tag>{' '}
        <When at={endedAt} as="moment" />
        <Text size="xs" c="dimmed">
          {endedBy === null ? '' : actorWords(endedBy)}
        </Text>
      </div>
    );
  return (
    <Group gap="xs">
      {untilDay(dueAt, now).replace(/^until /, '')}
      {overdue ? <Tag tone="bad">Overdue</Tag> : null}
    </Group>
  );
}

function CancelDialog({ obligation, onClose }: { obligation: ObligationView | undefined; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const cancel = useAct({
    act: (id: string) => call('cancelObligation', { params: { id }, body: { reason: reason.trim() } }),
    done: 'It is taken back.',
    stale,
    onDone: () => {
      setReason('');
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened={obligation !== undefined}
      onClose={onClose}
      title="Take it back"
      action="Take it back"
      unfinished={reasonProblem(reason) !== undefined}
      onConfirm={() => obligation && cancel.mutate(obligation.id)}
      busy={cancel.isPending}
      error={cancel.error}
    >
      <Text size="sm">
        {obligation ? `“${obligation.title}” is asked of ${obligation.person.name} no longer.` : ''}
      </Text>
      <ReasonField description="Kept in the events" value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
