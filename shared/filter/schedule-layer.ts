import type { FilterSchedule } from '../profile/web-filter.ts';
import type { Decision, InForce } from './decision.ts';
import { DomainTable } from './domain-table.ts';
import { byEnd, type CategoryRule, firstHolding, givenBy, type Judge, openingJudge, stronger } from './judge.ts';
import type { Listed, ListedNames } from './listed.ts';

type Held = InForce['schedules'][number];
type GiverOf = (schedule: FilterSchedule) => string | undefined;

/**
 * What schedules say that hold now: what one of them blocks is blocked, then what one of them allows passes. `giverOf`
 * names the profile of a schedule, `blocked` are the categories that are blocked anyhow.
 */
export function scheduleJudge(
  held: readonly Held[],
  listed: Listed,
  blocked: readonly ListedNames[],
  giverOf: GiverOf,
): Judge | undefined {
  if (held.length === 0) return undefined;
  const rules = (action: FilterSchedule['action']) => {
    const these = held.filter(({ schedule }) => schedule.action === action);
    return { domains: domainRules(these, giverOf), categories: categoryRules(these, listed, giverOf) };
  };
  const block = rules('block');
  const allow = rules('allow');
  const open = openingJudge(allow.categories, blocked);
  return (name, hashes) =>
    block.domains.find(name, hashes)?.value ??
    firstHolding(block.categories, name, hashes) ??
    allow.domains.find(name, hashes)?.value ??
    open(name, hashes);
}

function domainRules(held: readonly Held[], giverOf: GiverOf): DomainTable<Decision> {
  const table = new DomainTable<Decision>();
  for (const one of held) {
    const decision = decisionOf(one, giverOf);
    for (const pattern of one.schedule.domains) table.add(pattern, decision, stronger);
  }
  return table;
}

function categoryRules(held: readonly Held[], listed: Listed, giverOf: GiverOf): CategoryRule[] {
  return held
    .flatMap((one) =>
      one.schedule.categories.flatMap((category) => {
        const names = listed.get(category);
        return names ? [{ names, decision: { ...decisionOf(one, giverOf), category } }] : [];
      }),
    )
    .sort(byEnd);
}

function decisionOf({ schedule, until }: Held, giverOf: GiverOf): Decision {
  return {
    action: schedule.action === 'allow' ? 'pass' : 'block',
    layer: 'schedule',
    rule: schedule.title,
    ...givenBy(giverOf(schedule)),
    ...(Number.isFinite(until) ? { until } : {}),
  };
}
