import type { ListView, RowProblem } from '../../shared/api/schemas.ts';
import type { ListRecord, RolloutRecord } from '../store/lists.ts';
import { suspiciousShare } from './list-guards.ts';
import { listPlan } from './list-plan.ts';

/** As the console shows it: the version in force, and beside it the one on its way. */
export function viewOf(list: ListRecord, rollout: RolloutRecord | undefined): ListView {
  const { category, title, source, licence, exceptions, subscription } = list;
  const onItsWay = rollout && rollout.state !== 'rolled-back' ? rollout : undefined;
  const { names, hash, skipped, format, updatedAt } = onItsWay?.from ?? list;
  return {
    ...{ category, title, source, licence, names, hash, skipped, format, exceptions },
    updatedAt: instant(updatedAt),
    url: subscription?.url ?? null,
    refreshHours: subscription?.refreshHours ?? null,
    refreshedAt: subscription?.refreshedAt == null ? null : instant(subscription.refreshedAt),
    refreshProblem: subscription?.problem ?? null,
    rollout: onItsWay ? rolloutView(list, onItsWay) : null,
  };
}

function rolloutView({ names }: ListRecord, rollout: RolloutRecord): NonNullable<ListView['rollout']> {
  const { state, ring, added, removed, startedAt, reason } = rollout;
  const given = listPlan.rings[ring - 1];
  return {
    state: state === 'running' ? 'running' : 'halted',
    percent: given?.kind === 'percent' ? given.percent : 0,
    ...{ names, added, removed, reason },
    since: instant(startedAt),
  };
}

/** Words where a person's list is much shorter than the one it replaces. */
export function shrinkage(category: string, names: number, earlier: number): RowProblem[] {
  if (names >= earlier * suspiciousShare) return [];
  return [warning(category, `The list has ${names} names; the earlier one had ${earlier}. Was it cut short?`)];
}

export function warning(category: string, words: string): RowProblem {
  return { severity: 'warning', file: category, row: null, column: null, words };
}

const instant = (at: number) => new Date(at).toISOString();
