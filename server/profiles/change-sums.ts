import type { ChangePreview } from '../../shared/api/schemas.ts';
import type { Assignment } from '../../shared/policy/assignment.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { SettingChange } from '../../shared/policy/diff.ts';
import { whyBeaten } from '../../shared/policy/explain.ts';
import { type ExplainedSetting, settingSchemas } from '../../shared/policy/merge.ts';
import { abridged, changeWords } from './change-words.ts';
import type { ChangedDevice, DeviceGroup } from './difference.ts';
import type { Resolved } from './resolving.ts';

const mostShown = 200;

/** How often each distinct change is made, the most frequent first. */
export function settingSums(groups: readonly DeviceGroup[]): ChangePreview['settings'] {
  const perList = new Map<readonly SettingChange[], number>();
  for (const { changes, devices } of groups) perList.set(changes, (perList.get(changes) ?? 0) + devices.length);
  const sums = new Tally<SettingChange>();
  for (const [changes, devices] of perList) {
    for (const change of changes) {
      const { capability, setting, before, after } = change;
      sums.add(canonicalJson([capability, setting, before, after]), devices, () => change);
    }
  }
  return sums.most(mostShown).map(({ of, count }) => ({ ...abridged(of), devices: count, words: changeWords(of) }));
}

/** How many devices change in each unit, the most first. */
export function unitSums(
  changed: readonly ChangedDevice[],
  unitOf: (device: ChangedDevice['device']) => string,
): ChangePreview['orgs'] {
  const sums = new Tally<string>();
  for (const { device } of changed) {
    const unit = unitOf(device);
    sums.add(unit, 1, () => unit);
  }
  return sums.most(mostShown).map(({ of, count }) => ({ org: of, devices: count }));
}

interface Conflict {
  title: string;
  winner: Assignment;
  beaten: Assignment;
  why: string;
}

/**
 * Where profiles want different things of the same setting on the same device after the change: those in which a changed
 * profile takes part, and those that the change brings about.
 */
export function conflictSums(groups: readonly DeviceGroup[], ids: ReadonlySet<string>): ChangePreview['conflicts'] {
  const sums = new Tally<Conflict>();
  const isOfChange = ({ winner, beaten }: Conflict) => ids.has(winner.profileId) || ids.has(beaten.profileId);
  for (const { before, after, changes, devices } of groups) {
    const known = changes.length === 0 ? undefined : new Set(conflictsOf(before).map(conflictKey));
    for (const conflict of conflictsOf(after)) {
      const isNew = known !== undefined && !known.has(conflictKey(conflict));
      if (isNew || isOfChange(conflict)) sums.add(conflictKey(conflict), devices.length, () => conflict);
    }
  }
  return sums.most(mostShown).map(({ of: { title, winner, beaten, why }, count }) => ({
    ...{ title, winner: winner.profile, beaten: beaten.profile, devices: count },
    words: `${title}: “${winner.profile}” wins over “${beaten.profile}”; ${why}.`,
  }));
}

const conflictKey = ({ title, winner, beaten }: Conflict) => `${title}\n${winner.profileId}\n${beaten.profileId}`;

function conflictsOf({ merged, near }: Resolved): Conflict[] {
  return merged.explanation.flatMap((explained) => {
    const [winner] = explained.from;
    if (!winner) return [];
    const title = titleOf(explained);
    return explained.beaten.map((loser) => {
      const why = whyBeaten(explained, { assignment: winner, value: explained.value }, loser, near);
      return { title, winner, beaten: loser.assignment, why };
    });
  });
}

/** Settings of locked minimums that change: what was held by one, or is from then on. */
export function lockedSums(groups: readonly DeviceGroup[]): ChangePreview['locked'] {
  const sums = new Tally<{ profile: string; title: string }>();
  for (const { before, after, changes, devices } of groups) {
    const seen = new Set<string>();
    for (const change of changes) {
      for (const profile of [...lockingOf(before, change), ...lockingOf(after, change)]) {
        const key = `${profile}\n${change.title}`;
        if (!seen.has(key)) sums.add(key, devices.length, () => ({ profile, title: change.title }));
        seen.add(key);
      }
    }
  }
  return sums.most(mostShown).map(({ of, count }) => ({
    ...{ ...of, devices: count },
    words: `“${of.profile}” is a locked minimum: ${of.title} changes.`,
  }));
}

function lockingOf({ merged, reaching }: Resolved, { capability, setting }: SettingChange): string[] {
  const explained = merged.explanation.find((one) => one.capability === capability && one.setting === setting);
  const givers =
    explained?.from ?? (setting === 'managed' ? reaching.filter((one) => one.settings[capability] !== undefined) : []);
  return givers.filter(({ locked }) => locked).map(({ profile }) => profile);
}

/** Lists that would be cut because the profiles together fill them, one sentence each. */
export function cutLists(groups: readonly DeviceGroup[]): string[] {
  const sums = new Tally<string>();
  for (const { after, devices } of groups) {
    for (const explained of after.merged.explanation) {
      if (explained.dropped === 0) continue;
      const { maxItems } = settingSchemas(explained.capability)[explained.setting] ?? {};
      const words = `${titleOf(explained)}: all profiles together have more than ${maxItems} entries; the last ${explained.dropped} are left out`;
      sums.add(words, devices.length, () => words);
    }
  }
  return sums.most(mostShown).map(({ of, count }) => `${of} (${count} devices).`);
}

function titleOf({ capability, setting }: ExplainedSetting): string {
  return settingSchemas(capability)[setting]?.title ?? setting;
}

/** Counts by key, and keeps the first of each. */
class Tally<T> {
  readonly #counts = new Map<string, { of: T; count: number }>();

  add(key: string, count: number, first: () => T): void {
    const known = this.#counts.get(key);
    if (known) known.count += count;
    else this.#counts.set(key, { of: first(), count });
  }

  most(limit: number): { of: T; count: number }[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count).slice(0, limit);
  }
}
