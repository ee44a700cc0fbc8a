import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { WaiverView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { TextLink } from '../../components/links.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { useAct } from '../../components/use-act.ts';
import { useNow, When } from '../../components/when.tsx';
import { useMay } from '../../use-may.ts';
import { actorWords, untilDay } from '../../words.ts';

/** Waivers; those in force can be ended. */
export function WaiverTable({ waivers }: { waivers: readonly WaiverView[] }) {
  const [ending, setEnding] = useState<WaiverView>();
  const may = useMay();
  const columns: Column<WaiverView>[] = [
    { title: 'What', main: true, cell: (row) => <What waiver={row} /> },
    { title: 'For', cell: (row) => <Target waiver={row} /> },
    { title: 'Reason', cell: ({ reason }) => reason },
    { title: 'Ends', cell: (row) => <Ends waiver={row} /> },
    {
      title: 'Change',
      cell: (row) =>
        row.inForce && may('endWaiver') ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`End now: ${row.checkTitle} for ${row.targetName}`}
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
      <Rows label="Waivers" rows={waivers} keyOf={(row) => row.id} columns={columns} />
      <EndWaiverDialog waiver={ending} onClose={() => setEnding(undefined)} />
    </>
  );
}

function What({ waiver }: { waiver: WaiverView }) {
  return (
    <div>
      <Text fw={600} size="sm">
        {waiver.checkTitle}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {actorWords(waiver.by)}, <When at={waiver.from} as="moment" />
      </Text>
    </div>
  );
}

function Target({ waiver: { target, targetName } }: { waiver: WaiverView }) {
  const { kind, id } = target;
  return (
    <div>
      {kind === 'person' ? (
        <TextLink to="/people/$id" params={{ id }}>
          {targetName}
        </TextLink>
      ) : (
        <TextLink to="/devices/$id" params={{ id }}>
          {targetName}
        </TextLink>
      )}
      <Text size="xs" c="dimmed">
        {kind === 'person' ? 'Person' : 'Device'}
      </Text>
    </div>
  );
}

function Ends({ waiver: { inForce, until, endedAt } }: { waiver: WaiverView }) {
  const now = useNow();
  if (inForce) return untilDay(until, now);
  return endedAt !== null && endedAt < until ? (
    <div>
      <Tag>Ended early</Tag> <When at={endedAt} as="moment" />
    </div>
  ) : (
    <When at={until} as="moment" />
  );
}

function EndWaiverDialog({ waiver, onClose }: { waiver: WaiverView | undefined; onClose: () => void }) {
  const end = useAct({
    act: (id: string) => call('endWaiver', { params: { id } }),
    done: 'The waiver is ended.',
    stale: ['waivers', 'device', 'devices', 'people', 'overview'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened={waiver !== undefined}
      onClose={onClose}
      title="End it now"
      action="End it"
      onConfirm={() => waiver && end.mutate(waiver.id)}
      busy={end.isPending}
      error={end.error}
    >
      <Text size="sm">
        {waiver ? `${waiver.checkTitle}, for ${waiver.targetName}. ` : ''}
        From now on a failure counts there again.
      </Text>
    </ConfirmDialog>
  );
}
