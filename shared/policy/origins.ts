import type { CapabilityName } from '../profile/registry.ts';
import type { Origins } from '../profile/web-filter.ts';
import { canonicalJson } from './canonical.ts';
import type { SettingChange } from './diff.ts';
import { type Merged, settingSchemas } from './merge.ts';

/** Runs beyond this many are left out (`Origins`); the entries after them have no known origin. */
const mostRuns = 200;

/** Which profile gave which entries of a capability's list settings; settings without entries are absent. */
export function originsOf({ explanation }: Merged, capability: CapabilityName): Origins {
  return Object.fromEntries(
    explanation
      .filter((explained) => explained.capability === capability && explained.runs.length > 0)
      .map(({ setting, runs }) => [
        setting,
        runs.slice(0, mostRuns).map(({ assignment, count }) => ({ profile: assignment.profile, count })),
      ]),
  );
}

/**
 * List settings that keep their entries, some of which come from another profile now: devices are told, for the person
 * reads there which profile blocks a name.
 */
export function diffOrigins(before: Merged, after: Merged, capability: CapabilityName): SettingChange[] {
  const [old, now] = [originsOf(before, capability), originsOf(after, capability)];
  const [was, is] = [before.settings[capability], after.settings[capability]] as Record<string, unknown>[];
  const same = (a: unknown, b: unknown) => canonicalJson(a ?? null) === canonicalJson(b ?? null);
  return Object.entries(settingSchemas(capability))
    .filter(([setting]) => same(was?.[setting], is?.[setting]) && !same(old[setting], now[setting]))
    .map(([setting, { title }]) => ({
      capability,
      setting: `${setting} origins`,
      title: `${title}: the profile that gives them`,
      before: inWords(old[setting]),
      after: inWords(now[setting]),
    }));
}

function inWords(runs: Origins[string] = []): string[] {
  return runs.map(({ profile, count }) => `${profile} (${count})`);
}
