import { Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { HelpdeskSettings } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { SaveBar } from '../../components/save-bar.tsx';
import { useAct } from '../../components/use-act.ts';
import { useEdited } from '../../components/use-edited.ts';
import { helpdeskProblems } from '../../helpdesk-form.ts';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { AutomaticPanel } from './automatic-panel.tsx';
import { FixesPanel } from './fixes-panel.tsx';
import { MailPanel } from './mail-panel.tsx';
import { ServiceLevelPanel } from './service-level-panel.tsx';

export function SettingsEditor({ saved }: { saved: HelpdeskSettings }) {
  const client = useQueryClient();
  const edited = useEdited(saved, saved.version);
  const { value } = edited;
  const save = useAct({
    act: () => call('saveHelpdeskSettings', { body: { ...value, version: Number(edited.version) } }),
    done: 'The settings are saved.',
    stale: ['tickets', 'ticket'],
    onDone: (fresh) => {
      edited.take(fresh, fresh.version);
      client.setQueryData(helpdeskQueries.settings().queryKey, fresh);
    },
  });
  return (
    <Stack gap="md">
      <ServiceLevelPanel serviceLevel={value.serviceLevel} onChange={(serviceLevel) => edited.set({ serviceLevel })} />
      <AutomaticPanel automatic={value.automatic} onChange={(automatic) => edited.set({ automatic })} />
      <MailPanel
        mail={value.mail}
        canTest={!edited.dirty && saved.mail !== null}
        onChange={(mail) => edited.set({ mail })}
      />
      <FixesPanel fixes={value.fixes} onChange={(fixes) => edited.set({ fixes })} />
      <SaveBar
        edited={edited}
        problems={helpdeskProblems(value)}
        saved="As saved"
        busy={save.isPending}
        error={save.error}
        onSave={() => save.mutate(undefined)}
      />
    </Stack>
  );
}
