import { Text } from '@mantine/core';
import { gateTitles } from '../../../../../shared/policy/rollout-gates.ts';
import type { RolloutPlan } from '../../../../../shared/policy/rollout-plan.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { ringWords, schoolHours } from '../../rollout-words.ts';
import { capital, count } from '../../words.ts';
import { PlanSentences } from './plan-sentences.tsx';

interface Props {
  plan: RolloutPlan | null;
  publishAt: string | null;
  publishedAt: string | null;
  devices: number;
}

/** How a change goes out, in sentences and ring by ring. */
export function PlanPanel({ plan, publishAt, publishedAt, devices }: Props) {
  const begin = publishedAt ?? publishAt;
  return (
    <Panel title="How it goes out">
      <PlanSentences plan={plan} at={begin === null ? undefined : Date.parse(begin)} devices={devices} />
      {plan === null ? null : <PlanDetails plan={plan} />}
    </Panel>
  );
}

/** Every part of a plan, by name, for who asks. */
export function PlanDetails({ plan }: { plan: RolloutPlan }) {
  return (
    <details>
      <summary>
        <Text span size="sm" fw={600}>
          {count(plan.rings.length, 'ring')}, {plan.gates.length === 0 ? 'no gates' : count(plan.gates.length, 'gate')}
        </Text>
      </summary>
      <PlanFacts plan={plan} />
    </details>
  );
}

function PlanFacts({ plan }: { plan: RolloutPlan }) {
  const rings = plan.rings.map(
    (ring, place) =>
      [
        `Ring ${place + 1}: ${capital(ringWords(ring))}`,
        ring.soakHours > 0 ? `watched for ${schoolHours(ring.soakHours)}` : 'not watched any longer',
      ] as const,
  );
  const gates = plan.gates.map(
    ({ gate, tolerance }) => [gateTitles[gate], `halts when more than ${shareWords(tolerance)} get worse`] as const,
  );
  return (
    <Facts
      facts={[
        ...rings,
        ...gates,
        ['Enough to judge a ring', count(plan.enough, 'device')],
        [
          'When too few answer',
          `waits ${schoolHours(plan.patienceHours)} more, then ${plan.whenSilent === 'pause' ? 'waits for a person' : 'goes on'}`,
        ],
        ['When it halts', plan.onHalt === 'return' ? 'those who have it go back' : 'those who have it keep it'],
      ]}
    />
  );
}

const shareWords = (tolerance: number) => `${(tolerance * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`;
