import { Button, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChangePreview, PublishingSettings } from '../../../../../shared/api/schemas.ts';
import type { RolloutPlan } from '../../../../../shared/policy/rollout-plan.ts';
import { call } from '../../api.ts';
import { InstantField } from '../../components/instant-field.tsx';
import { LeaveGuard } from '../../components/leave-guard.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';
import { useNow } from '../../components/when.tsx';
import { planProblems } from '../../plan-form.ts';
import { reviewQueries } from '../../review-queries.ts';
import { list } from '../../rollout-words.ts';
import type { DraftItem } from './draft-items.ts';
import { PlanEditor } from './plan-editor.tsx';
import { PlanSentences } from './plan-sentences.tsx';

type PlanChoice = 'usual' | 'at-once' | 'own';

interface Form {
  title: string;
  note: string;
  choice: PlanChoice;
  /** Its own plan; undefined until it is asked for. */
  own: RolloutPlan | undefined;
  scheduled: boolean;
  publishAt: string | undefined;
}

interface Props {
  items: readonly DraftItem[];
  preview: ChangePreview | undefined;
}

/** Freezes the drafts as a change, with how and when it goes out. */
export function ProposeForm({ items, preview }: Props) {
  const [form, setForm] = useState<Form>({
    ...{ title: `Change of ${list(items.map(({ name }) => name))}`.slice(0, 200), note: '' },
    ...{ choice: 'usual', own: undefined, scheduled: false, publishAt: undefined },
  });
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }));
  const settings = useQuery(reviewQueries.publishing()).data?.settings;
  const navigate = useNavigate();
  const propose = useAct({
    act: () => call('proposeChange', { body: bodyOf(form, items) }),
    done: 'The change is proposed.',
    stale: ['changes', 'profile', 'profiles', 'groups'],
    onDone: ({ change: { id } }) => void navigate({ to: '/changes/$id', params: { id }, ignoreBlocker: true }),
  });
  const now = useNow();
  const problem = problemOf(form, preview, now);
  return (
    <Panel title="Propose it" note="Frozen as it is now, to be approved where that is needed, and published.">
      <TextInput
        label="Title"
        description="What it is for, as others will look for it"
        required
        maxLength={200}
        value={form.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <Textarea
        label="Note"
        description="Why, for those who review it; it stands in the history of revisions."
        autosize
        minRows={2}
        maxRows={8}
        maxLength={500}
        value={form.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
      <How form={form} settings={settings} devices={preview?.devices} onChange={set} />
      <Timing form={form} now={now} onChange={set} />
      {propose.error ? <Problem error={propose.error} title="Nothing was proposed" /> : null}
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" role="status">
          {problem ?? 'Devices that are off-line change when they come back.'}
        </Text>
        <Button disabled={problem !== undefined} loading={propose.isPending} onClick={() => propose.mutate()}>
          Propose
        </Button>
      </Group>
      <LeaveGuard
        dirty={!propose.isSuccess && (form.note !== '' || form.own !== undefined)}
        keptOnPage
        lost="The change has not been proposed. The drafts stay."
      />
    </Panel>
  );
}

function bodyOf({ title, note, choice, own, scheduled, publishAt }: Form, items: readonly DraftItem[]) {
  return {
    title: title.trim(),
    note: note.trim(),
    items: items.map(({ change: { kind, id }, version }) => ({ kind, id, version })),
    ...(choice === 'usual' ? {} : { plan: choice === 'own' && own ? own : null }),
    publishAt: scheduled && publishAt !== undefined ? publishAt : null,
  };
}

function problemOf(form: Form, preview: ChangePreview | undefined, now: number): string | undefined {
  if (!preview) return 'It is being worked out who changes.';
  if (preview.problems.length > 0) return 'It cannot be published as it is.';
  if (form.title.trim() === '') return 'Give it a title.';
  if (form.choice === 'own' && form.own) {
    const [problem] = planProblems(form.own);
    if (problem !== undefined) return problem;
  }
  if (!form.scheduled) return undefined;
  if (form.publishAt === undefined) return 'Say when it shall go out.';
  return Date.parse(form.publishAt) <= now ? 'The time at which it shall go out is over.' : undefined;
}

interface PartProps {
  form: Form;
  onChange: (change: Partial<Form>) => void;
}

function How({
  form,
  settings,
  devices,
  onChange,
}: PartProps & { settings: PublishingSettings | undefined; devices: number | undefined }) {
  const few = settings !== undefined && devices !== undefined && devices < settings.fewDevices;
  const usual = few ? null : settings?.plan;
  const plan = form.choice === 'own' ? form.own : form.choice === 'at-once' ? null : usual;
  const choose = (choice: string) =>
    onChange({ choice: choice as PlanChoice, own: choice === 'own' ? (form.own ?? settings?.plan) : form.own });
  return (
    <Stack gap="sm">
      <Radio.Group label="How it goes out" value={form.choice} onChange={choose}>
        <Stack gap={8} mt={6}>
          <Radio
            value="usual"
            label="As usual"
            description={
              few
                ? `Fewer than ${settings.fewDevices} devices change, so it goes to all of them at once.`
                : 'By the plan of the publishing settings'
            }
          />
          <Radio value="at-once" label="To everybody at once" description="Nothing is watched, and nothing halts it." />
          <Radio value="own" label="By a plan of its own" disabled={settings === undefined} />
        </Stack>
      </Radio.Group>
      {form.choice === 'own' && form.own ? <PlanEditor plan={form.own} onChange={(own) => onChange({ own })} /> : null}
      {devices === undefined || plan === undefined || (plan !== null && planProblems(plan).length > 0) ? null : (
        <PlanSentences
          plan={plan}
          at={form.scheduled && form.publishAt !== undefined ? Date.parse(form.publishAt) : undefined}
          devices={devices}
        />
      )}
    </Stack>
  );
}

function Timing({ form, now, onChange }: PartProps & { now: number }) {
  const past = form.publishAt !== undefined && Date.parse(form.publishAt) <= now;
  return (
    <Stack gap="sm">
      <Radio.Group
        label="When"
        value={form.scheduled ? 'at' : 'by-hand'}
        onChange={(value) => onChange({ scheduled: value === 'at' })}
      >
        <Stack gap={8} mt={6}>
          <Radio value="by-hand" label="When somebody publishes it" />
          <Radio value="at" label="By itself at a time, when it has what it needs by then" />
        </Stack>
      </Radio.Group>
      {form.scheduled ? (
        <InstantField
          label="Date and time"
          value={form.publishAt}
          error={past ? 'That is over.' : undefined}
          onChange={(publishAt) => onChange({ publishAt })}
        />
      ) : null}
    </Stack>
  );
}
