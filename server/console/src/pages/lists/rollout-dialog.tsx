import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ListView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { reasonProblem } from '../../override-form.ts';
import type { Input } from '../../request.ts';

export type RolloutStep = Input<'decideListRollout'>['body']['action'];

export const stepWords: Record<RolloutStep, { action: string; meaning: string; done: string }> = {
  resume: {
    action: 'Go on',
    meaning: 'The next ring of devices gets the new version. It may halt itself again.',
    done: 'The new version goes on.',
  },
  finish: {
    action: 'Give it to all',
    meaning: 'Every device gets the new version at once, without further rings.',
    done: 'Every device gets the new version now.',
  },
  'roll-back': {
    action: 'Return to the earlier one',
    meaning: 'Devices that have the new version go back to the earlier one. The next refresh may bring another.',
    done: 'Devices go back to the earlier version.',
  },
};

interface Props {
  list: ListView;
  step: RolloutStep;
  onClose: () => void;
}

export function RolloutDialog({ list, step, onClose }: Props) {
  const [reason, setReason] = useState('');
  const words = stepWords[step];
  const decide = useAct({
    act: () =>
      call('decideListRollout', {
        params: { category: list.category },
        body: { action: step, reason: reason.trim() },
      }),
    done: words.done,
    stale: ['lists'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${words.action}: ${list.title}`}
      action={words.action}
      dangerous={step === 'finish'}
      unfinished={reasonProblem(reason) !== undefined}
      onConfirm={() => decide.mutate()}
      busy={decide.isPending}
      error={decide.error}
    >
      <Stack gap="sm">
        <Text size="sm">{words.meaning}</Text>
        <ReasonField description="Kept in the events" value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}
