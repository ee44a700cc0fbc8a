import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RolloutPlan } from '../../../../../shared/policy/rollout-plan.ts';
import { queries } from '../../queries.ts';
import { planWords } from '../../rollout-words.ts';
import { count } from '../../words.ts';

interface Props {
  /** `null`: to everybody at once. */
  plan: RolloutPlan | null;
  /** When it begins, epoch ms; undefined: when it is published. */
  at: number | undefined;
  devices: number;
}

/** What will happen and when, by the district's calendar. */
export function PlanSentences({ plan, at, devices }: Props) {
  const calendars = useQuery(queries.calendars());
  const calendar = calendars.data?.items.find(({ orgId }) => orgId === null)?.calendar;
  const sentences =
    plan === null
      ? [
          `It goes to ${devices === 1 ? 'the device' : `all ${count(devices, 'device')}`} at once; those that are off follow when they come back.`,
        ]
      : planWords(plan, { at, calendar });
  return <Text size="sm">{sentences.join(' ')}</Text>;
}
