import { SimpleGrid, Stack, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api.ts';
import { NumberField } from '../../components/number-field.tsx';
import { Panel } from '../../components/panel.tsx';
import { SaveBar } from '../../components/save-bar.tsx';
import { useAct } from '../../components/use-act.ts';
import { useEdited } from '../../components/use-edited.ts';
import { publishingProblems } from '../../publishing-form.ts';
import type { Output } from '../../request.ts';
import { reviewQueries } from '../../review-queries.ts';
import { PlanEditor } from '../changes/plan-editor.tsx';
import { PlanSentences } from '../changes/plan-sentences.tsx';
import { CoSigningEditor } from './co-signing-editor.tsx';
import { FreezesEditor } from './freezes-editor.tsx';
import { WeakerSettings } from './weaker-settings.tsx';

export function PublishingEditor({ saved }: { saved: Output<'readPublishing'> }) {
  const client = useQueryClient();
  const edited = useEdited(saved.settings, saved.version);
  const settings = edited.value;
  const problems = publishingProblems(settings);
  const save = useAct({
    act: () => call('savePublishing', { body: { settings, version: Number(edited.version) } }),
    done: 'The settings are saved. They hold for what is proposed from now on.',
    stale: ['changes'],
    onDone: (fresh) => {
      edited.take(fresh.settings, fresh.version);
      client.setQueryData(reviewQueries.publishing().queryKey, { ...fresh, proposed: null });
    },
  });
  /** What was refused for it weakens something now waits for a second person. */
  const showProposed = () => void client.invalidateQueries({ queryKey: reviewQueries.publishing().queryKey });
  return (
    <Stack gap="md">
      {saved.proposed ? <WeakerSettings proposed={saved.proposed} version={saved.version} /> : null}
      <Panel
        title="A second person"
        note="A change of more than this share of all devices, and of at least so many, is approved by somebody else than its author."
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} maw={640}>
          <NumberField
            label="Share of all devices"
            suffix=" %"
            decimalScale={1}
            value={settings.approvalPercent}
            onChange={(approvalPercent) => edited.set({ approvalPercent })}
          />
          <NumberField
            label="And at least so many devices"
            value={settings.approvalLeast}
            onChange={(approvalLeast) => edited.set({ approvalLeast })}
          />
        </SimpleGrid>
      </Panel>
      <CoSigningEditor coSigning={settings.coSigning} onChange={(coSigning) => edited.set({ coSigning })} />
      <Panel title="Freezes" note="Times in which nothing is published, unless somebody says why it cannot wait.">
        <Switch
          label="Nothing is published on the freeze days of any calendar"
          checked={settings.keepCalendarFreezes}
          onChange={(event) => edited.set({ keepCalendarFreezes: event.currentTarget.checked })}
        />
        <FreezesEditor freezes={settings.freezes} onChange={(freezes) => edited.set({ freezes })} />
      </Panel>
      <Panel
        title="The usual plan"
        note={
          publishingProblems(settings).length > 0 ? null : (
            <PlanSentences plan={settings.plan} at={undefined} devices={0} />
          )
        }
      >
        <NumberField
          maw={420}
          label="Few devices"
          description="A change of fewer than these goes to all of them at once: rings of one device prove nothing."
          value={settings.fewDevices}
          onChange={(fewDevices) => edited.set({ fewDevices })}
        />
        <PlanEditor plan={settings.plan} onChange={(plan) => edited.set({ plan })} />
      </Panel>
      <SaveBar
        edited={edited}
        problems={problems}
        saved="As saved"
        busy={save.isPending}
        error={save.error}
        onSave={() => save.mutate(undefined, { onError: showProposed })}
      />
    </Stack>
  );
}
