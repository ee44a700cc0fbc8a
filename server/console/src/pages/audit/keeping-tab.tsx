import { SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AuditSettings } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { auditQueries } from '../../audit-queries.ts';
import { Loaded } from '../../components/loaded.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Panel } from '../../components/panel.tsx';
import { SaveBar } from '../../components/save-bar.tsx';
import { useAct } from '../../components/use-act.ts';
import { useEdited } from '../../components/use-edited.ts';
import { Leavers } from './leavers.tsx';

const limits = {
  keptDays: { least: 30, most: 3650, words: 'Days that names are kept' },
  exportFilesPerDay: { least: 1, most: 1000, words: 'Files a day' },
  exportRowsPerDay: { least: 100, most: 10_000_000, words: 'Rows a day' },
} as const;

/** How long names are kept, what may be taken away, and who has left. */
export function KeepingTab() {
  const settings = useQuery(auditQueries.settings());
  return (
    <Stack gap="md">
      <Loaded query={settings}>{(saved) => <Editor saved={saved} />}</Loaded>
      <Leavers />
    </Stack>
  );
}

function Editor({ saved }: { saved: { settings: AuditSettings; version: number } }) {
  const edited = useEdited(saved.settings, saved.version);
  const save = useAct({
    act: (_: undefined) =>
      call('saveAuditSettings', { body: { settings: edited.value, version: Number(edited.version) } }),
    done: 'Saved.',
    stale: [],
    onDone: (given) => edited.take(given.settings, given.version),
  });
  const { keptDays, exportFilesPerDay, exportRowsPerDay } = edited.value;
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
        <Panel
          title="How long it names people"
          note="Rows stay for ever; what they say of people goes, and the proof holds."
        >
          <NumberField
            label={limits.keptDays.words}
            value={keptDays}
            suffix=" days"
            onChange={(next) => edited.set({ keptDays: next })}
          />
        </Panel>
        <Panel title="What anybody may export" note="Lists, histories and the audit together, each day (UTC).">
          <NumberField
            label={limits.exportFilesPerDay.words}
            value={exportFilesPerDay}
            onChange={(next) => edited.set({ exportFilesPerDay: next })}
          />
          <NumberField
            label={limits.exportRowsPerDay.words}
            value={exportRowsPerDay}
            onChange={(next) => edited.set({ exportRowsPerDay: next })}
          />
        </Panel>
      </SimpleGrid>
      <SaveBar
        edited={edited}
        problems={problemsOf(edited.value)}
        saved="Saved"
        busy={save.isPending}
        error={save.error}
        onSave={() => save.mutate(undefined)}
      />
    </>
  );
}

function problemsOf(settings: AuditSettings): string[] {
  return (Object.keys(limits) as (keyof AuditSettings)[])
    .filter((name) => !(settings[name] >= limits[name].least && settings[name] <= limits[name].most))
    .map((name) => {
      const { words, least, most } = limits[name];
      return `${words}: from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}.`;
    });
}
