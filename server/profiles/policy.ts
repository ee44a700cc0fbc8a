import type { ChangedContent } from '../../shared/api/schemas.ts';
import { essentialNames } from '../../shared/filter/essentials.ts';
import { type Assignment, inForce, nextEnd } from '../../shared/policy/assignment.ts';
import type { GroupContent, Groups } from '../../shared/policy/group.ts';
import type { WaysOut } from '../../shared/policy/restriction.ts';
import { type AssignmentInput, leavesOf, type Selector, type SelectorLeaf } from '../../shared/policy/selector.ts';
import type { ItemUnderWay, UnderWaySource } from '../rollouts/under-way.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { GroupStore } from '../store/groups.ts';
import { assignmentsOf, type ProfileRecord, type ProfileStore } from '../store/profiles.ts';
import { readFilterSettings } from './filter-context.ts';
import { type RestrictionOf, restrictionsOf } from './restriction-of.ts';

/** What devices of the same rings resolve with. */
export interface PolicyVersion {
  assignments: readonly Assignment[];
  groups: Groups;
  /** What narrows a device until it is put right. */
  restrictionOf: RestrictionOf;
}

export interface PolicySources {
  stores: { profiles: ProfileStore; groups: GroupStore; rollouts: UnderWaySource; documents: DocumentStore };
  /** Names and addresses of this server. */
  hosts: readonly string[];
}

type Published = Pick<ProfileRecord, 'id' | 'name'> & {
  published: Parameters<typeof assignmentsOf>[1];
};

/** Unpublished content, with the name its item goes by. */
export type Proposed = ChangedContent & { name: string };

export interface NamedGroup {
  name: string;
  content: GroupContent;
}

/** By id: what is published. */
interface Items {
  profile: ReadonlyMap<string, Published>;
  group: ReadonlyMap<string, NamedGroup>;
}

/** An item of which devices without `to` have an earlier revision, or none. */
type Step = Pick<ItemUnderWay, 'has'> &
  (
    | { kind: 'profile'; id: string; before: Published | undefined }
    | { kind: 'group'; id: string; before: NamedGroup | undefined }
  );

/** Reads what is published and what is on its way in rings, once for a whole pass. */
export async function readPolicy({ stores, hosts }: PolicySources, now: number): Promise<Policy> {
  const profiles = (await stores.profiles.list()).flatMap(publishedOf);
  const groups = [...(await stores.groups.published())];
  const items = {
    profile: new Map(profiles.map((profile) => [profile.id, profile])),
    group: new Map(groups.map(([name, content]) => [content.id, { name, content }])),
  };
  const steps: Step[] = [];
  for (const item of await stores.rollouts.underWay()) steps.push(await stepOf(item, stores));
  const { settings } = await readFilterSettings(stores.documents);
  const out = { essentials: essentialNames(settings.essentials, hosts), hosts };
  return new Policy(items, steps, { now, out });
}

function publishedOf({ id, name, published }: ProfileRecord): Published[] {
  return published === null ? [] : [{ id, name, published }];
}

async function stepOf({ kind, id, from, has }: ItemUnderWay, stores: PolicySources['stores']): Promise<Step> {
  if (kind === 'profile') {
    const record = await stores.profiles.find(id);
    const earlier = (await stores.profiles.revisions(id)).find(({ number }) => number === from);
    return { kind, id, has, before: record && earlier && { id, name: record.name, published: earlier } };
  }
  const name = (await stores.groups.find(id))?.name;
  const content = from === null ? undefined : await stores.groups.contents(id, from);
  return { kind, id, has, before: name !== undefined && content ? { name, content } : undefined };
}

/**
 * The whole policy at an instant. While items are on their way in rings there are as many versions of it as devices
 * differ in what they are given; each is made once, when the first such device asks.
 */
export class Policy {
  readonly #items: Items;
  readonly #steps: readonly Step[];
  readonly #at: { now: number; out: WaysOut };
  readonly #versions = new Map<string, PolicyVersion>();

