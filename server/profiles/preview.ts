import type { Preview, ProfileContent } from '../../shared/api/schemas.ts';
import type { Assignment } from '../../shared/policy/assignment.ts';
import { diffSettings, type SettingChange } from '../../shared/policy/diff.ts';
import { selectorKey } from '../../shared/policy/match.ts';
import { type Merged, settingSchemas } from '../../shared/policy/merge.ts';
import { diffOrigins } from '../../shared/policy/origins.ts';
import { resolveScope, type UnknownAnswer } from '../../shared/policy/resolve.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { type RecordingCap, withinCap } from '../filter/state-preset.ts';
import { oncePerReach } from './decide.ts';
import type { RestrictionOf } from './restriction-of.ts';
import type { ManagedDevice } from './subjects.ts';

export interface DeviceChange {
  device: ManagedDevice;
  changes: readonly SettingChange[];
}

/** The difference a draft would make, device by device, by name. */
export interface Difference {
  changed: DeviceChange[];
  unknown: { device: ManagedDevice; answers: UnknownAnswer[] }[];
  /** Lists that would be cut because the profiles together fill them, one sentence each. */
  problems: string[];
}

interface Question {
  devices: readonly ManagedDevice[];
  /** What is published now. */
  before: readonly Assignment[];
  /** The same with the draft in place of its published revision. */
  after: readonly Assignment[];
  lastKnown: (deviceId: string) => readonly string[];
  content: ProfileContent;
  /** What narrows a device, with the published revision and with the draft. */
  restrictionOf: Record<'before' | 'after', RestrictionOf>;
  /** The most that a state preset lets be recorded of a device. */
  capOf: (device: ManagedDevice) => RecordingCap | undefined;
}

export const sampleSize = 50;
export const unknownShown = 500;

/** Resolves every device twice, as a publication would, and compares. Pure. */
export function differenceOf({
  devices,
  before,
  after,
  restrictionOf,
  lastKnown,
  content,
  capOf,
}: Question): Difference {
  const merged = oncePerReach((result) => result);
  const diff = oncePerPair(diffMerged);
  const asked = new Set(content.assignments.map(({ to }) => selectorKey(to)));
  const difference: Difference = { changed: [], unknown: [], problems: [] };
  const cut = new Map<string, number>();
  for (const device of devices) {
    const question = { subject: device.subject, lastKnown: lastKnown(device.id) };
    const [old, scope] = [
      resolveScope({ ...question, assignments: before, restriction: restrictionOf.before(device) }),
      resolveScope({ ...question, assignments: after, restriction: restrictionOf.after(device) }),
    ];
    const now = merged(scope.reaching);
    const changes = diff(merged(old.reaching), now, capOf(device));
    if (changes.length > 0) difference.changed.push({ device, changes });
    const answers = scope.unknown.filter(({ selector }) => asked.has(selectorKey(selector)));
    if (answers.length > 0) difference.unknown.push({ device, answers });
    for (const words of cutLists(now)) cut.set(words, (cut.get(words) ?? 0) + 1);
  }
  difference.changed.sort((a, b) => a.device.name.localeCompare(b.device.name, 'en'));
  difference.problems = [...cut].map(([words, count]) => `${words} (${count} devices).`);
  return difference;
}

function cutLists({ explanation }: Merged): string[] {
  return explanation
    .filter(({ dropped }) => dropped > 0)
    .map(({ capability, setting, dropped }) => {
      const { title, maxItems } = settingSchemas(capability)[setting] ?? {};
      return `${title}: all profiles together have more than ${maxItems} entries; the last ${dropped} are left out`;
    });
}

type Diff = (before: Merged, after: Merged, cap: RecordingCap | undefined) => SettingChange[];

/** What a device would be told anew: settings, and which profile gives the entries of its lists. */
const diffMerged: Diff = (before, after, cap) => [
  ...diffSettings(capped(before, cap), capped(after, cap)),
  ...diffOrigins(before, after, 'webFilter'),
];

function capped({ settings }: Merged, cap: RecordingCap | undefined): ProfileSettings {
  return cap && settings.webFilter ? { ...settings, webFilter: withinCap(settings.webFilter, cap) } : settings;
}

/** Few distinct pairs of states serve many devices. */
function oncePerPair(diff: Diff): Diff {
  const known = new Map<RecordingCap | undefined, WeakMap<Merged, WeakMap<Merged, SettingChange[]>>>();
  return (before, after, cap) => {
    if (before === after) return [];
    const ofCap = known.get(cap) ?? new WeakMap<Merged, WeakMap<Merged, SettingChange[]>>();
    known.set(cap, ofCap);
    const row = ofCap.get(before) ?? new WeakMap<Merged, SettingChange[]>();
    ofCap.set(before, row);
    const changes = row.get(after) ?? diff(before, after, cap);
    row.set(after, changes);
    return changes;
  };
}

/** The difference as the console shows it: counts of everything, details of the first by name. */
export function previewOf(
  { changed, unknown, problems }: Difference,
  words: {
    person: (sourcedId: string) => string | undefined;
    unknown: (answer: UnknownAnswer, held: boolean) => string;
  },
): Preview {
  return {
    devices: changed.length,
    people: new Set(changed.flatMap(({ device }) => device.personId ?? [])).size,
    sample: changed.slice(0, sampleSize).map(({ device, changes }) => ({
      deviceId: device.id,
      deviceName: device.name,
      person: personName(device, words.person),
      changes: [...changes],
    })),
    unknown: unknown.slice(0, unknownShown).map(({ device, answers }) => ({
      deviceId: device.id,
      deviceName: device.name,
      words: answers
        .map((answer) => words.unknown(answer, device.personId !== null))
        .join(' ')
        .slice(0, 400),
    })),
    problems,
  };
}

function personName(device: ManagedDevice, nameOf: (sourcedId: string) => string | undefined): string | null {
  const { custodian } = device.subject;
  return custodian === null ? null : (nameOf(custodian.sourcedId) ?? null);
}
