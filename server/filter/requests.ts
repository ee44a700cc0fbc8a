import type Type from 'typebox';
import type { RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { OverrideInput, UnblockRequestView } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Seen } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import { heldWebFilter } from '../profiles/held-section.ts';
import type { Actor, EventLog, LifeCycle, Page, UnblockRequests } from '../services.ts';
import type { DesiredStore } from '../store/desired.ts';
import type { RequestRecord, RequestStore } from '../store/requests.ts';
import { unliftable } from './override-rules.ts';
import type { OverrideService } from './overrides.ts';

export interface RequestParts {
  stores: { requests: RequestStore; desired: DesiredStore };
  overrides: OverrideService;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  onError: (error: unknown) => void;
}

type Decision = RequestBody<Routes['decideRequest']>;

/** For how long a name is opened when staff do not say. */
const usualMinutes = 24 * 60;
const openForMs = 30 * 86_400_000;
const expiredWords = 'Nobody decided in 30 days. Ask again if you still need it.';

/** What people ask on the block page: decided by staff, told to the person on the device, closed when nobody decides. */
export class UnblockRequestService implements UnblockRequests, LifeCycle {
  readonly #parts: RequestParts;
  readonly #expiry: Deadlines;
  readonly #stale: ChangeQueue;
  #unsubscribe: () => void = () => undefined;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#stale = new ChangeQueue({ work: () => this.#expire(), clock, onError });
    this.#expiry = new Deadlines(clock, (ids) => this.#stale.add(ids));
  }

  async start(): Promise<void> {
    const { bus } = this.#parts;
    this.#unsubscribe = bus.subscribe('reported', async ({ byKind }) => {
      if (!byKind['unblock-request']) return;
      bus.publish('requests-changed', { deviceIds: [] });
      await this.#watchOldest();
    });
    await this.#expire();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#expiry.disarm();
    await this.#stale.stop();
    this.#expiry.disarm();
  }

  /** Resolves when all that is due has expired. */
  async settled(): Promise<void> {
    await this.#stale.settled();
  }

  async list(query: Seen<Type.Static<Routes['listRequests']['query']>>): Promise<Page<UnblockRequestView>> {
    return await this.#parts.stores.requests.page(query, this.#parts.clock.now());
  }

  async decide(id: string, decision: Decision, actor: Actor): Promise<UnblockRequestView> {
    const request = await this.#parts.stores.requests.find(id);
    if (!request) throw new CodedError('not-found', 'There is no such request.');
    if (request.state !== 'open') throw new CodedError('conflict', 'This request has been decided already.');
    const reason = plainText(decision.reason, '');
    if (reason.length < 3) throw new CodedError('bad-request', 'Say why, in a few words: the person reads it.');
    if (decision.outcome === 'granted') await this.#grant(request, decision, reason, actor);
    else await this.#refuse(request, reason, actor);
    const view = await this.#parts.stores.requests.view(id, this.#parts.clock.now());
    if (!view) throw new Error(`the request ${id} was decided, and is gone`);
    return view;
  }

  /** The name that was asked for and everything below it. */
  async #grant(request: RequestRecord, decision: Decision, reason: string, actor: Actor): Promise<void> {
    const { stores, overrides, clock } = this.#parts;
    await this.#demandLiftable(request);
    const input: OverrideInput = {
      target: targetOf(request, decision.target),
      kind: 'allow',
      domains: [request.name],
      categories: [],
      minutes: decision.minutes ?? usualMinutes,
      reason,
    };
    const override = await overrides.prepare(input, actor, request.id);
    await stores.requests.decide(request.id, { state: 'granted', reason, by: actor, at: clock.now() }, override);
    await overrides.began(override);
    await this.#decided(request, 'request-granted', `${request.name} was opened as asked: ${reason}`, actor);
  }

  async #refuse(request: RequestRecord, reason: string, actor: Actor): Promise<void> {
    const { stores, clock } = this.#parts;
    await stores.requests.decide(request.id, { state: 'refused', reason, by: actor, at: clock.now() });
    await this.#decided(request, 'request-refused', `${request.name} stays blocked: ${reason}`, actor);
  }

  /** By the policy of the device it was asked on, which also says what a class or a school may not open. */
  async #demandLiftable({ deviceId, name, category }: RequestRecord): Promise<void> {
    const section = await heldWebFilter(this.#parts.stores.desired, deviceId);
    const categories = category === null ? [] : [category];
    const forbidden = section ? unliftable(section.settings, { domains: [name], categories }) : [];
    if (forbidden.length > 0) throw new CodedError('not-liftable', undefined, forbidden);
  }

  async #decided({ deviceId }: RequestRecord, code: string, words: string, actor: Actor): Promise<void> {
    const { events, bus } = this.#parts;
    await events.add({ actor, code, words, subject: { kind: 'device', id: deviceId } });
    bus.publish('requests-changed', { deviceIds: [deviceId] });
  }

  async #expire(): Promise<void> {
    const { stores, bus, clock } = this.#parts;
    const deviceIds = await stores.requests.expire(clock.now() - openForMs, clock.now(), expiredWords);
    if (deviceIds.length > 0) bus.publish('requests-changed', { deviceIds });
    await this.#watchOldest();
  }

  async #watchOldest(): Promise<void> {
    const oldest = await this.#parts.stores.requests.oldestOpen();
    this.#expiry.set('oldest', oldest === undefined ? null : oldest + openForMs);
    this.#expiry.arm();
  }
}

function targetOf({ deviceId, personId, orgId }: RequestRecord, wanted: Decision['target']): OverrideInput['target'] {
  if (wanted === 'device' || (wanted === undefined && personId === null)) return { kind: 'device', id: deviceId };
  if (wanted === 'school') {
    if (orgId !== null) return { kind: 'org', id: orgId };
    throw new CodedError(
      'bad-override',
      'The roster does not say to which school this person belongs. Open it for the person.',
    );
  }
  if (personId !== null) return { kind: 'person', id: personId };
  throw new CodedError('bad-override', 'Nobody held the device when this was asked. Open it for the device.');
}
