import type { Merged } from '../../shared/policy/merge.ts';
import type { DesiredChanges, DeviceDesired, SignedState } from '../store/desired.ts';
import type { FilterContext } from './filter-context.ts';
import type { Resolver } from './resolving.ts';
import { buildState, type StateContent } from './sections.ts';
import { Shared } from './shared.ts';
import type { ManagedDevice } from './subjects.ts';

/** What one device should hold. */
export interface Decision {
  device: ManagedDevice;
  content: StateContent;
  scope: string[];
}

/** Largest content of a section (`Section` in `shared/protocol/messages.ts`). */
const largestSection = 1_000_000;
/** Devices between two pauses. */
const atOnce = 1_000;

/**
 * Decides for each device; those that resolve the same in the same context share one content, so few states are built for
 * many devices. `tooLarge` are devices whose sections no frame could carry: they keep what they hold. `pause` is waited
 * for now and then.
 */
export async function decideStates(
  devices: readonly ManagedDevice[],
  resolve: Resolver,
  lastKnown: (deviceId: string) => readonly string[],
  contextOf: (device: ManagedDevice) => FilterContext,
  pause: () => Promise<unknown> = async () => undefined,
): Promise<{ decisions: Decision[]; tooLarge: string[] }> {
  const contentOf = oncePerContext();
  const decisions: Decision[] = [];
  const tooLarge: string[] = [];
  for (const [index, device] of devices.entries()) {
    if (index % atOnce === atOnce - 1) await pause();
    const { merged, scope } = resolve(device, lastKnown(device.id));
    const content = contentOf(merged, contextOf(device));
    if (content.fits) decisions.push({ device, content, scope });
    else tooLarge.push(device.id);
  }
  return { decisions, tooLarge };
}

type Built = StateContent & { fits: boolean };

function oncePerContext(): (merged: Merged, context: FilterContext) => Built {
  const built = new Map<Merged, Map<string, Built>>();
  return (merged, context) => {
    const known = built.get(merged) ?? new Map<string, Built>();
    built.set(merged, known);
    const content = known.get(context.key) ?? fitted(buildState(merged, context));
    known.set(context.key, content);
    return content;
  };
}

function fitted(content: StateContent): Built {
  return { ...content, fits: content.contents.values().every((text) => text.length <= largestSection) };
}

interface SigningRound {
  decisions: readonly Decision[];
  previous: ReadonlyMap<string, DeviceDesired>;
  /** Content hash → newest generation signed with it. */
  newest: ReadonlyMap<string, number>;
  /** Generations signed with a key that is no longer in use. */
  retired: ReadonlySet<number>;
  /** Section → hash of what a generation names. */
  sectionsOf: (generation: number) => Readonly<Record<string, string>>;
  /** Device → a generation it says it holds. */
  held: ReadonlyMap<string, number>;
  now: number;
  /** Signs the content with the next generation. */
  mint: (content: StateContent) => SignedState;
}

/**
 * Gives every device whose content or signing key differs a generation later than the one it holds: an existing one of that content
 * where there is one, else one new signature for all devices of that content. `pause` as above.
 */
export async function assignGenerations(
  round: SigningRound,
  pause: () => Promise<unknown>,
): Promise<DesiredChanges & { changed: string[] }> {
  const newest = new Map(round.newest);
  const states: SignedState[] = [];
  const sections = new Map<string, string>();
  const devices: DeviceDesired[] = [];
  const changed: string[] = [];
  const sinceOf = sinceOncePerChange(round);
  for (const [index, { device, content, scope }] of round.decisions.entries()) {
    if (index % atOnce === atOnce - 1) await pause();
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
    const sectionSince = sinceOf(before, content);
    devices.push({ deviceId: device.id, generation, contentHash: content.hash, scope, since: round.now, sectionSince });
    changed.push(device.id);
  }
  return { sections, states, devices, removed: [], changed };
}

type SectionSince = DeviceDesired['sectionSince'];

/** Since when each section is desired as it is: what stays the same keeps its time. One value for all of equal ones. */
function sinceOncePerChange({ now, sectionsOf }: SigningRound) {
  const shared = new Shared<SectionSince>();
  return (before: DeviceDesired | undefined, { sections }: StateContent): SectionSince => {
    const earlier = before ? sectionsOf(before.generation) : {};
    const since = (section: string) => before?.sectionSince[section] ?? before?.since ?? now;
    const entries = Object.entries(sections).map(([section, hash]) => [
      section,
      earlier[section] === hash ? since(section) : now,
    ]);
    return shared.of(Object.fromEntries(entries) as SectionSince);
  };
}

function sameScope(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((key, i) => key === b[i]));
}
