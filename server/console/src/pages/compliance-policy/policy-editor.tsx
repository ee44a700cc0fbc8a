import { NumberInput, Stack } from '@mantine/core';
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
    },
  });
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
      <CheckTable policy={policy} rows={saved.checks} onChange={edited.set} />
      <SaveBar
        edited={edited}
        problems={policyProblems(policy, saved.checks)}
        saved="As saved"
        busy={save.isPending}
        error={save.error}
        onSave={() => save.mutate()}
      />
    </Stack>
  );
}
