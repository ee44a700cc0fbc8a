import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { ChangeView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { May } from '../../components/may.tsx';
import { useAct } from '../../components/use-act.ts';
import { count } from '../../words.ts';
import { DecideChangeDialog } from './decide-change-dialog.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';

type Asked = 'approved' | 'rejected' | 'publish' | 'despite-freeze' | 'schedule' | 'withdraw';

/** What may be done with a change that waits. */
export function ChangeActions({ view }: { view: ChangeView }) {
  const [asked, setAsked] = useState<Asked>();
  const { change, hindrances, inFreeze, preview } = view;
  const close = () => setAsked(undefined);
  const publishable = change.ready && hindrances.length === 0 && preview.problems.length === 0;
  return (
    <Group gap="xs">
      {change.mayApprove ? <Button onClick={() => setAsked('approved')}>Approve…</Button> : null}
      <May call="publishChange">
        <Button
          variant={change.mayApprove ? 'default' : 'filled'}
          disabled={!publishable}
          onClick={() => setAsked('publish')}
        >
          Publish now…
        </Button>
      </May>
      {inFreeze && change.ready ? (
        <May call="publishChange">
          <Button variant="default" onClick={() => setAsked('despite-freeze')}>
            Publish despite the freeze…
          </Button>
        </May>
      ) : null}
      <May call="scheduleChange">
        <Button variant="default" onClick={() => setAsked('schedule')}>
          {change.publishAt === null ? 'Schedule…' : 'Change the schedule…'}
        </Button>
      </May>
      {change.isOwn ? (
        <May call="withdrawChange">
          <Button variant="default" onClick={() => setAsked('withdraw')}>
            Withdraw…
          </Button>
        </May>
      ) : (
        <May call="decideChange">
          <Button variant="default" onClick={() => setAsked('rejected')}>
            Reject…
          </Button>
        </May>
      )}
      {asked === 'approved' || asked === 'rejected' ? (
        <DecideChangeDialog view={view} decision={asked} onClose={close} />
      ) : null}
      {asked === 'publish' || asked === 'despite-freeze' ? (
        <PublishDialog view={view} despiteFreeze={asked === 'despite-freeze'} onClose={close} />
      ) : null}
      {asked === 'schedule' ? <ScheduleDialog view={view} onClose={close} /> : null}
      {asked === 'withdraw' ? <WithdrawDialog view={view} onClose={close} /> : null}
    </Group>
  );
}

function WithdrawDialog({ view, onClose }: { view: ChangeView; onClose: () => void }) {
  const { id, items } = view.change;
  const withdraw = useAct({
    act: () => call('withdrawChange', { params: { id } }),
    done: 'The change is taken back.',
    stale: ['changes', 'profile', 'profiles', 'groups'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Take the change back"
      action="Take it back"
      onConfirm={() => withdraw.mutate()}
      busy={withdraw.isPending}
      error={withdraw.error}
    >
      <Text size="sm">
        Nobody can approve or publish it any more.{' '}
        {items.length === 1 ? 'The draft stays' : `${count(items.length, 'draft')} stay`} and can be proposed again.
      </Text>
    </ConfirmDialog>
  );
}
