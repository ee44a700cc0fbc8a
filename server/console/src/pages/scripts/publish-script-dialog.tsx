import { Text } from '@mantine/core';
import { useState } from 'react';
import type { ScriptView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useAct } from '../../components/use-act.ts';

const leastReason = 5;

/** Asks two approvers to sign the draft as it is. */
export function PublishScriptDialog({ script, onClose }: { script: ScriptView; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const publish = useAct({
    act: () => call('publishScript', { params: { id: script.id }, body: { reason: reason.trim() } }),
    done: 'The draft waits for two approvers.',
    stale: ['scripts', 'approvals'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Publish “${script.content.name}”`}
      action="Ask for the signatures"
      onConfirm={() => publish.mutate(undefined)}
      busy={publish.isPending}
      error={publish.error}
      unfinished={reason.trim().length < leastReason}
    >
      <Text size="sm">
        Two approvers sign the draft as it was saved last. A change to it afterwards needs their signatures again.
      </Text>
      <ReasonField description="Shown to the approvers" value={reason} minLength={leastReason} onChange={setReason} />
    </ConfirmDialog>
  );
}
