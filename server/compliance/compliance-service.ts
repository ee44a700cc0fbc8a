import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import type { DeviceStanding } from '../../shared/compliance/timeline.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import type { Compliance, LifeCycle } from '../services.ts';
import type { CalendarRecord } from '../store/calendars.ts';
import { Absences } from './absences.ts';
import { Applying } from './applying.ts';
import { movedBetween } from './calendars-moved.ts';
import { type CaseStores, type District, type OpenCase, readBoundGroups, readCases, readDistrict } from './cases.ts';
import type { Judged } from './device-verdicts.ts';
import { judgeDevices } from './devices.ts';
import { type ComplianceParameters, judgeDevice } from './judge.ts';
import { judgePeople, type PeopleStores, type PersonCase } from './people.ts';
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

/** A device that reports ten times in a second is judged at once, and once more when the second is over. */
const gapMs = 1_000;
/** Devices judged between two looks at the sockets: some milliseconds, for who reports meanwhile waits. Fewer would cost more each. */
const atOnce = 25;
/** After each batch others have the processor for as long as it took, and for this at most. */
const longestPauseMs = 50;
/** Devices of a long pass are told what was judged without waiting for the others. */
const toldTogether = 500;
/** A device that changes all the time is judged as it stands when this is over. */
const restlessMs = 15 * 60_000;
/** Who is away no longer than this need not be judged for it: a silence counts after a day at the least. */
const longAbsenceMs = 15 * 60_000;
/** Whose verdicts a pass has changed. */
interface Changed {
  deviceIds: string[];
  personIds: string[];
  /** Devices of which a check changed, or only its words. */
  worded: Set<string>;
}

interface Pass {
  devices: readonly string[];
  /** Those of these devices whose standing may read otherwise although nothing that is stored differs. */
  touched: ReadonlySet<string>;
  people: readonly string[];
  /** See `District`. */
  calendarsMovedFrom: number | null;
  isAll: boolean;
}

/** How a person is named among devices that wait to be judged. */
const personPrefix = 'person ';

/**
 * Keeps verdicts in step with what they come from; acts when that changes or a deadline passes, never by polling. What
 * stands in the store is always what `shared/compliance/timeline.ts` makes of it.
 */
export class ComplianceService implements Compliance, LifeCycle {
  readonly #parts: ComplianceParts;
  readonly #queue: ChangeQueue;
  readonly #deadlines: Deadlines;
  readonly #restless: Deadlines;
  readonly #applying: Applying;
  readonly #presence: PresenceMemory;
  readonly #absences: Absences;
  /** Devices of which something changed besides what they reported. */
  readonly #touched = new Set<string>();
  /** As of the last time everything was judged. */
  #calendars: readonly CalendarRecord[] | undefined;
  #allJudgedAt = 0;
  /** Which revisions of which groups say whom checks bind (`readBoundGroups`). */
  #boundGroups = '';
  #stopping = false;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: ComplianceParts) {
    this.#parts = parts;
    const { clock, isConnected, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#recompute(ids), clock, onError, gapMs });
    this.#deadlines = new Deadlines(clock, (ids) => this.#touch(ids));
    this.#restless = new Deadlines(clock, (ids) => this.#touch(ids));
    this.#applying = new Applying(clock, (ids) => this.#queue.add(ids));
    this.#presence = new PresenceMemory(clock, isConnected);
    this.#absences = new Absences(clock, longAbsenceMs, (ids) => this.#touch(ids));
  }

