import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { call } from '../../api.ts';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';
import { PasswordRules, passwordProblem } from '../entry/password-rules.tsx';

export function PasswordPanel() {
  const [changing, dialog] = useDisclosure();
  return (
    <Panel
      title="Password"
      aside={
        <Button size="xs" variant="default" onClick={dialog.open}>
          Change the password
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        It is never enough on its own. When you change it, your other sessions end.
      </Text>
      <Modal opened={changing} onClose={dialog.close} title="Change the password">
        <PasswordForm onDone={dialog.close} />
      </Modal>
    </Panel>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const form = useForm({
    initialValues: { password: '', newPassword: '', repeated: '' },
    validate: {
      newPassword: passwordProblem,
      repeated: (value, values) => (value === values.newPassword ? null : 'The two passwords differ'),
    },
  });
  const change = useAct({
    act: (body: { password: string; newPassword: string }) => call('changePassword', { body }),
    done: 'The password is changed. Your other sessions have ended.',
    stale: ['security'],
    onDone,
  });
  return (
    <form onSubmit={form.onSubmit(({ password, newPassword }) => change.mutate({ password, newPassword }))}>
      <Stack>
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          required
          {...form.getInputProps('password')}
        />
        <div>
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            required
            {...form.getInputProps('newPassword')}
          />
          <PasswordRules password={form.values.newPassword} />
        </div>
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          required
          {...form.getInputProps('repeated')}
        />
        {change.error ? <Problem error={change.error} title="The password was not changed" /> : null}
        <Button type="submit" loading={change.isPending}>
          Change it
        </Button>
      </Stack>
    </form>
  );
}
