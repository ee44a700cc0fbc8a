import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { ChangeView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { InstantField } from '../../components/instant-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { useNow } from '../../components/when.tsx';

/** Sets when a change publishes itself, or that it does not. */
export function ScheduleDialog({ view, onClose }: { view: ChangeView; onClose: () => void }) {
  const { id, publishAt } = view.change;
  const [at, setAt] = useState(publishAt ?? undefined);
  const now = useNow();
  const past = at !== undefined && Date.parse(at) <= now;
  const schedule = useAct({
    act: (instant: string | null) => call('scheduleChange', { params: { id }, body: { publishAt: instant } }),
    done: ({ change }) => (change.publishAt === null ? 'It does not publish itself.' : 'It is scheduled.'),
    stale: ['changes'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Publish at a time"
      action="Schedule"
      onConfirm={() => at !== undefined && schedule.mutate(at)}
      busy={schedule.isPending}
      error={schedule.error}
      unfinished={at === undefined || past}
    >
      <Text size="sm">
        It publishes itself then when it has what it needs and nothing hinders it; otherwise it waits and says why.
      </Text>
      <InstantField
        focused
        label="Date and time"
        value={at}
        error={past ? 'That is over.' : undefined}
        onChange={setAt}
      />
      {publishAt === null ? null : (
        <Button variant="subtle" loading={schedule.isPending} onClick={() => schedule.mutate(null)}>
          Do not publish it by itself
        </Button>
      )}
    </ConfirmDialog>
  );
}
