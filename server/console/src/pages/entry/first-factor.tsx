import { Button, Divider, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CodeAppForm } from '../../components/code-app-form.tsx';
import { PasskeyForm } from '../../components/passkey-form.tsx';
import { RecoveryCodes } from '../../components/recovery-codes.tsx';
import { takesPasskeys } from '../../passkey.ts';
import { EntryFrame } from './entry-frame.tsx';

interface Props {
  name: string;
  passkeyHost: string;
  onDone: () => void;
  /** Begins anew as somebody else. */
  onLeave: () => void;
}

/** Whoever has no second factor yet gets no further without one. */
export function FirstFactor({ name, passkeyHost, onDone, onLeave }: Props) {
  const hasPasskeys = takesPasskeys(passkeyHost);
  const [wantsCodeApp, setWantsCodeApp] = useState(!hasPasskeys);
  const [codes, setCodes] = useState<string[]>();
  const added = (recoveryCodes: string[] | null) => (recoveryCodes ? setCodes(recoveryCodes) : onDone());
  if (codes)
    return (
      <EntryFrame title="Keep your recovery codes" lead="For the day you lose what you have just set up.">
        <RecoveryCodes codes={codes} onKept={onDone} />
      </EntryFrame>
    );
  return (
    <EntryFrame
      title="Protect your account"
      lead={`Welcome, ${name}. A password alone opens nothing here: add a second way to show that it is you.`}
    >
      <Stack>
        {wantsCodeApp ? <CodeAppForm onAdded={added} /> : <PasskeyForm onAdded={added} />}
        {hasPasskeys ? (
          <>
            <Divider label="or" />
            <Button variant="default" onClick={() => setWantsCodeApp(!wantsCodeApp)}>
              {wantsCodeApp ? 'Make a passkey instead' : 'Use a code app instead'}
            </Button>
          </>
        ) : (
          <Text size="xs" c="dimmed">
            Passkeys work at https://{passkeyHost} only. You can add one there later.
          </Text>
        )}
        <Button variant="subtle" size="xs" onClick={onLeave}>
          Sign in as somebody else
        </Button>
      </Stack>
    </EntryFrame>
  );
}
