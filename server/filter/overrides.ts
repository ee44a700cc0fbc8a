import type { ClassDevice, ClassView, OverrideInput, OverrideView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Seen } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import { Endings } from '../endings.ts';
import type { Actor, Changed, EventLog, LifeCycle, Overrides, Page } from '../services.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { OverrideRecord } from '../store/overrides.ts';
import type { PeopleStore } from '../store/people.ts';
import type { ClassesView } from '../store/views/classes.ts';
import { lessonEnds } from './lessons.ts';
import { type AdmissionStores, admitOverride } from './override-admission.ts';
import { overrideView, targetName } from './override-views.ts';
import { endedWords, overrideWords } from './override-words.ts';

export interface OverrideParts {
  stores: AdmissionStores & { calendars: CalendarStore; people: PeopleStore; classes: ClassesView };
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

const minuteMs = 60_000;

/** What staff open or close for a time. Ends by itself; devices it reaches are told at once, and no others. */
export class OverrideService implements Overrides, LifeCycle {
  readonly #parts: OverrideParts;
  readonly #ends: Endings;

  constructor(parts: OverrideParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#ends = new Endings({ clock, onError, endOverdue: () => this.#endOverdue() });
  }

  /** Ends what ended while the server was away, and waits for the rest. */
  async start(): Promise<void> {
    const { stores, clock } = this.#parts;
    await this.#ends.start(() => stores.overrides.inForce(clock.now()));
  }

  async stop(): Promise<void> {
    await this.#ends.stop();
  }

  /** Resolves when all that is due has ended. */
  async settled(): Promise<void> {
    await this.#ends.settled();
  }

  async list(query: Seen<{ cursor?: string; limit?: number; inForce?: boolean }>): Promise<Page<OverrideView>> {
    const { stores, clock } = this.#parts;
    const { inForce, ...rest } = query;
    const page = await stores.overrides.page({
      ...rest,
      ...(inForce !== undefined && { inForce: { at: clock.now(), is: inForce } }),
    });
    return { ...page, items: await this.#views(page.items) };
  }

  async create(input: OverrideInput, actor: Actor): Promise<OverrideView> {
    const override = await this.prepare(input, actor, null);
    await this.#parts.stores.overrides.insert(override);
    return await this.began(override);
  }

  /** The override somebody asks for, not yet stored: `bad-override`, `not-found` or `not-liftable` when it may not be. */
  async prepare(input: OverrideInput, actor: Actor, requestId: string | null): Promise<OverrideRecord> {
    const { stores, clock, random } = this.#parts;
    await admitOverride(input, stores, clock.now());
    const { target, kind, domains, categories, everything = false, minutes, reason } = input;
    const from = clock.now();
    return {
      ...{ id: random.uuid(), target, kind, domains, categories, everything, reason: plainText(reason, ''), by: actor },
      ...{ from, until: from + minutes * minuteMs, endedAt: null, requestId },
    };
  }

  /** Tells of an override that was stored just now. */
  async began(override: OverrideRecord): Promise<OverrideView> {
    this.#ends.expect(override.id, override.until);
    const name = await this.#nameOf(override);
    await this.#tell('override-begun', override, overrideWords(override, name), override.by, {
      ...{ before: {}, after: stateOf(override), reason: override.reason },
    });
    await this.#publish([override]);
    return await overrideView(override, this.#parts.stores.overrideTargets, this.#parts.clock.now());
  }

  async end(id: string, actor: Actor): Promise<OverrideView> {
    const { stores, clock } = this.#parts;
    const override = await stores.overrides.find(id);
    if (!override) throw new CodedError('not-found', 'There is no such override.');
    const endedAt = clock.now();
    if (!(await stores.overrides.end(id, endedAt))) throw new CodedError('conflict', 'This has ended already.');
    this.#ends.forget(id);
    await this.#tell('override-ended', override, endedWords(override, await this.#nameOf(override), true), actor, {
      ...{ before: stateOf(override), after: stateOf({ ...override, until: endedAt }) },
    });
    await this.#publish([override]);
    return await overrideView({ ...override, endedAt }, stores.overrideTargets, endedAt);
  }

  async classDevices(classId: string): Promise<ClassDevice[]> {
    return await this.#parts.stores.classes.devices(classId);
  }

  async classes(
    query: Seen<{ cursor?: string; limit?: number; search?: string; org?: string }>,
  ): Promise<Page<ClassView>> {
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
    return await targetName(target, this.#parts.stores.overrideTargets);
  }

  async #views(overrides: readonly OverrideRecord[]): Promise<OverrideView[]> {
    const { stores, clock } = this.#parts;
    return await Promise.all(overrides.map((one) => overrideView(one, stores.overrideTargets, clock.now())));
  }

  async #tell(
    code: string,
    { target }: OverrideRecord,
    words: string,
    actor: Actor,
    changed: Changed = {},
  ): Promise<void> {
    const { kind, id } = target;
    const subject = kind === 'person' || kind === 'device' ? { subject: { kind, id } } : {};
    await this.#parts.events.add({ actor, code, words, ...changed, ...subject });
  }
}

/** As the audit shows it. */
function stateOf({ kind, domains, categories, everything, until }: OverrideRecord) {
  return { kind, domains, categories, everything, until: new Date(until).toISOString() };
}
