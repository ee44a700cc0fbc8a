import { Button, Code, Group, Image, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api.ts';
import { Loaded } from './loaded.tsx';
import { Problem } from './problem.tsx';

/** Shows the secret of a code app, and takes the first code of it. */
export function CodeAppForm({ onAdded }: { onAdded: (recoveryCodes: string[] | null) => void }) {
  const [code, setCode] = useState('');
  const offered = useQuery({
    queryKey: ['new-code-app'],
    queryFn: () => call('newCodeApp', {}),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const add = useMutation({
    mutationFn: () => call('addCodeApp', { body: { code: code.trim() } }),
    onSuccess: ({ recoveryCodes }) => onAdded(recoveryCodes),
  });
  return (
    <Loaded query={offered}>
      {({ secret, qr }) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <Stack>
            <Text size="sm">
              Scan the square with the code app on your phone (Google Authenticator, Microsoft Authenticator, Aegis, a
              password safe), or type the key into it.
            </Text>
            <Group align="flex-start" gap="md">
              <Image src={qr} alt="The key as a square code" w={168} h={168} radius="sm" bg="white" />
              <Stack gap={4} flex="1 1 160px" miw={0}>
                <Text size="xs" c="dimmed">
                  Key
                </Text>
                <Code fz="sm" aria-label="Key of the code app" style={{ overflowWrap: 'anywhere' }}>
                  {secret.replace(/(.{4})(?!$)/g, '$1 ')}
                </Code>
              </Stack>
            </Group>
            <TextInput
              label="The code it shows"
              required
              minLength={6}
              maxLength={9}
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            {add.error ? <Problem error={add.error} title="The code app was not added" /> : null}
            <Button type="submit" loading={add.isPending}>
              Use this code app
            </Button>
          </Stack>
        </form>
      )}
    </Loaded>
  );
}
