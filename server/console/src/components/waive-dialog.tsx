import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { WaiverInput } from '../../../../shared/api/schemas.ts';
import { call } from '../api.ts';
import { endOfDay, waiverDays, waiverProblem } from '../compliance-form.ts';
import { untilDay } from '../words.ts';
import { May } from './may.tsx';
import { Problem } from './problem.tsx';
import { ReasonField } from './reason-field.tsx';
import { useAct } from './use-act.ts';
import { useNow } from './when.tsx';

/** Whom a waiver may be for, by name; the first is proposed. */
export type WaiverTargets = readonly { kind: WaiverInput['target']['kind']; id: string; words: string }[];

/** How a person is offered among them. */
export const everyDeviceOf = (name: string) => `${name}, on every device they hold`;

interface Props {
  check: string;
  title: string;
  targets: WaiverTargets;
}

/** Lets a failing check pass until a day. */
export function WaiveCheck(props: Props) {
  const [opened, dialog] = useDisclosure();
  return (
    <>
      <May call="createWaiver">
        <Button size="compact-sm" variant="default" aria-label={`Waive ${props.title}`} onClick={dialog.open}>
          Waive…
        </Button>
      </May>
      <Modal opened={opened} onClose={dialog.close} title={`Waive: ${props.title}`}>
        <Form {...props} onClose={dialog.close} />
      </Modal>
    </>
  );
}

function Form({ check, title, targets, onClose }: Props & { onClose: () => void }) {
  const now = useNow();
  const days = waiverDays(now);
  const [what, setWhat] = useState<'one' | 'every'>('one');
  const [chosen, setChosen] = useState(targets[0]?.id ?? '');
  const [date, setDate] = useState(days.usual);
  const [reason, setReason] = useState('');
  const target = targets.find(({ id }) => id === chosen) ?? targets[0];
  const problem = waiverProblem(date, { reason }, now);
  const create = useAct({
    act: (body: WaiverInput) => call('createWaiver', { body }),
    done: ({ checkTitle, until }) => `${checkTitle} is waived ${untilDay(until, Date.now())}.`,
    stale: ['waivers', 'device', 'devices', 'people', 'overview'],
    onDone: onClose,
  });
  const send = () => {
    const until = endOfDay(date);
    if (problem || !until || !target) return;
    const { kind, id } = target;
    create.mutate({ check: what === 'one' ? check : null, target: { kind, id }, reason: reason.trim(), until });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          A failure that is waived does not make anybody fail. It stays in sight, and ends by itself.
        </Text>
        <Select
          label="What"
          allowDeselect={false}
          value={what}
          data={[
            { value: 'one', label: title },
            { value: 'every', label: 'Every check' },
          ]}
          onChange={(next) => next && setWhat(next as 'one' | 'every')}
        />
        <Select
          label="For"
          allowDeselect={false}
          value={target?.id ?? null}
          data={targets.map(({ id, words }) => ({ value: id, label: words }))}
          onChange={(next) => next && setChosen(next)}
        />
        <TextInput
          type="date"
          label="Until the end of"
          required
          min={days.first}
          max={days.last}
          value={date}
          onChange={(event) => setDate(event.currentTarget.value)}
        />
        <ReasonField description="Kept in the events" value={reason} onChange={setReason} />
        {create.error ? <Problem error={create.error} title="Nothing was waived" /> : null}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed" role="status">
            {problem ?? 'It ends by itself.'}
          </Text>
          <Group gap="xs" ml="auto">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={problem !== undefined} loading={create.isPending}>
              Waive
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
