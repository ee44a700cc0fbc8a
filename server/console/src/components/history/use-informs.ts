import { useQuery } from '@tanstack/react-query';
import { policyName } from '../../../../../shared/compliance/policy.ts';
import { queries } from '../../queries.ts';

/** Whether a check only informs under the policy in force; until that is known every check is taken to count. */
export function useInforms(): (check: string) => boolean {
  const checks = useQuery({ ...queries.checks(), staleTime: 300_000 });
  const informing = new Set(checks.data?.items.filter(({ demand }) => !demand.counts).map(({ check }) => check));
  return (check) => informing.has(policyName(check));
}
