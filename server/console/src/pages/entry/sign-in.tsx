import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Navigate, useRouter } from '@tanstack/react-router';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { queries } from '../../queries.ts';
import { EntryFrame } from './entry-frame.tsx';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { return: place } = route.useSearch();
  const session = useQuery(queries.session());
  const client = useQueryClient();
  const router = useRouter();
  const form = useForm({ initialValues: { email: '', password: '' } });
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => call('signIn', { body }),
    onSuccess: async () => {
      client.clear();
      await client.fetchQuery(queries.session());
      router.history.push(place);
    },
  });
  if (session.data?.setupNeeded) return <Navigate to="/set-up" />;
  return (
    <EntryFrame title="Sign in" lead={session.data?.district ?? 'To the console of your district.'}>
      <form onSubmit={form.onSubmit((values) => signIn.mutate({ ...values, email: values.email.trim() }))}>
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
          {signIn.error ? <Problem error={signIn.error} title="You are not signed in" /> : null}
          <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
    </EntryFrame>
  );
}