  constructor(items: Items, steps: readonly Step[], at: { now: number; out: WaysOut }) {
    this.#items = items;
    this.#steps = steps;
    this.#at = at;
  }

  /** The same value for devices that are given the same revisions. */
  of(deviceId: string): PolicyVersion {
    return this.#version((step) => step.has(deviceId));
  }

  /** Ids of the items of which some devices have an earlier revision. */
  get underWay(): string[] {
    return this.#steps.map(({ id }) => id);
  }

  /** As if these of the items under way had arrived everywhere, and the others had been taken back. */
  arrived(ids: ReadonlySet<string>): PolicyVersion {
    return this.#version(({ id }) => ids.has(id));
  }

  #version(isGiven: (step: Step) => boolean): PolicyVersion {
    const given = this.#steps.map((step) => (isGiven(step) ? '1' : '0')).join('');
    const known = this.#versions.get(given) ?? this.#versionOf(given);
    this.#versions.set(given, known);
    return known;
  }

  /** As if these contents were published to everybody now. */
  with(proposed: readonly Proposed[]): Policy {
    const profile = new Map(this.#items.profile);
    const group = new Map(this.#items.group);
    for (const { id, name, ...item } of proposed) {
      if (item.kind === 'group') group.set(id, { name, content: item.content });
      else {
        const number = (profile.get(id)?.published.number ?? 0) + 1;
        profile.set(id, { id, name, published: { number, ...item.content } });
      }
    }
    const others = this.#steps.filter(({ id }) => !proposed.some((item) => item.id === id));
    return new Policy({ profile, group }, others, this.#at);
  }

  /** When an override runs out next; `null`: none does. */
  nextEnd(): number | null {
    return nextEnd(this.#assigned(), this.#at.now);
  }

  /** Does anything, for any device, ask this kind of question? Those that nobody uses count too. */
  asks(kind: SelectorLeaf['kind']): boolean {
    return this.selectors().some((selector) => leavesOf(selector).some((leaf) => leaf.kind === kind));
  }

  /** Of all assignments and groups, of every version. */
  selectors(): Selector[] {
    return [...this.#assigned().map(({ to }) => to), ...this.groupContents().flatMap(({ content }) => ruleOf(content))];
  }

  /** Of every version. */
  groupContents(): NamedGroup[] {
    const earlier = this.#steps.flatMap((step) => (step.kind === 'group' && step.before ? [step.before] : []));
    return [...this.#items.group.values(), ...earlier];
  }

  #assigned(): AssignmentInput[] {
    const earlier = this.#steps.flatMap((step) => (step.kind === 'profile' && step.before ? [step.before] : []));
    return [...this.#items.profile.values(), ...earlier].flatMap(({ published }) => published.assignments);
  }

  #versionOf(given: string): PolicyVersion {
    const profile = new Map(this.#items.profile);
    const group = new Map(this.#items.group);
    for (const [index, step] of this.#steps.entries()) {
      if (given[index] === '1') continue;
      if (step.kind === 'profile') put(profile, step.id, step.before);
      else put(group, step.id, step.before);
    }
    const profiles = [...profile.values()];
    return {
      assignments: profiles
        .flatMap((one) => assignmentsOf(one, one.published))
        .filter((one) => isInForce(one, this.#at.now)),
      groups: new Map([...group.values()].map(({ name, content }) => [name, content])),
      restrictionOf: restrictionsOf(profiles, this.#at.out),
    };
  }
}

function isInForce({ override }: Assignment, now: number): boolean {
  return override === undefined || inForce({ override }, now);
}

function put<T>(items: Map<string, T>, id: string, item: T | undefined): void {
  if (item) items.set(id, item);
  else items.delete(id);
}

function ruleOf(content: GroupContent): Selector[] {
  return content.kind === 'rule' ? [content.selector] : [];
}
