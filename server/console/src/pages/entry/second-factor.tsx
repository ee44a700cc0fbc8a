import { Button, Divider, Stack, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Entering } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { showPasskey, takesPasskeys } from '../../passkey.ts';
import { EntryFrame } from './entry-frame.tsx';

interface Props {
  entering: Entering;
  passkeyHost: string;
  onDone: () => void;
  onLeave: () => void;
}

/** The second half of signing in. */
export function SecondFactor({ entering: { name, factors }, passkeyHost, onDone, onLeave }: Props) {
  const [code, setCode] = useState('');
  const prove = useMutation({
    mutationFn: async (by: 'code' | 'passkey') =>
      by === 'code'
        ? await call('proveFactor', { body: { code: code.trim() } })
        : await call('signInByPasskey', { body: await showPasskey(await call('askPasskey', {})) }),
    onSuccess: onDone,
  });
  const hasPasskey = factors.includes('passkey') && takesPasskeys(passkeyHost);
  const hasApp = factors.includes('code-app');
  return (
    <EntryFrame title="Second factor" lead={`Hello, ${name}. Show that it is you.`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          prove.mutate('code');
        }}
      >
        <Stack>
          {hasPasskey ? (
            <>
              <Button
                size="md"
                leftSection={<IconFingerprint size={20} />}
                loading={prove.isPending}
                onClick={() => prove.mutate('passkey')}
              >
                Use a passkey
              </Button>
              <Divider label="or" />
            </>
          ) : null}
          <TextInput
            label={hasApp ? 'Code from your app' : 'Recovery code'}
            description={hasApp ? 'Six digits; or one of your recovery codes' : 'One of those you kept'}
            required
            minLength={6}
            maxLength={40}
            autoFocus={!hasPasskey}
            autoComplete="one-time-code"
            spellCheck={false}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {prove.error ? <Problem error={prove.error} title="You are not signed in yet" /> : null}
          <Button type="submit" size="md" variant={hasPasskey ? 'default' : 'filled'} loading={prove.isPending}>
            Go on
          </Button>
          <Button variant="subtle" size="xs" onClick={onLeave}>
            Sign in as somebody else
          </Button>
        </Stack>
      </form>
    </EntryFrame>
  );
}
