import { createHash } from 'node:crypto';
import type { ChangePreview } from '../../shared/api/schemas.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Effect, FrozenItem } from '../store/change-records.ts';

export function effectOf({ devices, people, settings, locked }: ChangePreview): Effect {
  return {
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

/** Does the change do more than what was approved: something else, or the same on clearly more devices? */
export function doesMore(approved: Effect, now: Effect): boolean {
  return (
    isBeyond(approved.settings, now.settings) ||
    isBeyond(approved.locked, now.locked) ||
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
