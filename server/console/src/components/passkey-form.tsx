import { Button, Stack, Text, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api.ts';
import { makePasskey } from '../passkey.ts';
import { Problem } from './problem.tsx';

/** Names a passkey and has the browser make it. */
export function PasskeyForm({ onAdded }: { onAdded: (recoveryCodes: string[] | null) => void }) {
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: async () => {
      const body = await makePasskey(await call('newPasskey', {}), name.trim() || 'Passkey');
      return await call('addPasskey', { body });
    },
    onSuccess: ({ recoveryCodes }) => onAdded(recoveryCodes),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="Name of the passkey"
          description="By which you will know it again, such as “work laptop”"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {add.error ? <Problem error={add.error} title="The passkey was not made" /> : null}
        <Button type="submit" leftSection={<IconFingerprint size={18} />} loading={add.isPending}>
          Make a passkey
        </Button>
        <Text size="xs" c="dimmed">
          Where your browser warns about this page’s certificate it refuses passkeys: use a code app there.
        </Text>
      </Stack>
    </form>
  );
}
