import { SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import type { RolloutPlan } from '../../../../../shared/policy/rollout-plan.ts';
import { NumberField } from '../../components/number-field.tsx';
import { GatesEditor } from './gates-editor.tsx';
import { RingsEditor } from './rings-editor.tsx';

interface Props {
  plan: RolloutPlan;
  onChange: (plan: RolloutPlan) => void;
}

/** Rings, what is watched on them, how much is enough, and what a halt does. */
export function PlanEditor({ plan, onChange }: Props) {
  const set = (change: Partial<RolloutPlan>) => onChange({ ...plan, ...change });
  return (
    <Stack gap="lg">
      <RingsEditor plan={plan} onChange={onChange} />
      <GatesEditor plan={plan} onChange={onChange} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberField
          label="Devices that are enough"
          description="So many must have answered before a ring counts as watched; fewer when fewer are on."
          value={plan.enough}
          onChange={(enough) => set({ enough })}
        />
        <NumberField
          label="Patience"
          description="School hours after that in which too few answers are waited for."
          value={plan.patienceHours}
          decimalScale={1}
          onChange={(patienceHours) => set({ patienceHours })}
        />
        <Choice
          label="When too few have answered by then"
          value={plan.whenSilent}
          options={{ pause: 'Wait for a person', 'go-on': 'Go on all the same' }}
          onChange={(whenSilent) => set({ whenSilent })}
        />
        <Choice
          label="When it halts, those who have it"
          value={plan.onHalt}
          options={{ return: 'Go back', hold: 'Keep it' }}
          onChange={(onHalt) => set({ onHalt })}
        />
      </SimpleGrid>
    </Stack>
  );
}

interface ChoiceProps<V extends string> {
  label: string;
  value: V;
  options: Readonly<Record<V, string>>;
  onChange: (value: V) => void;
}

function Choice<V extends string>({ label, value, options, onChange }: ChoiceProps<V>) {
  const id = useId();
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id={id}>
        {label}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        fullWidth
        value={value}
        data={Object.entries<string>(options).map(([name, words]) => ({ value: name as V, label: words }))}
        onChange={onChange}
      />
    </div>
  );
}
