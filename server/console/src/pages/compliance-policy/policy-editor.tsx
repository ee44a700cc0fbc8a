import { NumberInput, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api.ts';
import { graceProblem, policyProblems } from '../../compliance-form.ts';
import { Panel } from '../../components/panel.tsx';
import { SaveBar } from '../../components/save-bar.tsx';
import { useAct } from '../../components/use-act.ts';
import { useEdited } from '../../components/use-edited.ts';
import { queries } from '../../queries.ts';
import type { Output } from '../../request.ts';
import { CheckTable } from './check-table.tsx';
import { PreviewPanel, usePolicyPreview } from './preview-panel.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { StepsPanel } from './steps-panel.tsx';

export function PolicyEditor({ saved }: { saved: Output<'readCompliancePolicy'> }) {
  const client = useQueryClient();
  const edited = useEdited(saved.policy, saved.version);
  const policy = edited.value;
  const save = useAct({
    act: () => call('saveCompliancePolicy', { body: { policy, version: Number(edited.version) } }),
    done: 'The policy is saved. Verdicts follow within moments.',
    stale: ['overview', 'people', 'devices', 'device'],
    onDone: (fresh) => {
      edited.take(fresh.policy, fresh.version);
      client.setQueryData(queries.compliancePolicy().queryKey, fresh);
      asking.close();
    },
  });
  const problems = policyProblems(policy, saved.checks);
  const preview = usePolicyPreview(edited.dirty && problems.length === 0 ? policy : undefined);
  const [asked, asking] = useDisclosure();
  return (
    <Stack gap="md">
      <Panel
        title="Grace"
        note="Counted in school days of the calendar of the person’s school, so that no break uses it up; where there is no calendar, in weekdays. A critical failure has none."
      >
        <NumberInput
          label="School days to put a failure right"
          description="Where a check has no number of its own"
          maw={420}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={Number.isNaN(policy.graceDays) ? '' : policy.graceDays}
          error={graceProblem(policy.graceDays)}
          onChange={(days) => edited.set({ graceDays: typeof days === 'number' ? days : Number.NaN })}
        />
      </Panel>
      <StepsPanel policy={policy} onChange={edited.set} />
      <CheckTable policy={policy} rows={saved.checks} onChange={edited.set} />
      {edited.dirty && problems.length === 0 ? <PreviewPanel preview={preview} /> : null}
      <SaveBar
        edited={edited}
        problems={problems}
        saved="As saved"
        busy={save.isPending}
        error={asked ? null : save.error}
        onSave={asking.open}
      />
      <SaveDialog
        opened={asked}
        preview={preview}
        busy={save.isPending}
        error={save.error}
        onClose={asking.close}
        onSave={() => save.mutate()}
      />
    </Stack>
  );
}
