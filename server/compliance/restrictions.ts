import { setImmediate } from 'node:timers/promises';
import type { Query, RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { RestrictionHold, RestrictionView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { defaultSteps } from '../../shared/compliance/policy.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import { restrictionProblems } from '../../shared/policy/restriction.ts';
import type { Seen } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import type { Actor, EventLog, LifeCycle, Page, Restrictions } from '../services.ts';
import type { CustodyRecord, CustodyStore } from '../store/custody.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { PostureStore } from '../store/posture.ts';
import type { ProfileStore } from '../store/profiles.ts';
import type { RestrictionRecord, RestrictionStore } from '../store/restrictions.ts';
import type { VerdictStore } from '../store/verdicts.ts';
import { iso } from '../store/views/rows.ts';
import { readCompliancePolicy } from './policy.ts';
import { RestrictionBrake } from './restriction-brake.ts';
import { decideRestriction, type RestrictingProfile, type StandingDevice } from './restriction-plan.ts';

export interface RestrictionParts {
  stores: {
    restrictions: RestrictionStore;
    verdicts: VerdictStore;
    custody: CustodyStore;
    profiles: ProfileStore;
    documents: DocumentStore;
    posture: PostureStore;
  };
  /** Those of these devices that are in service, as they are judged now. */
  judged: (deviceIds: readonly string[]) => Promise<ReadonlyMap<string, StandingDevice>>;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

interface Ending {
  open: RestrictionRecord;
  reason: string;
}

/** Stands for it among the devices that wait to be looked at. */
const restrictingProfile = 'the restricting profile';
/** Devices judged between two looks at the sockets. */
const atOnce = 500;
const sampled = 50;

/**
 * Narrows devices whose failures the policy waited for long enough, and lifts that at once when they are put right,
 * waived or handed on. A mistake in the policy must not darken a district: when many would be narrowed within an hour,
 * none is until somebody looked.
 */
export class RestrictionService implements Restrictions, LifeCycle {
  readonly #parts: RestrictionParts;
  readonly #queue: ChangeQueue;
  readonly #brake: RestrictionBrake;
  /** Device → the restriction that would begin; complete after the first pass. */
  readonly #waiting = new Map<string, RestrictionRecord>();
  /** When a device is looked at again: the judge knows only of its own deadlines, not of how long somebody has it. */
  readonly #moments: Deadlines;
  /** The restricting profile as it was when every device was last looked at. */
  #inForce = '';
  #unsubscribe: (() => void)[] = [];

  constructor(parts: RestrictionParts) {
    this.#parts = parts;
    const { stores, events, clock, onError } = parts;
    this.#brake = new RestrictionBrake({ stores, events, clock, changed: () => this.#tellConsole() });
    this.#queue = new ChangeQueue({ work: (ids) => this.#work(ids), clock, onError });
    this.#moments = new Deadlines(clock, (ids) => this.#queue.add(ids));
  }

  /** Looks at every device once, then follows the verdicts; moments of steps are among the judge's own deadlines. */
  async start(): Promise<void> {
    const { bus } = this.#parts;
    this.#unsubscribe = [
      bus.subscribe('devices-judged', ({ deviceIds }) => this.#queue.add(deviceIds)),
      bus.subscribe('device-changed', ({ deviceIds }) => this.#queue.add(deviceIds)),
      bus.subscribe('device-revoked', ({ deviceId }) => this.#queue.add([deviceId])),
      bus.subscribe('policy-changed', () => this.#queue.add([restrictingProfile])),
    ];
    this.#queue.add('all');
    await this.#queue.settled();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#moments.disarm();
    await this.#queue.stop();
    this.#moments.disarm();
  }

  /** Resolves when everything published so far has been worked in. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  async list(query: Seen<Query<Routes['listRestrictions']>>): Promise<Page<RestrictionView>> {
    return await this.#parts.stores.restrictions.page(query);
  }

  async hold(): Promise<RestrictionHold> {
    const { stores } = this.#parts;
    const held = await this.#brake.held();
    const first = [...this.#waiting.values()].slice(0, sampled);
    const names = await stores.posture.names(first.map(({ deviceId }) => deviceId));
    return {
      held: held && { ...held, since: iso(held.since) },
      waiting: this.#waiting.size,
      sample: first.map(({ deviceId: id, reason }) => ({ device: { id, name: names.get(id) ?? id }, reason })),
      open: (await stores.restrictions.open()).size,
      brake: await this.#brake.limit(),
    };
  }

  async decideHold(
    { action, reason, waiting }: RequestBody<Routes['decideRestrictionHold']>,
    actor: Actor,
  ): Promise<RestrictionHold> {
    await this.settled();
    const why = plainText(reason, '');
    if (why.length < 3) throw new CodedError('bad-request', 'Say why, in a few words: it stands in the events.');
    if (action === 'confirm' && this.#waiting.size > waiting) throw new CodedError('changed-meanwhile');
    if (action === 'hold') await this.#brake.hold(why, actor);
    else await this.#brake.confirm(why, this.#waiting.size, actor);
    this.#queue.add([...this.#waiting.keys()]);
    await this.settled();
    this.#tellConsole();
    return await this.hold();
  }

  async #work(ids: readonly string[] | 'all'): Promise<void> {
    const { stores } = this.#parts;
    const profile = await this.#profile();
    const inForce = JSON.stringify(profile);
    const isAll = ids === 'all' || (ids.includes(restrictingProfile) && inForce !== this.#inForce);
    const all = isAll ? await stores.posture.deviceIds() : ids.filter((id) => id !== restrictingProfile);
    const opens = await stores.restrictions.open(isAll ? undefined : all);
    const ended: Ending[] = [];
    const moved: RestrictionRecord[] = [];
    for (let start = 0; start < all.length; start += atOnce) {
      const some = await this.#concerned(all.slice(start, start + atOnce), opens);
      await this.#decide(some, opens, profile, ended, moved);
      await setImmediate();
    }
    this.#moments.arm();
    await this.#commit(ended, moved, profile);
    if (isAll) this.#inForce = inForce;
  }

  /** Those of these that are restricted, wait to be, or fail: of the others nothing can come. */
  async #concerned(ids: readonly string[], opens: ReadonlyMap<string, RestrictionRecord>): Promise<string[]> {
    const verdicts = await this.#parts.stores.verdicts.open('device', ids);
    return ids.filter((id) => opens.has(id) || this.#waiting.has(id) || verdicts.get(id)?.state === 'noncompliant');
  }

  async #decide(
    ids: readonly string[],
    opens: ReadonlyMap<string, RestrictionRecord>,
    profile: RestrictingProfile,
    ended: Ending[],
    moved: RestrictionRecord[],
  ): Promise<void> {
    if (ids.length === 0) return;
    const { judged, stores, clock } = this.#parts;
    const standings = await judged(ids);
    const custodies = await stores.custody.openCustodyOfDevices(ids);
    for (const id of ids) {
      const [open, custody] = [opens.get(id), custodies.get(id)];
      const facts = {
        open,
        standing: standings.get(id),
        holder: custody ? { id: custody.personId, since: custody.startsAt } : null,
      };
      const step = decideRestriction(facts, profile, clock.now());
      this.#waiting.delete(id);
      this.#moments.set(id, step.does === 'nothing' ? step.lookAt : null);
      if (step.does === 'begin' && custody && profile)
        this.#waiting.set(id, this.#record(custody, profile.id, step.reason));
      if (step.does === 'end' && open) ended.push({ open, reason: step.reason });
      if (step.does === 'move' && open) moved.push(open);
    }
  }

  #record({ deviceId, personId }: CustodyRecord, profileId: string, reason: string): RestrictionRecord {
    const { random, clock } = this.#parts;
    return { id: random.uuid(), deviceId, personId, profileId, reason, from: clock.now() };
  }

  async #commit(
    ended: readonly Ending[],
    moved: readonly RestrictionRecord[],
    profile: RestrictingProfile,
  ): Promise<void> {
    const { stores, clock, bus } = this.#parts;
    const begun = await this.#brake.release([...this.#waiting.values()]);
    if (begun.length + ended.length + moved.length === 0) return;
    await stores.restrictions.change({
      begun,
      ended: ended.map(({ open, reason }) => ({ id: open.id, reason })),
      moved: moved.map(({ id }) => ({ id, profileId: profile?.id ?? '' })),
      at: clock.now(),
    });
    for (const { deviceId } of begun) this.#waiting.delete(deviceId);
    const deviceIds = [...begun, ...moved, ...ended.map(({ open }) => open)].map(({ deviceId }) => deviceId);
    bus.publish('restrictions-changed', { deviceIds });
    for (const { deviceId, reason } of begun)
      await this.#tell(deviceId, 'device-restricted', `Restricted until it is put right: ${reason}`);
    for (const { open, reason } of ended)
      await this.#tell(open.deviceId, 'restriction-lifted', `The restriction was lifted: ${reason}.`);
    for (const { deviceId } of moved)
      await this.#tell(
        deviceId,
        'restriction-moved',
        `The restriction follows the policy: it is “${profile?.name}” now.`,
      );
  }

  #tellConsole(): void {
    this.#parts.bus.publish('restrictions-changed', { deviceIds: [] });
  }

  async #profile(): Promise<RestrictingProfile> {
    const { documents, profiles } = this.#parts.stores;
    const { restrict } = (await readCompliancePolicy(documents)).policy.steps ?? defaultSteps;
    if (!restrict) return null;
    const record = await profiles.find(restrict.profileId);
    if (!record?.published) {
      return { id: restrict.profileId, name: record?.name ?? '', problem: 'its profile is not published any more' };
    }
    const [problem = null] = restrictionProblems(record.published.settings);
    return { id: record.id, name: record.name, problem };
  }

  async #tell(deviceId: string, code: string, words: string): Promise<void> {
    await this.#parts.events.add({ actor: byItself, code, words, subject: { kind: 'device', id: deviceId } });
  }
}

const byItself = 'server';
