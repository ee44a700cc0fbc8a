import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { OverrideView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { TextLink } from '../../components/links.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { overrideWords } from '../../filter-words.ts';
import { useMay } from '../../use-may.ts';
import { actorWords, count } from '../../words.ts';

/** Overrides; those in force can be ended. */
export function OverrideTable({ overrides }: { overrides: readonly OverrideView[] }) {
  const [ending, setEnding] = useState<OverrideView>();
  const may = useMay();
  const columns: Column<OverrideView>[] = [
    { title: 'What', main: true, cell: (row) => <What override={row} /> },
    { title: 'For', cell: (row) => <Target override={row} /> },
    { title: 'Reason', cell: (row) => <Reason override={row} /> },
    { title: 'Ends', cell: (row) => <Ends override={row} /> },
    {
      title: 'Change',
      cell: (row) =>
        row.inForce && may('endOverride') ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`End now: ${overrideWords(row)}`}
            onClick={() => setEnding(row)}
          >
            End now
          </Button>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <>
      <Rows label="Opened and closed for a time" rows={overrides} keyOf={(row) => row.id} columns={columns} />
      <EndOverrideDialog override={ending} onClose={() => setEnding(undefined)} />
    </>
  );
}

function What({ override }: { override: OverrideView }) {
  return (
    <div>
      <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {overrideWords(override)}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {actorWords(override.by)}, <When at={override.from} as="moment" />
      </Text>
    </div>
  );
}

const kinds = { person: 'Person', device: 'Device', class: 'Class', org: 'School or unit' } as const;

function Target({ override: { target, targetName, devices, inForce } }: { override: OverrideView }) {
  const name = targetName || target.id;
  return (
    <div>
      {target.kind === 'person' ? (
        <TextLink to="/people/$id" params={{ id: target.id }}>
          {name}
        </TextLink>
      ) : target.kind === 'device' ? (
        <TextLink to="/devices/$id" params={{ id: target.id }}>
          {name}
        </TextLink>
      ) : (
        name
      )}
      <Text size="xs" c="dimmed">
        {kinds[target.kind]}
        {inForce ? ` · ${count(devices, 'device')}` : ''}
      </Text>
    </div>
  );
}

function Reason({ override: { reason, requestId } }: { override: OverrideView }) {
  return (
    <div>
      {reason}
      {requestId ? (
        <Text size="xs" c="dimmed">
          asked on the block page
        </Text>
      ) : null}
    </div>
  );
}

function Ends({ override: { inForce, until, endedAt } }: { override: OverrideView }) {
  if (inForce) return <When at={until} />;
  return endedAt ? (
    <div>
      <Tag>Ended early</Tag> <When at={endedAt} as="moment" />
    </div>
  ) : (
    <When at={until} as="moment" />
  );
}

interface EndProps {
  override: OverrideView | undefined;
  onClose: () => void;
}

export function EndOverrideDialog({ override, onClose }: EndProps) {
  const end = useAct({
    act: (id: string) => call('endOverride', { params: { id } }),
    done: 'It is ended. Devices follow within moments.',
    stale: ['overrides', 'classes', 'filter'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened={override !== undefined}
      onClose={onClose}
      title="End it now"
      action="End it"
      onConfirm={() => override && end.mutate(override.id)}
      busy={end.isPending}
      error={end.error}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {override ? `${overrideWords(override)} for ${override.targetName || override.target.id}. ` : ''}
        From now on the profiles alone decide there again.
      </Text>
    </ConfirmDialog>
  );
}
