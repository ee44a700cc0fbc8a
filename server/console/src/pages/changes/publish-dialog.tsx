import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChangeView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { headline } from '../../change-words.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { PlanSentences } from './plan-sentences.tsx';

const leastReason = 10;

interface Props {
  view: ChangeView;
  /** Asks for the reason for which a freeze does not count. */
  despiteFreeze: boolean;
  onClose: () => void;
}

/** Publishes, and leads to the rollout that begins. */
export function PublishDialog({ view, despiteFreeze, onClose }: Props) {
  const { id } = view.change;
  const [reason, setReason] = useState('');
  const navigate = useNavigate();
  const publish = useAct({
    act: () => call('publishChange', { params: { id }, body: despiteFreeze ? { despiteFreeze: reason.trim() } : {} }),
    done: 'The change is published.',
    stale: ['changes', 'rollouts', 'profile', 'profiles', 'groups'],
    onDone: ({ change: { rolloutId } }) => {
      onClose();
      if (rolloutId !== null) void navigate({ to: '/rollouts/$id', params: { id: rolloutId } });
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={despiteFreeze ? 'Publish despite the freeze' : 'Publish now'}
      action="Publish"
      onConfirm={() => publish.mutate()}
      busy={publish.isPending}
      error={publish.error}
      dangerous={despiteFreeze}
      unfinished={despiteFreeze && reason.trim().length < leastReason}
    >
      <Text size="sm">{headline(view.preview)}</Text>
      <PlanSentences plan={view.plan} at={undefined} devices={view.preview.devices} />
      {despiteFreeze ? (
        <ReasonField
          label="Why it cannot wait"
          description="Kept with the change and in the events"
          value={reason}
          minLength={leastReason}
          onChange={setReason}
        />
      ) : null}
    </ConfirmDialog>
  );
}
