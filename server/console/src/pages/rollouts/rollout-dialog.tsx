import { Text } from '@mantine/core';
import { useState } from 'react';
import type { RolloutView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { actionWords, type RolloutAction } from './rollout-steps.ts';

const leastReason = 3;

interface Props {
  view: RolloutView;
  action: RolloutAction;
  onClose: () => void;
}

/** Asks for the reason, and says what it does to the devices. */
export function RolloutDialog({ view, action, onClose }: Props) {
  const [reason, setReason] = useState('');
  const words = actionWords[action];
  const act = useAct({
    act: () => call('actOnRollout', { params: { id: view.rollout.id }, body: { action, reason: reason.trim() } }),
    done: words.done,
    stale: ['rollouts', 'changes', 'profile', 'profiles', 'lists'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={words.title}
      action={words.button}
      onConfirm={() => act.mutate()}
      busy={act.isPending}
      error={act.error}
      dangerous={action === 'stop' || action === 'roll-back'}
      unfinished={reason.trim().length < leastReason}
    >
      <Text size="sm">{words.effect(view)}</Text>
      <ReasonField description="Kept with the decision" value={reason} minLength={leastReason} onChange={setReason} />
    </ConfirmDialog>
  );
}
