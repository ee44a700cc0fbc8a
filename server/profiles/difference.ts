import { diffSettings, type SettingChange } from '../../shared/policy/diff.ts';
import type { Merged } from '../../shared/policy/merge.ts';
import { diffOrigins } from '../../shared/policy/origins.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { type RecordingCap, withinCap } from '../filter/state-preset.ts';
import type { Policy } from './policy.ts';
import { keysOf, numbering, oncePerReach, type Resolved, scopeOf } from './resolving.ts';
import type { ManagedDevice } from './subjects.ts';

/** Devices that the policy cannot tell apart, neither as it is nor as it would be. */
export interface DeviceGroup {
  devices: ManagedDevice[];
  before: Resolved;
  after: Resolved;
  /** Empty when nothing changes for them. */
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

/** What is done between two pauses, in looks at a device; to resolve a group costs as much as so many of them. */
const atOnce = 2_000;
const groupCost = 40;

/** Resolves every device twice, as a publication would, and compares: each distinct device once. */
export async function differenceOf({ devices, before, after, capOf, ...rest }: Question): Promise<Difference> {
  const { lastKnown, pause } = rest;
  const keyOf = keysOf([before, after]);
  const [numberOf, resolve] = [numbering(), onceMerged()];
  const diff = oncePerPair(diffMerged);
  const groups = new Map<string, DeviceGroup>();
  const changed: ChangedDevice[] = [];
  let work = 0;
  for (const device of devices) {
    const [known, cap] = [lastKnown(device.id), capOf(device)];
    const versions = { before: before.of(device.id), after: after.of(device.id) };
    const key = `${numberOf(versions.before)} ${numberOf(versions.after)} ${numberOf(cap)} ${keyOf(device, known)}`;
    let group = groups.get(key);
    if (!group) {
      const [old, now] = [resolve(device, versions.before, known), resolve(device, versions.after, known)];
      group = { devices: [], before: old, after: now, changes: diff(old.merged, now.merged, cap) };
      groups.set(key, group);
      work += groupCost;
    }
    group.devices.push(device);
    if (group.changes.length > 0) changed.push({ device, changes: group.changes });
    work += 1;
    if (work >= atOnce) {
      await pause();
      work = 0;
    }
  }
  return { groups: [...groups.values()], changed };
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
