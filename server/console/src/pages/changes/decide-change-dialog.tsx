import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ChangeView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { headline } from '../../change-words.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAct } from '../../components/use-act.ts';

interface Props {
  view: ChangeView;
  decision: 'approved' | 'rejected';
  onClose: () => void;
}

/** Approves or rejects, with words that stay with the change. */
export function DecideChangeDialog({ view, decision, onClose }: Props) {
  const approves = decision === 'approved';
  const [words, setWords] = useState('');
  const decide = useAct({
    act: () =>
      call('decideChange', {
        params: { id: view.change.id },
        body: { decision, words: words.trim(), preview: view.preview.id },
      }),
    done: approves ? 'You approved the change.' : 'You rejected the change.',
    stale: ['changes', 'profile', 'profiles', 'groups'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={approves ? 'Approve the change' : 'Reject the change'}
      action={approves ? 'Approve' : 'Reject'}
      onConfirm={() => decide.mutate()}
      busy={decide.isPending}
      error={decide.error}
      dangerous={!approves}
      unfinished={!approves && words.trim() === ''}
    >
      <Text size="sm">
        {approves
          ? headline(view.preview)
          : 'It cannot be published then. The drafts stay, to be mended and proposed again.'}
      </Text>
      <Textarea
        data-autofocus
        label={approves ? 'What you looked at' : 'Why, and what would have to be otherwise'}
        required={!approves}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={1000}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
