import { Alert, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { RestrictionHold } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { TextLink } from '../../components/links.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { reasonProblem } from '../../override-form.ts';
import { actorWords, count } from '../../words.ts';

type Action = 'hold' | 'confirm';
const shown = 5;

/** Whether new restrictions are held back, and what a person can decide about that. */
export function HoldPanel({ hold }: { hold: RestrictionHold }) {
  const [asked, setAsked] = useState<Action>();
  return (
    <>
      {hold.held ? (
        <Held hold={hold} held={hold.held} onAsk={setAsked} />
      ) : (
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed">
            {hold.open === 0 ? 'No device is' : count(hold.open, 'device is', 'devices are')} restricted now. Should
            more than {hold.brake} be due within an hour, all of them wait until somebody has looked.
          </Text>
          <Button size="xs" variant="default" onClick={() => setAsked('hold')}>
            Hold new ones back…
          </Button>
        </Group>
      )}
      <DecideDialog action={asked} hold={hold} onClose={() => setAsked(undefined)} />
    </>
  );
}

interface HeldProps {
  hold: RestrictionHold;
  held: NonNullable<RestrictionHold['held']>;
  onAsk: (action: Action) => void;
}

function Held({ hold: { waiting, sample }, held, onAsk }: HeldProps) {
  const more = waiting - Math.min(shown, sample.length);
  return (
    <Alert variant="default" role="alert" icon={<IconHandStop color="var(--verdict-noncompliant)" />}>
      <Stack gap="xs" align="flex-start">
        <Title order={2} size="sm">
          {waiting === 0
            ? 'New restrictions are held back'
            : `${count(waiting, 'device waits', 'devices wait')} to be restricted`}
        </Title>
        <Text size="sm">{held.reason}</Text>
        <Text size="xs" c="dimmed" component="div">
          Held by {actorWords(held.by)}, <When at={held.since} as="moment" />
        </Text>
        {sample.length > 0 ? (
          <List size="sm">
            {sample.slice(0, shown).map(({ device, reason }) => (
              <List.Item key={device.id}>
                <TextLink to="/devices/$id" params={{ id: device.id }}>
                  {device.name}
                </TextLink>
                : {reason}
              </List.Item>
            ))}
            {more > 0 ? <List.Item>and {more.toLocaleString('en')} more</List.Item> : null}
          </List>
        ) : null}
        <Button size="xs" variant="default" onClick={() => onAsk('confirm')}>
          {waiting === 0 ? 'Hold no longer…' : 'Let them begin…'}
        </Button>
      </Stack>
    </Alert>
  );
}

interface DecideProps {
  action: Action | undefined;
  hold: RestrictionHold;
  onClose: () => void;
}

function DecideDialog({ action, hold, onClose }: DecideProps) {
  const [reason, setReason] = useState('');
  const decide = useAct({
    act: (chosen: Action) =>
      call('decideRestrictionHold', { body: { action: chosen, reason: reason.trim(), waiting: hold.waiting } }),
    done: ({ held }) => (held ? 'New restrictions are held back.' : 'Nothing is held back any more.'),
    stale: ['restrictions', 'device', 'events'],
    onDone: () => {
      setReason('');
      onClose();
    },
  });
  const confirms = action === 'confirm';
  return (
    <ConfirmDialog
      opened={action !== undefined}
      onClose={onClose}
      title={confirms ? 'Let restrictions begin' : 'Hold new restrictions back'}
      action={confirms ? 'Let them begin' : 'Hold them back'}
      dangerous={confirms && hold.waiting > 0}
      unfinished={reasonProblem(reason) !== undefined}
      onConfirm={() => action && decide.mutate(action)}
      busy={decide.isPending}
      error={decide.error}
    >
      <Text size="sm">
        {confirms
          ? `${count(hold.waiting, 'device')} will be restricted at once, and later ones as the policy says.`
          : 'No further device is restricted until somebody lets them begin. Those that are restricted stay so, and are lifted as always.'}
      </Text>
      <ReasonField description="Kept in the events" value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
