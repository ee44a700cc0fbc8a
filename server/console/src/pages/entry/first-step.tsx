import { Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { Entry } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { showPasskey, takesPasskeys } from '../../passkey.ts';
import { goToProvider } from '../../provider-journey.ts';
import type { Output } from '../../request.ts';
import { EntryFrame } from './entry-frame.tsx';

interface Props {
  session: Output<'readSession'> | undefined;
  /** Where to go once signed in. */
  place: string;
  onEntry: (entry: Entry) => void;
}

/** Every way to begin: a passkey, an account at a provider, or the password. */
export function FirstStep({ session, place, onEntry }: Props) {
  const form = useForm({ initialValues: { email: '', password: '' } });
  const byPassword = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) =>
      call('signIn', { body: { email: email.trim(), password } }),
    onSuccess: onEntry,
  });
  const byPasskey = useMutation({
    mutationFn: async () => await call('signInByPasskey', { body: await showPasskey(await call('askPasskey', {})) }),
    onSuccess: onEntry,
  });
  const byProvider = useMutation({ mutationFn: (id: string) => goToProvider(id, 'sign-in', place) });
  const hasPasskeys = session !== undefined && takesPasskeys(session.passkeyHost);
  const providers = session?.providers ?? [];
  const error = byPassword.error ?? byPasskey.error ?? byProvider.error;
  return (
    <EntryFrame title="Sign in" lead={session?.district ?? 'To the console of your district.'}>
      <Stack>
        {hasPasskeys ? (
          <Button
            size="md"
            variant="default"
            leftSection={<IconFingerprint size={20} />}
            loading={byPasskey.isPending}
            onClick={() => byPasskey.mutate()}
          >
            Sign in with a passkey
          </Button>
        ) : null}
        {providers.map(({ id, name }) => (
          <Button key={id} variant="default" loading={byProvider.isPending} onClick={() => byProvider.mutate(id)}>
            Sign in with {name}
          </Button>
        ))}
        {hasPasskeys || providers.length > 0 ? <Divider label="or with your password" /> : null}
        <form onSubmit={form.onSubmit((values) => byPassword.mutate(values))}>
          <Stack>
            <TextInput
              label="E-mail address"
              type="email"
              autoComplete="username"
              required
              autoFocus
              {...form.getInputProps('email')}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              {...form.getInputProps('password')}
            />
            {error ? <Problem error={error} title="You are not signed in" /> : null}
            <Button type="submit" size="md" loading={byPassword.isPending} fullWidth>
              Sign in
            </Button>
          </Stack>
        </form>
      </Stack>
    </EntryFrame>
  );
}
