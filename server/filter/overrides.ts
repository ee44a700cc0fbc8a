import type { ClassView, OverrideInput, OverrideView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import { heldWebFilter } from '../profiles/held-section.ts';
import type { Actor, EventLog, LifeCycle, Overrides, Page } from '../services.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { DesiredStore } from '../store/desired.ts';
import type { ListStore } from '../store/lists.ts';
import type { OverrideTargets } from '../store/override-targets.ts';
import type { OverrideRecord, OverrideStore } from '../store/overrides.ts';
import type { PeopleStore } from '../store/people.ts';
import type { ClassesView } from '../store/views/classes.ts';
import { lessonEnds } from './lessons.ts';
import { overrideProblems, unliftable } from './override-rules.ts';
import { endedWords, overrideWords } from './override-words.ts';

export interface OverrideParts {
  stores: {
    overrides: OverrideStore;
    overrideTargets: OverrideTargets;
    lists: ListStore;
    desired: DesiredStore;
    calendars: CalendarStore;
    people: PeopleStore;
    classes: ClassesView;
  };
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

const minuteMs = 60_000;
/** Beyond this a section would have to leave some out. */
const mostPerTarget = 50;
const mostEntriesPerTarget = 1_000;
const nothingThere = {
  person: 'There is no such person in the roster.',
  device: 'There is no such device.',
  class: 'There is no such class in the roster.',
  org: 'There is no such school or unit in the roster.',
} as const;

/** What staff open or close for a time. Ends by itself; devices it reaches are told at once, and no others. */
export class OverrideService implements Overrides, LifeCycle {
  readonly #parts: OverrideParts;
  readonly #ends: Deadlines;
  readonly #overdue: ChangeQueue;

  constructor(parts: OverrideParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#overdue = new ChangeQueue({ work: () => this.#endOverdue(), clock, onError });
    this.#ends = new Deadlines(clock, (ids) => this.#overdue.add(ids));
  }

  /** Ends what ended while the server was away, and waits for the rest. */
  async start(): Promise<void> {
    const { stores, clock } = this.#parts;
    await this.#endOverdue();
    for (const { id, until } of await stores.overrides.inForce(clock.now())) this.#ends.set(id, until);
    this.#ends.arm();
  }

  async stop(): Promise<void> {
    this.#ends.disarm();
    await this.#overdue.stop();
    this.#ends.disarm();
  }

  /** Resolves when all that is due has ended. */
  async settled(): Promise<void> {
    await this.#overdue.settled();
  }

  async list(query: { cursor?: string; limit?: number; inForce?: boolean }): Promise<Page<OverrideView>> {
    const { stores, clock } = this.#parts;
    const { inForce, ...rest } = query;
    const page = await stores.overrides.page({ ...rest, ...(inForce === true && { inForceAt: clock.now() }) });
    return { ...page, items: await this.#views(page.items) };
  }

  async create(input: OverrideInput, actor: Actor): Promise<OverrideView> {
    const override = await this.prepare(input, actor, null);
    await this.#parts.stores.overrides.insert(override);
    return await this.began(override);
  }

  /** The override somebody asks for, not yet stored: `bad-override`, `not-found` or `not-liftable` when it may not be. */
  async prepare(input: OverrideInput, actor: Actor, requestId: string | null): Promise<OverrideRecord> {
    const { clock, random } = this.#parts;
    await this.#demandTarget(input);
    await this.#demandSound(input);
    if (input.kind === 'allow') await this.#demandLiftable(input);
    const { target, kind, domains, categories, everything = false, minutes, reason } = input;
    const from = clock.now();
    return {
      ...{ id: random.uuid(), target, kind, domains, categories, everything, reason: plainText(reason, ''), by: actor },
      ...{ from, until: from + minutes * minuteMs, endedAt: null, requestId },
    };
  }

  /** Tells of an override that was stored just now. */
  async began(override: OverrideRecord): Promise<OverrideView> {
    this.#ends.set(override.id, override.until);
    this.#ends.arm();
    const name = await this.#nameOf(override);
    await this.#tell('override-begun', override, overrideWords(override, name), override.by);
    await this.#publish([override]);
    return await this.#view(override);
  }

  async end(id: string, actor: Actor): Promise<OverrideView> {
    const { stores, clock } = this.#parts;
    const override = await stores.overrides.find(id);
    if (!override) throw new CodedError('not-found', 'There is no such override.');
    const endedAt = clock.now();
    if (!(await stores.overrides.end(id, endedAt))) throw new CodedError('conflict', 'This has ended already.');
    this.#ends.set(id, null);
    await this.#tell('override-ended', override, endedWords(override, await this.#nameOf(override), true), actor);
    await this.#publish([override]);
    return await this.#view({ ...override, endedAt });
  }

  async classes(query: { cursor?: string; limit?: number; search?: string; org?: string }): Promise<Page<ClassView>> {
    const { stores, clock } = this.#parts;
    const page = await stores.classes.page(query);
    const ids = page.items.map(({ id }) => id);
    const views = await this.#views(await stores.overrides.inForce(clock.now(), { kind: 'class', ids }));
    const byClass = Map.groupBy(views, ({ target }) => target.id);
    const endOf = lessonEnds(await stores.calendars.list(), await stores.people.orgs(), clock.now());
    const items = page.items.map(({ orgId, ...shown }) => ({
      ...shown,
      periodEnds: endOf(orgId),
      overrides: byClass.get(shown.id) ?? [],
    }));
    return { ...page, items };
  }

  async #demandTarget(input: OverrideInput): Promise<void> {
    const { stores, clock } = this.#parts;
    const { target } = input;
    if ((await stores.overrideTargets.nameOf(target)) === undefined)
      throw new CodedError('not-found', nothingThere[target.kind]);
    const inForce = await stores.overrides.inForce(clock.now(), { kind: target.kind, ids: [target.id] });
    if (inForce.length >= mostPerTarget)
      throw new CodedError('bad-override', `There are ${mostPerTarget} overrides in force here. End one first.`);
    const entries = [input, ...inForce].reduce((sum, one) => sum + one.domains.length + one.categories.length, 0);
    if (entries > mostEntriesPerTarget)
      throw new CodedError('bad-override', 'The overrides in force here name too many sites. End one first.');
  }

  async #demandSound(input: OverrideInput): Promise<void> {
    const { lists, overrideTargets } = this.#parts.stores;
    const role = await overrideTargets.roleOf(input.target);
    const problems = overrideProblems(input, { role, knownCategories: await lists.known(input.categories) });
    if (problems.length > 0) throw new CodedError('bad-override', problems[0], problems);
  }

  /** Judged by the device of the person where there is one; a class or a unit may hold devices of many policies. */
  async #demandLiftable(input: OverrideInput): Promise<void> {
    const { overrideTargets, desired } = this.#parts.stores;
    if (input.target.kind !== 'person' && input.target.kind !== 'device') return;
    const [deviceId] = await overrideTargets.devicesOf(input.target);
    const section = deviceId === undefined ? undefined : await heldWebFilter(desired, deviceId);
    const forbidden = section ? unliftable(section.settings, input) : [];
    if (forbidden.length > 0) throw new CodedError('not-liftable', undefined, forbidden);
  }

  async #endOverdue(): Promise<void> {
    const { stores, clock } = this.#parts;
    const ended = await stores.overrides.endOverdue(clock.now());
    if (ended.length > 0) await this.#publish(ended);
    for (const override of ended) {
      const words = endedWords(override, await this.#nameOf(override), false);
      await this.#tell('override-ended', override, words, 'server');
    }
  }

  async #publish(overrides: readonly OverrideRecord[]): Promise<void> {
    const { stores, bus } = this.#parts;
    const reached = new Set<string>();
    for (const { target } of overrides)
      for (const id of await stores.overrideTargets.devicesOf(target)) reached.add(id);
    bus.publish('overrides-changed', { deviceIds: [...reached] });
  }

  async #nameOf({ target }: OverrideRecord): Promise<string> {
    return (await this.#parts.stores.overrideTargets.nameOf(target)) ?? target.id;
  }

  async #views(overrides: readonly OverrideRecord[]): Promise<OverrideView[]> {
    return await Promise.all(overrides.map((override) => this.#view(override)));
  }

  async #view(override: OverrideRecord): Promise<OverrideView> {
    const { stores, clock } = this.#parts;
    const { from, until, endedAt, ...rest } = override;
    const inForce = endedAt === null && until > clock.now();
    return {
      ...rest,
      targetName: await this.#nameOf(override),
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
      inForce,
      devices: (await stores.overrideTargets.devicesOf(override.target)).length,
    };
  }

  async #tell(code: string, { target }: OverrideRecord, words: string, actor: Actor): Promise<void> {
    const { kind, id } = target;
    const subject = kind === 'person' || kind === 'device' ? { subject: { kind, id } } : {};
    await this.#parts.events.add({ actor, code, words, ...subject });
  }
}
