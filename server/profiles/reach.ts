import { setImmediate } from 'node:timers/promises';
import type { ReachCount, ReachedDevice } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { compare } from '../../shared/policy/canonical.ts';
import type { GroupContent, Groups } from '../../shared/policy/group.ts';
import { type Asked, answerOf, asked, selectorKey } from '../../shared/policy/match.ts';
import { missingFor } from '../../shared/policy/missing.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import { type SelectorNames, selectorWords, unknownWords } from '../../shared/policy/words.ts';
import type { Page } from '../services.ts';
import type { PeopleStore } from '../store/people.ts';
import { decodeCursor, encodeCursor } from '../store/views/cursor.ts';
import type { DesiredRows } from './desired-rows.ts';
import { groupDevices, perGroup } from './device-groups.ts';
import { nameDevices } from './device-names.ts';
import { readNames } from './names.ts';
import { type Policy, type PolicySources, readPolicy } from './policy.ts';
import { Questions } from './questions.ts';
import { keysOf, numbering, resolverOf } from './resolving.ts';
import type { SubjectIndex } from './subject-index.ts';
import type { ManagedDevice } from './subjects.ts';

export interface ReachParts extends PolicySources {
  stores: PolicySources['stores'] & { people: PeopleStore };
  index: SubjectIndex;
  rows: DesiredRows;
  clock: Clock;
}

export interface ReachQuery {
  cursor?: string | undefined;
  limit?: number | undefined;
  /** Part of the device's or the person's name. */
  search?: string | undefined;
}

/** Whether a device is reached, and by what; undefined: it certainly is not. */
type Reached = Pick<ReachedDevice, 'answer'> & { selector: Selector; about: Asked };

const usualLimit = 50;
const pause = () => setImmediate();
const nowhere: readonly string[] = [];

/** Whom selectors, groups and profiles reach now; worked out once for all devices that they cannot tell apart. */
export class Reach {
  readonly #parts: ReachParts;

  constructor(parts: ReachParts) {
    this.#parts = parts;
  }

  /** One count for each, in order. */
  async counts(contents: readonly GroupContent[]): Promise<ReachCount[]> {
    const { groups, reaches } = await this.#answers(contents);
    return contents.map((_, index) => countOf(groups, reaches, index));
  }

  /** Whom a selector reaches and may reach, by name. */
  async list(selector: Selector, query: ReachQuery): Promise<Page<ReachedDevice>> {
    const { devices, groupOf, reaches } = await this.#answers([{ kind: 'rule', selector }]);
    return await this.#page(devices, (_, index) => reaches[groupOf[index] ?? 0]?.[0], query);
  }

  /** Who gets a profile and who may, by name. `not-found` when there is no such profile. */
  async ofProfile(id: string, query: ReachQuery): Promise<Page<ReachedDevice>> {
    const { stores, index } = this.#parts;
    if (!(await stores.profiles.find(id))) throw new CodedError('not-found', 'There is no such profile.');
    const policy = await this.#policy();
    const lastKnown = await this.#lastKnown();
    const devices = await index.all();
    const keyOf = keysOf([policy]);
    const versionOf = numbering();
    const { groups, groupOf } = await groupDevices(
      devices,
      (device) => `${versionOf(policy.of(device.id))} ${keyOf(device, lastKnown(device.id))}`,
      pause,
    );
    const resolve = resolverOf(policy, keyOf);
    const reaches = await perGroup(
      groups,
      (first) => byProfile(id, first, policy, resolve(first, lastKnown(first.id))),
      pause,
    );
    return await this.#page(devices, (_, position) => reaches[groupOf[position] ?? 0], query);
  }

