import { Button, Divider, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Proof } from '../../../../shared/api/schemas.ts';
import { call } from '../api.ts';
import { showPasskey, takesPasskeys } from '../passkey.ts';
import { queries } from '../queries.ts';
import { reauthentication } from '../reauthentication.ts';
import { Problem } from './problem.tsx';

/** Comes up by itself when the server wants the person to show once more who they are; what they did then goes on. */
export function ReauthenticationDialog() {
  const isAsked = useSyncExternalStore(reauthentication.subscribe, reauthentication.isAsked);
  useEscapeHere();
  return (
    <Modal
      opened={isAsked}
      closeOnEscape={false}
      onClose={() => reauthentication.settle(false)}
      title="Show once more that it is you"
      size="sm"
      zIndex={400}
    >
      <ProofForm />
    </Modal>
  );
}

/** Escape closes this dialog alone: in the one below it stands what was refused. Listens before any dialog of a page does. */
function useEscapeHere(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || !reauthentication.isAsked()) return;
      event.stopImmediatePropagation();
      reauthentication.settle(false);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, []);
}

function ProofForm() {
  const { data: session } = useQuery(queries.session());
  const [code, setCode] = useState('');
  const prove = useMutation({
    mutationFn: async (give: () => Promise<Proof>) => await call('reauthenticate', { body: { proof: await give() } }),
    onSuccess: () => reauthentication.settle(true),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        prove.mutate(async () => ({ code: code.trim() }));
      }}
    >
      <Stack>
        <Text size="sm">What you are about to do is dangerous in the wrong hands. It goes on as soon as you have.</Text>
        {session && takesPasskeys(session.passkeyHost) ? (
          <>
            <Button
              data-autofocus
              leftSection={<IconFingerprint size={18} />}
              loading={prove.isPending}
              onClick={() => prove.mutate(async () => ({ passkey: await showPasskey(await call('askPasskey', {})) }))}
            >
              Use a passkey
            </Button>
            <Divider label="or" />
          </>
        ) : null}
        <TextInput
          label="Code from your app"
          description="Or one of your recovery codes"
          required
          minLength={6}
          maxLength={40}
          autoComplete="one-time-code"
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {prove.error ? <Problem error={prove.error} title="That was not accepted" /> : null}
        <Button type="submit" variant="default" loading={prove.isPending}>
          Use the code
        </Button>
      </Stack>
    </form>
  );
}
