import type { Clock } from '../../shared/clock.ts';
import type { DeviceStanding } from '../../shared/compliance/timeline.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import type { Compliance, LifeCycle } from '../services.ts';
import { Absences } from './absences.ts';
import { Applying } from './applying.ts';
import { personKey } from './batches.ts';
import { type CaseStores, type OpenCase, readBoundGroups, readCases } from './cases.ts';
import type { Judged } from './device-verdicts.ts';
import { type ComplianceParameters, judgeDevice } from './judge.ts';
import { Passes } from './passes.ts';
import type { PeopleStores } from './people.ts';
import { PresenceMemory } from './presence.ts';
import { readStandings } from './standings.ts';

export interface ComplianceParts {
  stores: CaseStores & PeopleStores;
  bus: Bus;
  clock: Clock;
  isConnected: (deviceId: string) => boolean;
  parameters: ComplianceParameters;
  onError: (error: unknown) => void;
}

/**
 * A device that reports ten times in a second is judged at once, and once more when the second is over. Where so many keep changing
 * that a pass takes long, half of which or more is pauses, the next waits until they have a twentieth of the processor, or five seconds.
 */
const gapMs = (tookMs: number) => Math.min(Math.max(1_000, tookMs * 10), 5_000);
/** A device that changes all the time is judged as it stands when this is over. */
const restlessMs = 15 * 60_000;
/** Who is away no longer than this need not be judged for it: a silence counts after a day at the least. */
const longAbsenceMs = 15 * 60_000;

/**
 * Keeps verdicts in step with what they come from; acts when that changes or a deadline passes, never by polling. What
 * stands in the store is always what `shared/compliance/timeline.ts` makes of it.
 */
export class ComplianceService implements Compliance, LifeCycle {
  readonly #parts: ComplianceParts;
  readonly #queue: ChangeQueue;
  readonly #restless: Deadlines;
  readonly #applying: Applying;
  readonly #presence: PresenceMemory;
  readonly #absences: Absences;
  readonly #passes: Passes;
  /** Devices of which something changed besides what they reported. */
  readonly #touched = new Set<string>();
  /** Which revisions of which groups say whom checks bind (`readBoundGroups`). */
  #boundGroups = '';
  #unsubscribe: (() => void)[] = [];

