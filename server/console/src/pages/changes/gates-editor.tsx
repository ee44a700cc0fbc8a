import { Stack, Switch, Text, Title } from '@mantine/core';
import { gateTitles } from '../../../../../shared/policy/rollout-gates.ts';
import { gateNames, type RolloutPlan } from '../../../../../shared/policy/rollout-plan.ts';
import { NumberField } from '../../components/number-field.tsx';
import { withGate } from '../../plan-form.ts';
import { gateFaults } from '../../rollout-words.ts';
import { capital } from '../../words.ts';
import classes from './gates-editor.module.css';

const usualTolerance = 0.02;

interface Props {
  plan: RolloutPlan;
  onChange: (plan: RolloutPlan) => void;
}

/** What is watched, and how much worse it may become. */
export function GatesEditor({ plan, onChange }: Props) {
  return (
    <Stack gap="xs">
      <div>
        <Title order={3}>Gates</Title>
        <Text size="sm" c="dimmed">
          Each device is compared with itself before. It halts when more of them than this have become worse.
        </Text>
      </div>
      <ul className={classes.gates}>
        {gateNames.map((gate) => {
          const title = gateTitles[gate];
          const tolerance = plan.gates.find((one) => one.gate === gate)?.tolerance;
          return (
            <li key={gate}>
              <Switch
                label={title}
                description={`${capital(gateFaults[gate])}.`}
                checked={tolerance !== undefined}
                onChange={(event) =>
                  onChange(withGate(plan, gate, event.currentTarget.checked ? usualTolerance : undefined))
                }
              />
              {tolerance === undefined ? null : (
                <NumberField
                  aria-label={`${title}: tolerance`}
                  suffix=" %"
                  decimalScale={1}
                  w={110}
                  value={Math.round(tolerance * 1000) / 10}
                  onChange={(percent) => onChange(withGate(plan, gate, percent / 100))}
                />
              )}
            </li>
          );
        })}
      </ul>
    </Stack>
  );
}
