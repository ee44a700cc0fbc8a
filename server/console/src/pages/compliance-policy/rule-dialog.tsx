import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { CheckRow } from '../../../../../shared/api/schemas.ts';
import type { CheckPolicy } from '../../../../../shared/compliance/policy.ts';
import { type SelectorNames, selectorWords } from '../../../../../shared/policy/words.ts';
import { ruleProblem } from '../../compliance-form.ts';
import { useSelectorNames } from '../../components/selector/use-selector-names.ts';
import { parametersOf } from '../../parameter-form.ts';
import { capital } from '../../words.ts';
import { BindsEditor } from './binds-editor.tsx';
import { ParameterFields } from './parameter-fields.tsx';

interface Props {
  row: CheckRow;
  rule: CheckPolicy;
  onChange: (change: Partial<CheckPolicy>) => void;
}

/** Whom a check binds and what it asks: in words, with a way to change both. */
export function RuleDetails({ row, rule, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const names = useSelectorNames(rule.binds ?? []);
  return (
    <>
      <Group gap="xs" justify="space-between">
        <Text size="sm">{wordsOf(row, rule, names)}</Text>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Change whom ${row.title} binds and what it asks`}
          onClick={() => setOpened(true)}
        >
          Change…
        </Button>
      </Group>
      <Modal opened={opened} onClose={() => setOpened(false)} title={row.title} size="lg">
        <RuleForm
          row={row}
          rule={rule}
          onClose={() => setOpened(false)}
          onChange={(change) => {
            onChange(change);
            setOpened(false);
          }}
        />
      </Modal>
    </>
  );
}

function RuleForm({ row, rule, onChange, onClose }: Props & { onClose: () => void }) {
  const [binds, setBinds] = useState(rule.binds ?? []);
  const [values, setValues] = useState(rule.parameters ?? {});
  const parameters = parametersOf(row);
  const problem = ruleProblem({ ...rule, binds, parameters: values }, row);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) onChange({ binds, parameters: values });
      }}
    >
      <Stack>
        <BindsEditor binds={binds} onChange={setBinds} />
        {parameters.length > 0 ? (
          <Stack gap="sm">
            <Text fw={600} size="sm">
              What it asks
            </Text>
            <ParameterFields parameters={parameters} values={values} onChange={setValues} />
          </Stack>
        ) : null}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed" role="status">
            {problem ?? 'In force when the policy is saved.'}
          </Text>
          <Group gap="xs" ml="auto">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={problem !== undefined}>
              Apply
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

/** `Students, grade 6; least free space (%) 10`. */
function wordsOf(row: CheckRow, { binds = [], parameters = {} }: CheckPolicy, names: SelectorNames): string {
  const whom = binds.length === 0 ? 'Everybody' : capital(binds.map((one) => selectorWords(one, names)).join(', '));
  const own = parametersOf(row).filter(({ name }) => parameters[name] !== undefined);
  const asks = own.map(({ name, title }) => `${title.toLowerCase()}: ${valueWords(parameters[name])}`);
  return [whom, ...asks].join('; ');
}

function valueWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' && value !== null ? `${Object.keys(value).length}` : String(value);
}
