import { NumberInput, Select, Switch, Text } from '@mantine/core';
import type { CheckRow } from '../../../../../shared/api/schemas.ts';
import type { CheckPolicy, CompliancePolicy } from '../../../../../shared/compliance/policy.ts';
import { demandOfRow, graceProblem, ruleOf, withRule } from '../../compliance-form.ts';
import { Rows } from '../../components/rows.tsx';
import { RuleDetails } from './rule-dialog.tsx';

interface Props {
  policy: CompliancePolicy;
  rows: readonly CheckRow[];
  onChange: (policy: CompliancePolicy) => void;
}

/** Every check of the library, with what the district decides about it. */
export function CheckTable({ policy, rows, onChange }: Props) {
  const set = (row: CheckRow, change: Partial<CheckPolicy>) => onChange(withRule(policy, row, change));
  return (
    <Rows
      label="Checks"
      rows={rows}
      keyOf={({ check }) => check}
      columns={[
        { title: 'Check', main: true, cell: (row) => <Title row={row} /> },
        {
          title: 'Counts',
          cell: (row) => (
            <Switch
              aria-label={`${row.title} counts`}
              checked={ruleOf(policy, row).counts}
              onChange={(event) => set(row, { counts: event.currentTarget.checked })}
            />
          ),
        },
        { title: 'Weight', cell: (row) => <Weight row={row} policy={policy} onChange={(next) => set(row, next)} /> },
        {
          title: 'School days',
          cell: (row) =>
            demandOfRow(policy, row).counts ? (
              <Grace row={row} policy={policy} onChange={(next) => set(row, next)} />
            ) : (
              '–'
            ),
        },
        {
          title: 'Whom it binds, and what it asks',
          wide: true,
          cell: (row) =>
            ruleOf(policy, row).counts ? (
              <RuleDetails row={row} rule={ruleOf(policy, row)} onChange={(next) => set(row, next)} />
            ) : (
              '–'
            ),
        },
      ]}
    />
  );
}

function Title({ row }: { row: CheckRow }) {
  return (
    <div>
      <Text fw={600} size="sm">
        {row.title}
      </Text>
      <Text size="xs" c="dimmed">
        {row.why}
      </Text>
    </div>
  );
}

interface CellProps {
  row: CheckRow;
  policy: CompliancePolicy;
  onChange: (change: Partial<CheckPolicy>) => void;
}

const weights = { critical: 'Critical', major: 'Major' } as const;

function Weight({ row, policy, onChange }: CellProps) {
  const { counts, severity } = ruleOf(policy, row);
  if (!counts) return <Text size="sm">Only informs</Text>;
  const usual = row.severity === 'critical' ? 'critical' : 'major';
  return (
    <Select
      aria-label={`Weight of ${row.title}`}
      miw={120}
      allowDeselect={false}
      value={severity ?? usual}
      data={(['critical', 'major'] as const).map((value) => ({ value, label: weights[value] }))}
      onChange={(next) => onChange({ severity: next === usual ? null : (next as CheckPolicy['severity']) })}
    />
  );
}

/** An empty field is the district's number. */
function Grace({ row, policy, onChange }: CellProps) {
  const { severity } = demandOfRow(policy, row);
  if (severity === 'critical') return <Text size="sm">None</Text>;
  const { graceDays } = ruleOf(policy, row);
  return (
    <NumberInput
      aria-label={`School days for ${row.title}`}
      w={120}
      placeholder={`${Number.isNaN(policy.graceDays) ? '' : policy.graceDays}`}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      value={graceDays ?? ''}
      error={graceDays === null ? undefined : graceProblem(graceDays)}
      onChange={(days) => onChange({ graceDays: typeof days === 'number' ? days : null })}
    />
  );
}
