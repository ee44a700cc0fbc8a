import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ObligationInput, type ObligationKind, obligationKinds } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';
import { useNow } from '../../components/when.tsx';
import {
  type AudienceKind,
  audienceKinds,
  audienceOf,
  dueDays,
  obligationProblem,
  obligationWords,
  previewWords,
  usualTitles,
} from '../../obligation-form.ts';
import { queries } from '../../queries.ts';
import { count } from '../../words.ts';
import { AudienceField } from './audience-field.tsx';

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** Asks one person or many, and says beforehand whom. */
export function AskDialog({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Ask for something">
      <AskForm onClose={onClose} />
    </Modal>
  );
}

function AskForm({ onClose }: { onClose: () => void }) {
  const now = useNow();
  const days = dueDays(now);
  const [chosen, setChosen] = useState<AudienceKind>('role');
  const [input, setInput] = useState<ObligationInput>({
    ...{ kind: 'agreement', title: usualTitles.agreement, to: audienceOf('role'), dueOn: days.usual },
  });
  const set = (change: Partial<ObligationInput>) => setInput((before) => ({ ...before, ...change }));
  const problem = obligationProblem(input, chosen, now);
  const [asked] = useDebouncedValue(input, 300);
  const isReady = problem === undefined && obligationProblem(asked, chosen, now) === undefined;
  const preview = useQuery({ ...queries.obligationPreview(asked), enabled: isReady });
  const create = useAct({
    act: () => call('createObligations', { body: { ...input, title: input.title.trim() } }),
    done: ({ people }) => `${count(people, 'person is', 'people are')} asked.`,
    stale: ['obligations', 'people', 'overview'],
    onDone: onClose,
  });
  const found = isReady ? preview.data : undefined;
  const error = create.error ?? (isReady ? preview.error : null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (found && found.obligations > 0) create.mutate();
      }}
    >
      <Stack gap="sm">
        <Select
          label="What"
          allowDeselect={false}
          value={input.kind}
          data={obligationKinds.map((value) => ({ value, label: obligationWords[value] }))}
          onChange={(next) => next && set({ kind: next as ObligationKind, title: usualTitles[next as ObligationKind] })}
        />
        <TextInput
          label="In words"
          description="As people read it, with the year where it matters"
          required
          maxLength={200}
          value={input.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        <Select
          label="Of whom"
          allowDeselect={false}
          value={chosen}
          data={Object.entries(audienceKinds).map(([value, label]) => ({ value, label }))}
          onChange={(next) => {
            if (!next) return;
            setChosen(next as AudienceKind);
            set({ to: audienceOf(next as AudienceKind) });
          }}
        />
        <AudienceField kind={chosen} to={input.to} onChange={(to) => set({ to })} />
        <TextInput
          type="date"
          label="By the last bell of"
          description="Where there is no school on that day, of the next school day of their calendar"
          required
          min={days.first}
          max={days.last}
          value={input.dueOn}
          onChange={(event) => set({ dueOn: event.currentTarget.value })}
        />
        {error ? <Problem error={error} title="Nothing was asked" /> : null}
        <Text size="sm" role="status" aria-live="polite">
          {problem ?? (found ? `${previewWords(found)}.` : 'Counting…')}
        </Text>
        {found && found.sample.length > 0 ? (
          <Text size="xs" c="dimmed" lineClamp={3}>
            {found.sample.join(', ')}
            {found.people > found.sample.length ? ' …' : ''}
          </Text>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!found || found.obligations === 0} loading={create.isPending}>
            {found && found.people > 0 ? `Ask ${count(found.people, 'person', 'people')}` : 'Ask'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
