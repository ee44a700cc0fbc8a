import type { Assignment } from '../../shared/policy/assignment.ts';
import { type Merged, mergeSettings } from '../../shared/policy/merge.ts';
import { resolveScope } from '../../shared/policy/resolve.ts';
import type { DesiredChanges, DeviceDesired, SignedState } from '../store/desired.ts';
import type { FilterContext } from './filter-context.ts';
import type { RestrictionOf } from './restriction-of.ts';
import { buildState, type StateContent } from './sections.ts';
import type { ManagedDevice } from './subjects.ts';

/** What one device should hold. */
export interface Decision {
  device: ManagedDevice;
  content: StateContent;
  scope: string[];
}

/** Largest content of a section (`Section` in `shared/protocol/messages.ts`). */
const largestSection = 1_000_000;

/**
 * Decides for each device; devices reached by the same profiles in the same context share one content, so few states are
 * built for many devices. `tooLarge` are devices whose sections no frame could carry: they keep what they hold.
 */
export function decideStates(
  devices: readonly ManagedDevice[],
  assignments: readonly Assignment[],
  lastKnown: (deviceId: string) => readonly string[],
  contextOf: (device: ManagedDevice) => FilterContext,
  restrictionOf: RestrictionOf = () => undefined,
): { decisions: Decision[]; tooLarge: string[] } {
  const mergedOf = oncePerReach((merged) => merged);
  const contentOf = oncePerContext();
  const decided = devices.map((device) => {
    const { reaching, scope } = resolveScope({
      subject: device.subject,
      assignments,
      lastKnown: lastKnown(device.id),
      restriction: restrictionOf(device),
    });
    return { device, content: contentOf(mergedOf(reaching), contextOf(device)), scope };
  });
  const [decisions, rest] = [true, false].map((fit) => decided.filter(({ content }) => fits(content) === fit));
  return { decisions: decisions ?? [], tooLarge: (rest ?? []).map(({ device }) => device.id) };
}

/** Merges and builds once for each distinct ordered list of profiles that reach a device. */
export function oncePerReach<T>(build: (merged: Merged) => T): (reaching: readonly Assignment[]) => T {
  const built = new Map<string, { value: T }>();
  return (reaching) => {
    const key = reaching
      .map(({ profileId, revision, restriction = '' }) => `${profileId} ${revision} ${restriction}`)
      .join('\n');
    const known = built.get(key);
    if (known) return known.value;
    const value = build(mergeSettings(reaching));
    built.set(key, { value });
    return value;
  };
}

function oncePerContext(): typeof buildState {
  const built = new Map<Merged, Map<string, StateContent>>();
  return (merged, context) => {
    const known = built.get(merged) ?? new Map<string, StateContent>();
    built.set(merged, known);
    const content = known.get(context.key) ?? buildState(merged, context);
    known.set(context.key, content);
    return content;
  };
}

function fits(content: StateContent): boolean {
  return content.contents.values().every((text) => text.length <= largestSection);
}

interface SigningRound {
  decisions: readonly Decision[];
  previous: ReadonlyMap<string, DeviceDesired>;
  /** Content hash → newest generation signed with it. */
  newest: ReadonlyMap<string, number>;
  /** Generations signed with a key that is no longer in use. */
  retired: ReadonlySet<number>;
  /** Device → a generation it says it holds. */
  held: ReadonlyMap<string, number>;
  now: number;
  /** Signs the content with the next generation. */
  mint: (content: StateContent) => SignedState;
}

/**
 * Gives every device whose content or signing key differs a generation later than the one it holds: an existing one of that content
 * where there is one, else one new signature for all devices of that content.
 */
export function assignGenerations(round: SigningRound): DesiredChanges & { changed: string[] } {
  const newest = new Map(round.newest);
  const states: SignedState[] = [];
  const sections = new Map<string, string>();
  const devices: DeviceDesired[] = [];
  const changed: string[] = [];
  for (const { device, content, scope } of round.decisions) {
    const before = round.previous.get(device.id);
    const holds = Math.max(before?.generation ?? 0, round.held.get(device.id) ?? 0);
    const isSound = before !== undefined && before.generation >= holds && !round.retired.has(before.generation);
    if (isSound && before.contentHash === content.hash) {
      if (!sameScope(before.scope, scope)) devices.push({ ...before, scope });
      continue;
    }
    if ((newest.get(content.hash) ?? 0) <= holds) {
      const state = round.mint(content);
      states.push(state);
      newest.set(content.hash, state.generation);
      for (const [hash, text] of content.contents) sections.set(hash, text);
    }
    const generation = newest.get(content.hash) ?? 0;
    devices.push({ deviceId: device.id, generation, contentHash: content.hash, scope, since: round.now });
    changed.push(device.id);
  }
  return { sections, states, devices, removed: [], changed };
}

function sameScope(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}
