import { createHash } from 'node:crypto';
import type { ChangePreview } from '../../shared/api/schemas.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import { type GroupContent, groupsBehind } from '../../shared/policy/group.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import type { Effect, FrozenItem } from '../store/change-records.ts';

export function effectOf(
  { devices, people, settings, locked }: ChangePreview,
  { groups, plan }: Pick<Effect, 'groups' | 'plan'>,
): Effect {
  return {
    ...{ groups, plan },
    devices,
    people,
    settings: settings
      .map(({ capability, setting, before, after }) => canonicalJson([capability, setting, before, after]))
      .sort(),
    locked: locked.map(({ profile, title }) => canonicalJson([profile, title])).sort(),
  };
}

/** Devices come and go every day: so many more, or so large a part more, are no reason to ask again. */
const devicesMore = 20;
const shareMore = 0.05;

/** Does the change do more than what was approved: something else, the same on clearly more devices, or in other rings? */
export function doesMore(approved: Effect, now: Effect): boolean {
  return (
    isBeyond(approved.settings, now.settings) ||
    isBeyond(approved.locked, now.locked) ||
    isBeyond(approved.groups, now.groups) ||
    (approved.plan !== null && canonicalJson(approved.plan) !== canonicalJson(now.plan)) ||
    now.devices > approved.devices + Math.max(devicesMore, approved.devices * shareMore)
  );
}

function isBeyond(approved: readonly string[], now: readonly string[]): boolean {
  const known = new Set(approved);
  return now.some((key) => !known.has(key));
}

/** Names what is approved: the frozen contents and their effect (SHA-256). An approval holds for one of these alone. */
export function fingerprintOf(items: readonly FrozenItem[], effect: Effect): string {
  const contents = items.map(({ kind, id, fromRevision, content }) => ({ kind, id, fromRevision, content }));
  return createHash('sha256').update(canonicalJson({ contents, effect })).digest('hex');
}

/** Published groups that these contents ask for, through whatever other group: `name revision`, sorted. */
export function groupsAsked(
  items: readonly FrozenItem[],
  published: ReadonlyMap<string, GroupContent & { revision: number }>,
): string[] {
  const names = new Set(items.flatMap(selectorsOf).flatMap((selector) => [...groupsBehind(selector, published)]));
  return [...names]
    .flatMap((name) => {
      const group = published.get(name);
      return group ? [`${name} ${group.revision}`] : [];
    })
    .sort();
}

function selectorsOf(item: FrozenItem): Selector[] {
  if (item.kind === 'profile') return item.content.assignments.map(({ to }) => to);
  return item.content.kind === 'rule' ? [item.content.selector] : [];
}
