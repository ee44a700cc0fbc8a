import { diffSettings, type SettingChange } from '../../shared/policy/diff.ts';
import type { Merged } from '../../shared/policy/merge.ts';
import { diffOrigins } from '../../shared/policy/origins.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { type RecordingCap, withinCap } from '../filter/state-preset.ts';
import { groupDevices, perGroup } from './device-groups.ts';
import { endings, outcomesOf, type Pair, stagesOf, withHidden } from './hidden-changes.ts';
import type { Policy } from './policy.ts';
import { keysOf, numbering, oncePerReach, type Resolved, scopeOf } from './resolving.ts';
import type { ManagedDevice } from './subjects.ts';

/** Devices that the policy cannot tell apart, neither as it is nor as it would be. */
export interface DeviceGroup {
  devices: ManagedDevice[];
  before: Resolved;
  after: Resolved;
  /** At once, or without anybody publishing anything: when an exception ends, or a rollout does. Empty: nothing ever. */
  changes: readonly SettingChange[];
}

export interface ChangedDevice {
  device: ManagedDevice;
  changes: readonly SettingChange[];
}

/** What a change would do: every device is in one group. */
export interface Difference {
  groups: DeviceGroup[];
  /** In the order of the devices. */
  changed: ChangedDevice[];
}

interface Question {
  devices: readonly ManagedDevice[];
  before: Policy;
  after: Policy;
  lastKnown: (deviceId: string) => readonly string[];
  /** The most that a state preset lets be recorded of a device. */
  capOf: (device: ManagedDevice) => RecordingCap | undefined;
  /** Waited for now and then. */
  pause: () => Promise<unknown>;
}

/**
 * Resolves every device twice, as a publication would, and compares: each distinct device once. What hides a change only
 * for a time hides it from nobody who approves it.
 */
export async function differenceOf({ devices, before, after, capOf, lastKnown, pause }: Question): Promise<Difference> {
  const keyOf = keysOf([before, after]);
  const numberOf = numbering();
  const [resolve, diff] = [onceMerged(), oncePerPair(diffMerged)];
  const [outcomes, endedBy] = [outcomesOf(before, after), endings()];
  const { groups: members, groupOf } = await groupDevices(
    devices,
    (device) =>
      `${numberOf(before.of(device.id))} ${numberOf(after.of(device.id))} ${numberOf(capOf(device))} ${keyOf(device, lastKnown(device.id))}`,
    pause,
  );
  const compared = (first: ManagedDevice, same: ManagedDevice[]): DeviceGroup => {
    const [known, cap] = [lastKnown(first.id), capOf(first)];
    const stages = (pair: Pair) => stagesOf(pair, (version) => resolve(first, version, known), endedBy);
    const [atOnce, ...later] = stages([before.of(first.id), after.of(first.id)]);
    if (!atOnce) throw new Error('a device has a first stage');
    const hidden = [...later, ...outcomes.flatMap((pair) => [...stages(pair)])];
    const changed = ([old, now]: readonly [Resolved, Resolved]) => diff(old.merged, now.merged, cap);
    return {
      ...{ devices: same, before: atOnce[0], after: atOnce[1] },
      changes: withHidden(changed(atOnce), hidden.map(changed)),
    };
  };
  const groups = await perGroup(members, compared, pause);
  await pause();
  const changed: ChangedDevice[] = [];
  for (const [index, device] of devices.entries()) {
    const { changes = [] } = groups[groupOf[index] ?? 0] ?? {};
    if (changes.length > 0) changed.push({ device, changes });
  }
  await pause();
  return { groups, changed };
}

function onceMerged(): (...asked: Parameters<typeof scopeOf>) => Resolved {
  const merged = oncePerReach((one) => one);
  return (...asked) => {
    const scope = scopeOf(...asked);
    return { ...scope, merged: merged(scope.reaching) };
  };
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

/** Few distinct pairs of states serve many groups. */
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