  constructor(parts: ComplianceParts) {
    this.#parts = parts;
    const { clock, isConnected, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#judge(ids), clock, onError, gapMs });
    this.#restless = new Deadlines(clock, (ids) => this.#touch(ids));
    this.#applying = new Applying(clock, (ids) => this.#queue.add(ids));
    this.#presence = new PresenceMemory(clock, isConnected);
    this.#absences = new Absences(clock, longAbsenceMs, (ids) => this.#touch(ids));
    this.#passes = new Passes({ ...parts, presence: this.#presence, again: (ids) => this.#touch(ids) });
  }

  /**
   * Has everything judged once, for deadlines may have passed while the server was down, and follows the bus. It does not
   * wait for that: a whole district takes a while, and its devices come back at once.
   */
  async start(): Promise<void> {
    const { bus, stores } = this.#parts;
    await this.#passes.start();
    const some = ({ deviceIds }: { deviceIds: readonly string[] }) => this.#touch(deviceIds);
    const all = () => this.#queue.add('all');
    this.#unsubscribe = [
      bus.subscribe('reported', ({ changed, restless }) => {
        if (restless.length > 0) this.#judgeLater(restless);
        const others = this.#applying.reported(changed);
        if (others.length > 0) this.#queue.add(others);
      }),
      bus.subscribe('device-revoked', ({ deviceId }) => this.#touch([deviceId])),
      bus.subscribe('device-changed', some),
      bus.subscribe('desired-changed', ({ deviceIds }) => this.#followDesired(deviceIds)),
      bus.subscribe('waivers-changed', some),
      bus.subscribe('obligations-changed', ({ personIds }) => this.#touch(personIds.map(personKey))),
      bus.subscribe('roster-changed', all),
      bus.subscribe('calendars-changed', all),
      bus.subscribe('compliance-policy-changed', all),
      bus.subscribe('groups-changed', () => this.#followGroups()),
      bus.subscribe('policy-changed', () => this.#followGroups()),
      bus.subscribe('presence-changed', ({ deviceIds, connected }) => this.#followPresence(deviceIds, connected)),
    ];
    this.#boundGroups = await readBoundGroups(stores);
    this.#queue.add('all');
  }

  /** What is not judged by then is judged at the next start. */
  async stop(): Promise<void> {
    this.#passes.stop();
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#restless.disarm();
    this.#applying.stop();
    this.#absences.stop();
    await this.#queue.stop();
  }

  /** Resolves when everything published so far has been judged. */
  async settled(): Promise<void> {
    const applying = this.#applying.ids();
    if (applying.length > 0) this.#queue.add(applying);
    await this.#queue.settled();
  }

  /** The whole library, also what only informs. */
  async checksOfDevice(deviceId: string): Promise<CheckFinding[]> {
    const facts = (await this.cases([deviceId])).get(deviceId);
    return facts ? judgeDevice(facts, this.#parts.parameters, facts.now).findings : [];
  }

  /** Those of these devices that are in service, as they stand now, by the checks that count. */
  async judged(ids: readonly string[]): Promise<Map<string, Judged>> {
    const cases = await this.cases(ids);
    return new Map(
      [...cases].map(([id, facts]) => [id, counting(judgeDevice(facts, this.#parts.parameters, facts.now))]),
    );
  }

  /**
   * The same as it is stored, for a fleet that asks at once; of those that come or go and are about to be judged for it, as it
   * will be. What was not judged yet is absent: `devices-judged` follows.
   */
  async standings(ids: readonly string[]): Promise<Map<string, Judged>> {
    const { stores } = this.#parts;
    const turning = ids.filter((id) => this.#presence.turns(id));
    const others = ids.filter((id) => !this.#presence.turns(id));
    const standings = await readStandings(stores, await this.#passes.district(), others);
    const stored = [...standings].map(([id, standing]) => [id, counting(standing)] as const);
    return new Map([...stored, ...(turning.length === 0 ? [] : await this.judged(turning))]);
  }

  /** What is known of those of these devices that are in service, to be judged, or to be judged by another policy. */
  async cases(ids: readonly string[]): Promise<Map<string, OpenCase>> {
    return await readCases(this.#parts.stores, this.#presence, await this.#passes.district(), ids);
  }

  /** Whoever is connected is about to say how that went. */
  #followDesired(deviceIds: readonly string[]): void {
    const { isConnected } = this.#parts;
    this.#applying.given(deviceIds.filter(isConnected));
    this.#touch(deviceIds.filter((id) => !isConnected(id)));
  }

  /** Everybody is judged again when a group that says whom a check binds holds others than it did. */
  async #followGroups(): Promise<void> {
    const bound = await readBoundGroups(this.#parts.stores);
    if (bound === this.#boundGroups) return;
    this.#boundGroups = bound;
    this.#queue.add('all');
  }

  /** Few are judged otherwise because they come or go; of who stays away, when the silence will count is found out later. */
  #followPresence(deviceIds: readonly string[], connected: boolean): void {
    for (const id of deviceIds) {
      this.#presence.note(id, connected);
      if (connected) this.#absences.came(id);
      else this.#absences.left(id);
    }
    this.#touch(deviceIds.filter((id) => this.#presence.turns(id)));
  }

  #judgeLater(deviceIds: readonly string[]): void {
    for (const id of deviceIds) this.#restless.expect(id, this.#parts.clock.now() + restlessMs);
    this.#restless.arm();
  }

  #touch(ids: readonly string[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.#touched.add(id);
    this.#queue.add(ids);
  }

  async #judge(ids: readonly string[] | 'all'): Promise<void> {
    const touched = new Set(this.#touched);
    const applying = this.#applying.take(ids);
    this.#touched.clear();
    try {
      if (ids === 'all') await this.#passes.judgeAll();
      else await this.#passes.judgeSome({ ids, touched, applying: new Set(applying) });
    } catch (error) {
      // Of some what they said is used up already: they are judged again all the same, and told.
      for (const id of [...touched, ...(ids === 'all' ? applying : ids)]) this.#touched.add(id);
      throw error;
    }
  }
}

/** By the checks that count. */
function counting({ findings, verdict, leniency: { policy, calendar } }: DeviceStanding): Judged {
  return { findings: findings.filter(({ severity }) => severity !== 'minor'), verdict, policy, calendar };
}
