import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useRouter } from '@tanstack/react-router';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { queries } from '../../queries.ts';
import { EntryFrame } from './entry-frame.tsx';
import { PasswordRules, passwordProblem } from './password-rules.tsx';

const initialValues = { code: '', name: '', email: '', password: '', repeated: '' };

export function SetUpPage() {
  const session = useQuery(queries.session());
  const client = useQueryClient();
  const router = useRouter();
  const form = useForm({
    initialValues,
    validate: {
      password: passwordProblem,
      repeated: (value, values) => (value === values.password ? null : 'The two passwords differ'),
    },
  });
  const setUp = useMutation({
    mutationFn: ({ code, name, email, password }: typeof initialValues) =>
      call('setUp', { body: { code: code.trim(), name: name.trim(), email: email.trim(), password } }),
    onSuccess: async () => {
      client.clear();
      await router.navigate({ to: '/' });
    },
  });
  if (session.data && !session.data.setupNeeded) return <Navigate to="/" />;
  return (
    <EntryFrame
      title="Set up Rollcall"
      lead="Make the first administrator. This can be done once, with the code the server printed."
    >
      <form onSubmit={form.onSubmit((values) => setUp.mutate(values))}>
        <Stack>
          <TextInput
            autoFocus
            label="Set-up code"
            description="In the window where the server was started"
            required
            autoComplete="off"
            spellCheck={false}
            ff="monospace"
            {...form.getInputProps('code')}
          />
          <TextInput label="Your name" autoComplete="name" required maxLength={200} {...form.getInputProps('name')} />
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            {...form.getInputProps('email')}
          />
          <div>
            <PasswordInput label="Password" autoComplete="new-password" required {...form.getInputProps('password')} />
            <PasswordRules password={form.values.password} />
          </div>
          <PasswordInput
            label="Password again"
            autoComplete="new-password"
            required
            {...form.getInputProps('repeated')}
          />
          {setUp.error ? <Problem error={setUp.error} title="The administrator was not made" /> : null}
          <Button type="submit" size="md" loading={setUp.isPending} fullWidth>
            Make the administrator
          </Button>
          <Text size="xs" c="dimmed">
            Keep this password in a password safe: it opens every profile and device of the district.
          </Text>
        </Stack>
      </form>
    </EntryFrame>
  );
}
