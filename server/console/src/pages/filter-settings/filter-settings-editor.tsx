import { NumberInput, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { call } from '../../api.ts';
import { LinesField } from '../../components/lines-field.tsx';
import { Panel } from '../../components/panel.tsx';
import { SaveBar } from '../../components/save-bar.tsx';
import { useAct } from '../../components/use-act.ts';
import { useEdited } from '../../components/use-edited.ts';
import { queries } from '../../queries.ts';
import type { Output } from '../../request.ts';
import { CampusEditor } from './campus-editor.tsx';
import { Deletions } from './deletions.tsx';
import { PresetFields } from './preset-fields.tsx';
import { type NumberName, numberProblem, numberWords, settingsProblems, settingsSchemas } from './settings-form.ts';

export function FilterSettingsEditor({ saved }: { saved: Output<'readFilterSettings'> }) {
  const client = useQueryClient();
  const edited = useEdited(saved.settings, saved.version);
  const settings = edited.value;
  const essentialsId = useId();
  const save = useAct({
    act: () => call('saveFilterSettings', { body: { settings, version: Number(edited.version) } }),
    done: 'The settings are saved. Devices follow within moments.',
    stale: ['overview'],
    onDone: (fresh) => {
      edited.take(fresh.settings, fresh.version);
      client.setQueryData(queries.filterSettings().queryKey, fresh);
    },
  });
  const problems = settingsProblems(settings);
  const number = (name: NumberName, description: string) => (
    <NumberField
      name={name}
      description={description}
      value={settings[name]}
      onChange={(value) => edited.set({ [name]: value })}
    />
  );
  return (
    <Stack gap="md">
      <Panel
        title="Essentials"
        note="Names that no list may block and that always resolve: the district’s own sites and the sign-in pages."
      >
        <Text size="sm" fw={600} mb={2} id={essentialsId}>
          Names, each with everything below it
        </Text>
        <LinesField
          schema={{ ...settingsSchemas.essentials, 'x-example': 'lindenfield.example' }}
          labelId={essentialsId}
          value={settings.essentials}
          none="None"
          onChange={(essentials) => edited.set({ essentials })}
        />
      </Panel>
      <CampusEditor networks={settings.campus} onChange={(campus) => edited.set({ campus })} />
      <Panel title="Requests" note="What people ask for on the block page.">
        {number('requestHours', 'Requests that wait longer are marked as overdue')}
      </Panel>
      <Panel title="Records" note="How much is recorded is a setting of profiles. Here is how long it is kept.">
        {number('namesKeptDays', 'Single names that a device asked for; then they are deleted')}
        {number('countsKeptDays', 'Numbers by category and school, without names of people')}
        {number('reportThreshold', 'Reports show no number that fewer people than this stand behind')}
        <PresetFields settings={settings} onChange={edited.set} />
      </Panel>
      <Deletions />
      <SaveBar
        edited={edited}
        problems={problems}
        saved="As saved"
        busy={save.isPending}
        error={save.error}
        onSave={() => save.mutate()}
      />
    </Stack>
  );
}

interface NumberProps {
  name: NumberName;
  description: string;
  value: number;
  onChange: (value: number) => void;
}

function NumberField({ name, description, value, onChange }: NumberProps) {
  return (
    <NumberInput
      label={numberWords[name]}
      description={description}
      maw={420}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      value={value === 0 ? '' : value}
      error={numberProblem(name, value)}
      onChange={(next) => onChange(typeof next === 'number' ? next : 0)}
    />
  );
}
