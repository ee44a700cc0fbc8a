import { Button, Group, PasswordInput, Select, SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import type { HelpdeskSettings } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { NumberField } from '../../components/number-field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';
import { freshMail } from '../../helpdesk-form.ts';

type Mail = NonNullable<HelpdeskSettings['mail']>;

interface Props {
  mail: Mail | null;
  /** What is shown is what is saved. */
  canTest: boolean;
  onChange: (mail: Mail | null) => void;
}

const securities = [
  { value: 'starttls' as const, label: 'STARTTLS' },
  { value: 'tls' as const, label: 'TLS from the start' },
  { value: 'none' as const, label: 'None' },
];

/** How status and words to the person go out by e-mail. */
export function MailPanel({ mail, canTest, onChange }: Props) {
  return (
    <Panel title="E-mail" note="Status and words to the person; without it they stand on the device’s own page alone.">
      <Switch
        label="Send e-mail"
        checked={mail !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? freshMail : null)}
      />
      {mail === null ? null : <MailFields mail={mail} onChange={onChange} />}
      {mail === null ? null : <MailTest canTest={canTest} />}
    </Panel>
  );
}

function MailFields({ mail, onChange }: { mail: Mail; onChange: (mail: Mail) => void }) {
  const { password, ...rest } = mail;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <TextInput
          label="Server"
          required
          placeholder="smtp.school.example"
          maxLength={253}
          value={mail.host}
          onChange={(event) => onChange({ ...mail, host: event.currentTarget.value })}
        />
        <NumberField label="Port" value={mail.port} onChange={(port) => onChange({ ...mail, port })} />
        <Select
          label="Encryption"
          value={mail.security}
          data={securities}
          allowDeselect={false}
          onChange={(security) => security && onChange({ ...mail, security })}
        />
        <TextInput
          label="User name"
          autoComplete="off"
          maxLength={200}
          value={mail.user ?? ''}
          onChange={(event) => onChange({ ...mail, user: event.currentTarget.value || null })}
        />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          description={mail.hasPassword ? 'One is kept; leave it empty to keep it.' : 'None is kept.'}
          inputWrapperOrder={['label', 'input', 'description']}
          maxLength={500}
          value={password ?? ''}
          onChange={(event) => {
            const written = event.currentTarget.value;
            onChange(written === '' ? rest : { ...rest, password: written });
          }}
        />
        <TextInput
          label="From"
          required
          placeholder="Helpdesk <helpdesk@school.example>"
          maxLength={255}
          value={mail.from}
          onChange={(event) => onChange({ ...mail, from: event.currentTarget.value })}
        />
      </SimpleGrid>
      {mail.security === 'none' ? (
        <Text size="sm" c="var(--verdict-noncompliant-text)">
          Without encryption everybody on the way can read what is sent, and the password.
        </Text>
      ) : null}
    </>
  );
}

function MailTest({ canTest }: { canTest: boolean }) {
  const test = useAct({
    act: () => call('testHelpdeskMail', {}),
    done: 'A message was sent to your own address.',
    stale: [],
  });
  return (
    <>
      <Group gap="sm">
        <Button
          size="xs"
          variant="default"
          disabled={!canTest}
          loading={test.isPending}
          onClick={() => test.mutate(undefined)}
        >
          Send a test to myself
        </Button>
        {canTest ? null : (
          <Text size="xs" c="dimmed">
            Save first: the test is sent with the saved settings.
          </Text>
        )}
      </Group>
      {test.error ? <Problem error={test.error} title="The test was not sent" /> : null}
    </>
  );
}
