import type { WaiverInput, WaiverView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Seen } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import { Endings } from '../endings.ts';
import type { Actor, Changed, EventLog, LifeCycle, Page, Waivers } from '../services.ts';
import type { OverrideTargets } from '../store/override-targets.ts';
import { iso, isoOrNull } from '../store/views/rows.ts';
import type { WaiverRecord, WaiverStore } from '../store/waivers.ts';
import { checkTitle } from './policy.ts';

export interface WaiverParts {
  stores: { waivers: WaiverStore; overrideTargets: OverrideTargets };
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

const longestMs = 366 * 86_400_000;
const nobody = { device: 'There is no such device.', person: 'There is no such person in the roster.' } as const;

/** Exceptions from checks. Each ends by itself; the verdicts it reaches are judged anew at once, and no others. */
export class WaiverService implements Waivers, LifeCycle {
  readonly #parts: WaiverParts;
  readonly #ends: Endings;

  constructor(parts: WaiverParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#ends = new Endings({ clock, onError, endOverdue: () => this.#endOverdue() });
  }

  /** Ends what ended while the server was away, and waits for the rest. */
  async start(): Promise<void> {
    const { stores, clock } = this.#parts;
    await this.#ends.start(() => stores.waivers.inForce(clock.now()));
  }

  async stop(): Promise<void> {
    await this.#ends.stop();
  }

  /** Resolves when all that is due has ended. */
  async settled(): Promise<void> {
    await this.#ends.settled();
  }

  async list(query: Seen<{ cursor?: string; limit?: number; inForce?: boolean }>): Promise<Page<WaiverView>> {
    const { stores, clock } = this.#parts;
    const { inForce, ...rest } = query;
    const page = await stores.waivers.page({
      ...rest,
      ...(inForce !== undefined && { inForce: { at: clock.now(), is: inForce } }),
    });
    return { ...page, items: await Promise.all(page.items.map((waiver) => this.#view(waiver))) };
  }

  async create({ check, target, reason, until }: WaiverInput, actor: Actor): Promise<WaiverView> {
    const { stores, clock, random } = this.#parts;
    const from = clock.now();
    const end = Date.parse(until);
    await this.#demandSound(check, target, end, from);
    const about = { check, target, reason: plainText(reason, ''), by: actor };
    const waiver = { id: random.uuid(), ...about, from, until: end, endedAt: null };
    await stores.waivers.insert(waiver);
    this.#ends.expect(waiver.id, end);
    await this.#tell('waiver-made', waiver, `until ${iso(end)}. ${waiver.reason}`, actor, {
      ...{ before: {}, after: { check, until: iso(end) }, reason: waiver.reason },
    });
    await this.#publish([waiver]);
    return await this.#view(waiver);
  }

  async end(id: string, actor: Actor): Promise<WaiverView> {
    const { stores, clock } = this.#parts;
    const waiver = await stores.waivers.find(id);
    if (!waiver) throw new CodedError('not-found', 'There is no such waiver.');
    const endedAt = clock.now();
    if (!(await stores.waivers.end(id, endedAt))) throw new CodedError('conflict', 'This waiver has ended already.');
    this.#ends.forget(id);
    await this.#tell('waiver-ended', waiver, 'was ended early.', actor, {
      ...{ before: { until: iso(waiver.until) }, after: { until: iso(endedAt) } },
    });
    await this.#publish([waiver]);
    return await this.#view({ ...waiver, endedAt });
  }

  async #demandSound(check: string | null, target: WaiverRecord['target'], end: number, now: number): Promise<void> {
    if ((await this.#parts.stores.overrideTargets.nameOf(target)) === undefined)
      throw new CodedError('not-found', nobody[target.kind]);
    if (checkTitle(check) === undefined) throw new CodedError('bad-waiver', `There is no check “${check}”.`);
    if (Number.isNaN(end))
      throw new CodedError('bad-waiver', 'Its end is no time. Write it like 2027-06-30T15:00:00Z.');
    if (end <= now) throw new CodedError('bad-waiver', 'It would end before it begins. Choose a later day.');
    if (end > now + longestMs)
      throw new CodedError('bad-waiver', 'A waiver lasts a year at most. Choose an earlier day.');
  }

  async #endOverdue(): Promise<void> {
    const { stores, clock } = this.#parts;
    const ended = await stores.waivers.endOverdue(clock.now());
    if (ended.length > 0) await this.#publish(ended);
    for (const waiver of ended) await this.#tell('waiver-ended', waiver, 'ended by itself.', 'server');
  }

  async #publish(waivers: readonly WaiverRecord[]): Promise<void> {
    const { stores, bus } = this.#parts;
    const reached = new Set<string>();
    for (const { target } of waivers) for (const id of await stores.overrideTargets.devicesOf(target)) reached.add(id);
    bus.publish('waivers-changed', { deviceIds: [...reached] });
  }

  async #tell(
    code: string,
    { check, target }: WaiverRecord,
    rest: string,
    actor: Actor,
    changed: Changed = {},
  ): Promise<void> {
    const whom = target.kind === 'person' ? 'a person' : 'this device';
    const words = `Waiver of “${checkTitle(check) ?? check}” for ${whom} ${rest}`;
    await this.#parts.events.add({ actor, code, words, ...changed, subject: target });
  }

  async #view({ check, target, from, until, endedAt, ...rest }: WaiverRecord): Promise<WaiverView> {
    const { stores, clock } = this.#parts;
    return {
      ...rest,
      check,
      checkTitle: checkTitle(check) ?? check ?? '',
      target,
      targetName: (await stores.overrideTargets.nameOf(target)) ?? target.id,
      from: iso(from),
      until: iso(until),
      endedAt: isoOrNull(endedAt),
      inForce: endedAt === null && until > clock.now(),
    };
  }
}