  async #answers(contents: readonly GroupContent[]) {
    const policy = await this.#policy();
    const lastKnown = await this.#lastKnown();
    const devices = await this.#parts.index.all();
    const questions = new Questions([], [...contents.map(unnamed), ...policy.groupContents()]);
    const numberOf = numbering();
    const keyOf = ({ id, subject }: ManagedDevice) =>
      `${numberOf(policy.of(id))} ${questions.keyOf(subject)}${numberOf(lastKnown(id))}`;
    const { groups, groupOf } = await groupDevices(devices, keyOf, pause);
    const reaches = await perGroup(
      groups,
      (first) => {
        const named = policy.of(first.id).groups;
        return contents.map((content) => byContent(content, first, named, lastKnown(first.id)));
      },
      pause,
    );
    return { devices, groups, groupOf, reaches };
  }

  async #page(
    devices: readonly ManagedDevice[],
    reachedOf: (device: ManagedDevice, index: number) => Reached | undefined,
    { cursor, limit = usualLimit, search }: ReachQuery,
  ): Promise<Page<ReachedDevice>> {
    const isFound = await this.#search(search);
    const found = devices.flatMap((device, index) => {
      const reached = reachedOf(device, index);
      return reached && isFound(device) ? [{ device, reached }] : [];
    });
    const [name, id] = decodeCursor(cursor)?.map(String) ?? [];
    const isAfter = ({ device }: { device: ManagedDevice }) =>
      name === undefined || (compare(device.name, name) || compare(device.id, id ?? '')) > 0;
    const rest = cursor === undefined ? found : found.filter(isAfter);
    const shown = rest.slice(0, limit);
    const last = shown.at(-1)?.device;
    return {
      items: await this.#views(shown),
      total: found.length,
      nextCursor: last && rest.length > limit ? encodeCursor([last.name, last.id]) : null,
    };
  }

  async #search(search: string | undefined): Promise<(device: ManagedDevice) => boolean> {
    const wanted = search?.trim().toLowerCase() ?? '';
    if (wanted === '') return () => true;
    const people = await this.#parts.stores.people.idsNamedLike(wanted);
    return ({ name, personId }) => name.toLowerCase().includes(wanted) || (personId !== null && people.has(personId));
  }

  async #views(shown: readonly { device: ManagedDevice; reached: Reached }[]): Promise<ReachedDevice[]> {
    const { profiles } = this.#parts.stores;
    const named = await nameDevices(
      profiles,
      shown.map(({ device }) => device),
    );
    const names = await readNames(
      profiles,
      shown.map(({ reached }) => reached.selector),
    );
    return shown.map(({ device, reached }) => ({
      ...named(device),
      answer: reached.answer,
      why: whyWords(reached, names).slice(0, 600),
    }));
  }

  async #policy(): Promise<Policy> {
    return await readPolicy(this.#parts, this.#parts.clock.now());
  }

  async #lastKnown(): Promise<(deviceId: string) => readonly string[]> {
    const rows = await this.#parts.rows.all();
    return (id) => rows.get(id)?.scope ?? nowhere;
  }
}

/** The name that stands for a content that has none; no group can have it. */
const noName = '';
const unnamed = (content: GroupContent) => ({ name: noName, content });

function byContent(
  content: GroupContent,
  { subject }: ManagedDevice,
  named: Groups,
  lastKnown: readonly string[],
): Reached | undefined {
  const isRule = content.kind === 'rule';
  const selector: Selector = isRule ? content.selector : { kind: 'group', group: noName };
  const about = asked(subject, isRule ? named : new Map([[noName, content]]));
  const answer = answerOf(selector, about);
  if (answer === false) return undefined;
  if (answer === true) return { answer: 'yes', selector, about };
  return { answer: lastKnown.includes(selectorKey(selector)) ? 'stays' : 'unknown', selector, about };
}

function byProfile(
  id: string,
  device: ManagedDevice,
  policy: Policy,
  { reaching, unknown }: ReturnType<ReturnType<typeof resolverOf>>,
): Reached | undefined {
  const { assignments, groups } = policy.of(device.id);
  const about = asked(device.subject, groups);
  const reached = reaching.find(({ profileId }) => profileId === id);
  const isOpen = (to: Selector) => unknown.some(({ selector }) => selectorKey(selector) === selectorKey(to));
  if (reached) return { answer: isOpen(reached.to) ? 'stays' : 'yes', selector: reached.to, about };
  const open = assignments.find(({ profileId, to }) => profileId === id && isOpen(to));
  return open && { answer: 'unknown', selector: open.to, about };
}

function countOf(
  groups: readonly ManagedDevice[][],
  reaches: readonly (Reached | undefined)[][],
  index: number,
): ReachCount {
  const people = new Set<string>();
  const count = { devices: 0, unknown: 0 };
  for (const [number, devices] of groups.entries()) {
    const answer = reaches[number]?.[index]?.answer;
    if (answer === 'stays' || answer === 'unknown') count.unknown += devices.length;
    if (answer !== 'yes' && answer !== 'stays') continue;
    count.devices += devices.length;
    for (const { personId } of devices) if (personId !== null) people.add(personId);
  }
  return { ...count, people: people.size };
}

function whyWords({ answer, selector, about }: Reached, names: SelectorNames): string {
  if (answer !== 'yes')
    return unknownWords({ selector, stays: answer === 'stays', missing: missingFor(selector, about) }, names);
  const isUnnamed = selector.kind === 'group' && selector.group === noName;
  const words = isUnnamed ? 'on the list' : selectorWords(whatReaches(selector, about), names);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Of alternatives only those that reach the device. */
function whatReaches(selector: Selector, about: Asked): Selector {
  if (selector.kind === 'all') return { ...selector, of: selector.of.map((part) => whatReaches(part, about)) };
  if (selector.kind !== 'any') return selector;
  const reaching = selector.of.filter((part) => answerOf(part, about) === true).map((part) => whatReaches(part, about));
  const [only, ...others] = reaching;
  return only && others.length === 0 ? only : { ...selector, of: reaching };
}
