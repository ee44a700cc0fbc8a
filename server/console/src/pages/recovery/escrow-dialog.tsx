import { PasswordInput, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAct } from '../../components/use-act.ts';
import { passphraseAdvice, passphraseProblem } from '../../passphrase.ts';

interface Props {
  opened: boolean;
  isReplacing: boolean;
  onClose: () => void;
}

/** Asks for the passphrase of a new escrow key; what was typed is gone when it closes. */
export function EscrowDialog({ opened, ...props }: Props) {
  return opened ? <Form {...props} /> : null;
}

function Form({ isReplacing, onClose }: Omit<Props, 'opened'>) {
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [earlier, setEarlier] = useState('');
  const problem = passphraseProblem(passphrase, repeated);
  const replace = useAct({
    act: () =>
      call('replaceEscrowKey', { body: { passphrase, ...(earlier === '' ? {} : { earlierPassphrase: earlier }) } }),
    done: ({ resealed }) =>
      resealed > 0 ? `The escrow key is in use; ${resealed} keys were sealed again.` : 'The escrow key is in use.',
    stale: ['recovery'],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={isReplacing ? 'Replace the escrow key' : 'Set up the escrow key'}
      action={isReplacing ? 'Replace' : 'Set up'}
      unfinished={problem !== undefined}
      onConfirm={() => replace.mutate(undefined)}
      busy={replace.isPending}
      error={replace.error}
    >
      <Stack gap="sm">
        <Text size="sm">
          Take five words chosen by chance, for example by dice. Write them on paper for the two approvers and lock it
          away: <strong>nobody can find the passphrase again</strong>, and without it no key that was handed in can be
          read.
        </Text>
        <NewPassphrase value={passphrase} onChange={setPassphrase} />
        <PasswordInput
          label="The same again"
          required
          autoComplete="off"
          value={repeated}
          error={repeated !== '' && repeated !== passphrase ? 'This is not the same.' : undefined}
          onChange={(event) => setRepeated(event.currentTarget.value)}
        />
        {isReplacing ? (
          <PasswordInput
            label="Earlier passphrase"
            description="With it, keys handed in so far are sealed again. Without it they still need the earlier one."
            autoComplete="off"
            value={earlier}
            onChange={(event) => setEarlier(event.currentTarget.value)}
          />
        ) : null}
      </Stack>
    </ConfirmDialog>
  );
}

function NewPassphrase({ value, onChange }: { value: string; onChange: (typed: string) => void }) {
  const { strength, words, refused } = passphraseAdvice(value);
  return (
    <div>
      <PasswordInput
        data-autofocus
        label="New passphrase"
        description="16 characters or more; spaces count"
        required
        maxLength={200}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Progress mt={6} size="sm" value={strength} color={refused ? 'vermilion' : 'green'} aria-label="Strength" />
      <Text size="xs" c="dimmed" mt={4} role="status">
        {value === '' ? 'Length counts, not odd characters.' : words}
      </Text>
    </div>
  );
}