  /**
   * Has everything judged once, for deadlines may have passed while the server was down, and follows the bus. It does not
   * wait for that: a whole district takes a while, and its devices come back at once.
   */
  async start(): Promise<void> {
    const { bus, stores } = this.#parts;
    this.#allJudgedAt = await stores.judgements.allJudgedAt();
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
      bus.subscribe('obligations-changed', ({ personIds }) => this.#touch(personIds.map((id) => personPrefix + id))),
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
    this.#stopping = true;
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#restless.disarm();
    this.#applying.stop();
    this.#absences.stop();
    this.#deadlines.disarm();
    await this.#queue.stop();
    this.#deadlines.disarm();
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
    const { stores, clock } = this.#parts;
    const turning = ids.filter((id) => this.#presence.turns(id));
    const others = ids.filter((id) => !this.#presence.turns(id));
    const district = await readDistrict(stores, clock.now(), this.#since());
    const standings = await readStandings(stores, district, others);
    const stored = [...standings].map(([id, standing]) => [id, counting(standing)] as const);
    return new Map([...stored, ...(turning.length === 0 ? [] : await this.judged(turning))]);
  }

  /** What is known of those of these devices that are in service, to be judged, or to be judged by another policy. */
  async cases(ids: readonly string[]): Promise<Map<string, OpenCase>> {
    const { stores, clock } = this.#parts;
    return await readCases(stores, this.#presence, await readDistrict(stores, clock.now(), this.#since()), ids);
  }

  #since(): Pick<District, 'allJudgedAt' | 'calendarsMovedFrom'> {
    return { allJudgedAt: this.#allJudgedAt, calendarsMovedFrom: null };
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

  async #recompute(ids: readonly string[] | 'all'): Promise<void> {
    const touched = new Set(this.#touched);
    const applying = this.#applying.take(ids);
    this.#touched.clear();
    const changed: Changed = { deviceIds: [], personIds: [], worded: new Set() };
    try {
      await (ids === 'all' ? this.#judgeAll(changed) : this.#judgeSome(ids, touched, new Set(applying), changed));
    } catch (error) {
      // Of some what they said is used up already: they are judged again all the same, and told.
      for (const id of [...touched, ...(ids === 'all' ? applying : ids)]) this.#touched.add(id);
      throw error;
    } finally {
      const { deviceIds, personIds } = changed;
      if (deviceIds.length + personIds.length > 0) this.#parts.bus.publish('verdict-changed', { deviceIds, personIds });
    }
  }

  async #judgeAll(changed: Changed): Promise<void> {
    const { stores, clock } = this.#parts;
    const begun = clock.now();
    const [devices, people] = [await stores.posture.deviceIds(), await this.#everybody()];
    const calendars = await stores.calendars.list();
    const moved = { calendarsMovedFrom: this.#movedFrom(calendars), isAll: true };
    await this.#pass({ devices, people, touched: new Set(devices), ...moved }, changed);
    if (this.#stopping) return;
    this.#calendars = calendars;
    this.#allJudgedAt = begun;
    await stores.judgements.noteAllJudged(begun);
  }

  async #judgeSome(
    ids: readonly string[],
    touched: ReadonlySet<string>,
    applying: ReadonlySet<string>,
    changed: Changed,
  ): Promise<void> {
    const isPerson = (id: string) => id.startsWith(personPrefix);
    const people = ids.filter(isPerson).map((id) => id.slice(personPrefix.length));
    const named = ids.filter((id) => !isPerson(id));
    const devices = await this.#due(named, touched.union(applying));
    await this.#pass({ devices, people, touched, calendarsMovedFrom: null, isAll: false }, changed);
  }

  /** Devices with those people whom they move, then the people who are left; each batch by the time at which it begins. */
  async #pass({ devices, people, touched, calendarsMovedFrom, isAll }: Pass, changed: Changed): Promise<void> {
    const { stores, clock } = this.#parts;
    const since = { allJudgedAt: this.#allJudgedAt, calendarsMovedFrom };
    const district = await readDistrict(stores, clock.now(), since);
    const waiting = new Set(people);
    let untold: string[] = [];
    for (let start = 0; start < devices.length; start += atOnce) {
      if (this.#stopping) return;
      const now = clock.now();
      const some = devices.slice(start, start + atOnce);
      const work = () => this.#judgeDevices(some, { ...district, now }, !isAll, changed);
      for (const id of await this.#inTurn(work)) waiting.delete(id);
      untold.push(...some);
      if (untold.length < toldTogether) continue;
      this.#tellOf(untold, touched, changed);
      untold = [];
    }
    const left = [...waiting];
    for (let start = 0; start < left.length; start += atOnce) {
      if (this.#stopping) return;
      const now = clock.now();
      const some = left.slice(start, start + atOnce);
      await this.#inTurn(() => this.#judgePeople(some, { ...district, now }, changed));
    }
    this.#deadlines.arm();
    this.#tellOf(untold, touched, changed);
  }

  /** Of those who said something or now stand otherwise. */
  #tellOf(judged: readonly string[], touched: ReadonlySet<string>, { worded }: Changed): void {
    const deviceIds = judged.filter((id) => touched.has(id) || worded.has(id));
    if (deviceIds.length > 0) this.#parts.bus.publish('devices-judged', { deviceIds });
  }

  /** A report passes the loop several times until it is acknowledged, and must not meet a batch each time. */
  async #inTurn<T>(batch: () => Promise<T>): Promise<T> {
    const { clock } = this.#parts;
    const begun = clock.monotonic();
    const result = await batch();
    await pause(Math.min(clock.monotonic() - begun, longestPauseMs));
    return result;
  }

  async #everybody(): Promise<string[]> {
    const { posture, obligations } = this.#parts.stores;
    return [...new Set([...(await posture.everHolding()), ...(await obligations.everOf()).keys()])];
  }

  /** A device that said nothing which checks read need not be judged. */
  async #due(ids: readonly string[], touched: ReadonlySet<string>): Promise<string[]> {
    const reported = ids.filter((id) => !touched.has(id));
    const saying = reported.length === 0 ? undefined : await this.#parts.stores.judgements.inputs(reported);
    return ids.filter((id) => touched.has(id) || saying?.has(id));
  }

  /** At the first pass what the calendars were before is not known, only whether one was saved since everything was judged. */
  #movedFrom(calendars: readonly CalendarRecord[]): number | null {
    if (this.#calendars) return movedBetween(this.#calendars, calendars);
    return calendars.some(({ updatedAt }) => updatedAt > this.#allJudgedAt) ? Number.NEGATIVE_INFINITY : null;
  }

  /** Judges devices and those people of theirs whom it moves, and stores both at once. Returns the people. */
  async #judgeDevices(
    ids: readonly string[],
    district: District,
    withHolders: boolean,
    changed: Changed,
  ): Promise<string[]> {
    const { stores, parameters } = this.#parts;
    const read = (some: readonly string[], since?: ReadonlyMap<string, number>) =>
      readCases(stores, this.#presence, district, some, since);
    const judged = await judgeDevices(ids, read, stores, parameters, district.now);
    for (const id of ids) this.#deadlines.set(id, judged.deadlines.get(id) ?? null);
    const moved = judged.contacts.filter((contact) => !this.#presence.noteJudged(contact));
    this.#touch(moved.map(({ deviceId }) => deviceId));
    const people = await this.#peopleOf(ids, judged.movedFrom, withHolders, district.now);
    const { changes, deadlines } = await judgePeople(people, stores, judged.derived, district);
    for (const [id, deadline] of deadlines) this.#deadlines.set(personPrefix + id, deadline);
    for (const { deviceId } of judged.checks) changed.worded.add(deviceId);
    for (const { subjectId } of judged.devices) changed.worded.add(subjectId);
    changed.deviceIds.push(...judged.devices.map(({ subjectId }) => subjectId));
    changed.personIds.push(...changes.map(({ subjectId }) => subjectId));
    // What fails only when it goes to disk can be read already.
    await stores.judgements.write({ ...judged, people: changes });
    return people.map(({ id }) => id);
  }

  /** Who held a device since its verdicts moved; also who holds it now, where something else of it may have changed. */
  async #peopleOf(
    ids: readonly string[],
    movedFrom: ReadonlyMap<string, number>,
    withHolders: boolean,
    now: number,
  ): Promise<PersonCase[]> {
    const custodies = await this.#parts.stores.custody.everOfDevices(ids);
    const since = new Map<string, number>();
    for (const [deviceId, own] of custodies) {
      const moved = movedFrom.get(deviceId) ?? (withHolders ? now : undefined);
      if (moved === undefined) continue;
      for (const { personId, startsAt, endedAt } of own)
        if (endedAt === null || endedAt >= moved)
          since.set(personId, Math.min(Math.max(moved, startsAt), since.get(personId) ?? now));
    }
    return [...since].map(([id, from]) => ({ id, since: from }));
  }

  async #judgePeople(ids: readonly string[], district: District, changed: Changed): Promise<void> {
    const { stores } = this.#parts;
    const people = ids.map((id) => ({ id, since: district.now }));
    const { changes, deadlines } = await judgePeople(people, stores, new Map(), district);
    for (const [id, deadline] of deadlines) this.#deadlines.set(personPrefix + id, deadline);
    changed.personIds.push(...changes.map(({ subjectId }) => subjectId));
    await stores.judgements.write({ checks: [], devices: [], people: changes, judgedUpTo: new Map(), consumed: [] });
  }
}

/** By the checks that count. */
function counting({ findings, verdict, leniency: { policy, calendar } }: DeviceStanding): Judged {
  return { findings: findings.filter(({ severity }) => severity !== 'minor'), verdict, policy, calendar };
}
