import { Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { flushSync } from 'react-dom';
import type { ScriptContent, ScriptView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { NumberField } from '../../components/number-field.tsx';
import { Panel } from '../../components/panel.tsx';
import { SaveBar } from '../../components/save-bar.tsx';
import { useAct } from '../../components/use-act.ts';
import { useEdited } from '../../components/use-edited.ts';
import { interpretersOf, scriptProblems } from '../../script-form.ts';
import { platformWords } from '../../words.ts';
import { ParametersEditor } from './parameters-editor.tsx';
import classes from './script-editor.module.css';

interface Props {
  content: ScriptContent;
  version: number;
  /** Undefined: it is being written for the first time. */
  script: ScriptView | undefined;
}

const platforms = (['linux', 'darwin', 'win32'] as const).map((value) => ({ value, label: platformWords[value] }));

/** What runs, on which system, with which parameters and limits. Saving makes a draft; nothing runs by it. */
export function ScriptEditor({ content, version, script }: Props) {
  const navigate = useNavigate();
  const edited = useEdited(content, version);
  const { value } = edited;
  const save = useAct({
    act: () =>
      script
        ? call('saveScript', { params: { id: script.id }, body: { content: value, version: Number(edited.version) } })
        : call('createScript', { body: value }),
    done: 'The draft is saved. It can be run once it is published.',
    stale: ['scripts', 'approvals'],
    onDone: (saved) => {
      // The page must know that nothing is unsaved before it is left.
      flushSync(() => edited.take(saved.content, saved.version));
      if (!script) void navigate({ to: '/scripts/$id', params: { id: saved.id } });
    },
  });
  return (
    <Stack gap="md">
      <Panel title="What it is for">
        <TextInput
          label="Name"
          required
          maxLength={120}
          value={value.name}
          onChange={(event) => edited.set({ name: event.currentTarget.value })}
        />
        <Textarea
          label="What it does, for those who run it"
          autosize
          minRows={2}
          maxLength={1000}
          value={value.description}
          onChange={(event) => edited.set({ description: event.currentTarget.value })}
        />
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          <Select
            label="System"
            value={value.platform}
            data={platforms}
            allowDeselect={false}
            onChange={(platform) => platform && edited.set({ platform, interpreter: interpretersOf[platform][0] })}
          />
          <Select
            label="Run by"
            value={value.interpreter}
            data={[...interpretersOf[value.platform]]}
            allowDeselect={false}
            onChange={(interpreter) => interpreter && edited.set({ interpreter })}
          />
          <NumberField
            label="Time limit"
            suffix=" s"
            value={value.timeoutSeconds}
            onChange={(timeoutSeconds) => edited.set({ timeoutSeconds })}
          />
          <NumberField
            label="Output at most"
            suffix=" B"
            value={value.outputBytes}
            onChange={(outputBytes) => edited.set({ outputBytes })}
          />
        </SimpleGrid>
      </Panel>
      <Panel title="Script" note="Parameters come as environment variables of their names, never as part of the text.">
        <Textarea
          aria-label="Script"
          classNames={{ input: classes.source ?? '' }}
          autosize
          minRows={10}
          maxRows={30}
          maxLength={65_536}
          spellCheck={false}
          value={value.source}
          onChange={(event) => edited.set({ source: event.currentTarget.value })}
        />
      </Panel>
      <ParametersEditor parameters={value.parameters} onChange={(parameters) => edited.set({ parameters })} />
      <SaveBar
        edited={edited}
        problems={edited.dirty ? scriptProblems(value) : []}
        saved={script ? 'As saved' : 'Not written yet'}
        busy={save.isPending}
        error={save.error}
        onSave={() => save.mutate(undefined)}
      />
    </Stack>
  );
}
