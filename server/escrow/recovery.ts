import type { Query, RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { OpenedRecoveryKey, RecoveryKeyView, RecoveryRequestView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Seen } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import { Endings } from '../endings.ts';
import type { Follower } from '../helpdesk/approvals.ts';
import type { Actor, EventLog, LifeCycle, Page, Recovery, StaffPerson } from '../services.ts';
import type { ApprovalRecord, ApprovalState } from '../store/approvals.ts';
import type { RecoveryKeyRow, RecoveryRequestRow, RecoveryStore } from '../store/recovery.ts';
import type { EscrowKeyService } from './escrow-keys.ts';
import type { RecoveryApprovals } from './recovery-approvals.ts';
import { keyView, requestView } from './views.ts';

export interface RecoveryParts {
  stores: { recovery: RecoveryStore };
  escrow: EscrowKeyService;
  signing: Pick<RecoveryApprovals, 'ask' | 'demandSigned' | 'end'>;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

const openForMs = 3_600_000;
/** Of one person at a time. */
const mostOpen = 20;

/**
 * Reading recovery keys: one asks with a reason, two approvers sign, another person opens it with the passphrase, and the first sees
 * the key once. Between the two it is in this process's memory alone; a restart forgets it.
 */
export class RecoveryService implements Recovery, LifeCycle, Follower {
  readonly #parts: RecoveryParts;
  readonly #ends: Endings;
  /** Request → the key in clear. */
  readonly #opened = new Map<string, Buffer>();
  #unsubscribe: () => void = () => undefined;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#ends = new Endings({ clock, onError, endOverdue: () => this.#endOverdue() });
  }

  /** Ends what ended while the server was away; what was approved and not yet seen cannot be seen any more. */
  async start(): Promise<void> {
    const { bus, stores } = this.#parts;
    this.#unsubscribe = bus.subscribe('reported', ({ byKind: { 'recovery-key': deviceIds } }) => {
      if (deviceIds) bus.publish('recovery-changed', { deviceIds });
    });
    await stores.recovery.forgetApproved();
    await this.#ends.start(() => stores.recovery.open());
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#ends.stop();
    for (const id of [...this.#opened.keys()]) this.#forget(id);
  }

  /** Resolves when all that is due has ended. */
  async settled(): Promise<void> {
    await this.#ends.settled();
  }

  async keysOfDevice(deviceId: string, reader: StaffPerson | undefined): Promise<RecoveryKeyView[]> {
    const { recovery } = this.#parts.stores;
    if (!(await recovery.deviceExists(deviceId))) throw new CodedError('not-found', 'There is no such device.');
    const escrowKeys = new Map((await recovery.escrowKeys()).map((key) => [key.id, key]));
    const requests = Map.groupBy(await recovery.requestsOfDevice(deviceId), (row) => row.recovery_key_id);
    const now = this.#parts.clock.now();
    return (await recovery.keysOfDevice(deviceId)).map((key) =>
      keyView(key, escrowKeys.get(key.escrow_key_id), requests.get(key.id) ?? [], { now, reader: reader?.id }),
    );
  }

  async requests(
    query: Seen<Query<Routes['listRecoveryRequests']>>,
    reader: StaffPerson | undefined,
  ): Promise<Page<RecoveryRequestView>> {
    const now = this.#parts.clock.now();
    const page = await this.#parts.stores.recovery.page(query, now);
    return { ...page, items: page.items.map((row) => requestView(row, { now, reader: reader?.id })) };
  }

  async ask(keyId: string, words: string, by: StaffPerson): Promise<RecoveryRequestView> {
    const { stores, clock, random } = this.#parts;
    const reason = plainText(words, '');
    if (reason.length < 3) throw new CodedError('bad-request', 'Say why, in a few words: a ticket or what it is for.');
    const key = await stores.recovery.findKey(keyId);
    if (!key) throw new CodedError('not-found', 'There is no such recovery key.');
    await this.#demandNotAsked(key, by);
    const now = clock.now();
    const id = random.uuid();
    await stores.recovery.addRequest({
      ...{ id, reason, recovery_key_id: key.id, asked_by: by.id, asked_at: now, expires_at: now + openForMs },
      ...{ outcome: null, decided_by: null, decided_at: null, shown_at: null },
    });
    this.#ends.expect(id, now + openForMs);
    const { device_name: deviceName } = await this.#found(id);
    const asked = { id, deviceName, reason, by, at: now, expiresAt: now + openForMs };
    await this.#parts.signing.ask(key, asked);
    await this.#tell('recovery-asked', key, `was asked for: ${reason}`, by.actor);
    return await this.#view(id, by);
  }

  async decide(
    id: string,
    decision: RequestBody<Routes['decideRecoveryRequest']>,
    by: StaffPerson,
  ): Promise<RecoveryRequestView> {
    const request = await this.#found(id);
    if (request.asked_by === by.id)
      throw new CodedError('forbidden', 'Another person decides this: nobody approves their own request.');
    if (requestView(request, { now: this.#parts.clock.now(), reader: by.id }).state !== 'waiting')
      throw new CodedError('conflict', 'This request was decided already, or its hour is over. Ask again.');
    const key = await this.#keyOf(request);
    if (decision.outcome === 'refused') await this.#refuse(request, key, by);
    else await this.#approve(request, key, decision.passphrase, by);
    return await this.#view(id, by);
  }

  async show(id: string, by: StaffPerson): Promise<OpenedRecoveryKey> {
    const { stores, clock } = this.#parts;
    const request = await this.#found(id);
    if (request.asked_by !== by.id) throw new CodedError('forbidden', 'Only the person who asked sees the key.');
    const held = this.#opened.get(id);
    if (!held || !(await stores.recovery.markShown(id, clock.now())))
      throw new CodedError('conflict', 'There is no key to see: not approved, seen already, or too late. Ask again.');
    const key = await this.#keyOf(request);
    await this.#tell('recovery-shown', key, `was shown to the person who asked: ${request.reason}`, by.actor);
    const shown = held.toString('utf8');
    this.#forget(id);
    return { volume: key.volume, protector: key.protector, key: shown };
  }

  /** Nobody will sign it any more: the request ends with that, and may be made anew. */
  async over(
    { subject_id: id }: Pick<ApprovalRecord, 'subject_id'>,
    state: Exclude<ApprovalState, 'open' | 'signed'>,
  ): Promise<void> {
    const { stores, clock } = this.#parts;
    if (state === 'expired' || !(await stores.recovery.decide(id, 'refused', null, clock.now()))) return;
    this.#ends.forget(id);
    const key = await this.#keyOf(await this.#found(id));
    await this.#tell('recovery-refused', key, `stays closed: what was to be signed for it was ${state}`, 'server');
  }

  async #approve(request: RecoveryRequestRow, key: RecoveryKeyRow, passphrase: string, by: StaffPerson): Promise<void> {
    const { escrow, stores, clock, signing } = this.#parts;
    await signing.demandSigned(request.id);
    const clear = await escrow.open(key, passphrase, by);
    if (!(await stores.recovery.decide(request.id, 'approved', by.id, clock.now()))) {
      clear.fill(0);
      throw new CodedError('conflict', 'This request was decided by somebody else meanwhile, or its hour is over.');
    }
    this.#opened.set(request.id, clear);
    await this.#tell('recovery-approved', key, `may be read by the person who asked: ${request.reason}`, by.actor);
  }

  async #refuse(request: RecoveryRequestRow, key: RecoveryKeyRow, by: StaffPerson): Promise<void> {
    const { stores, clock } = this.#parts;
    if (!(await stores.recovery.decide(request.id, 'refused', by.id, clock.now())))
      throw new CodedError('conflict', 'This request was decided by somebody else meanwhile, or its hour is over.');
    this.#ends.forget(request.id);
    await this.#parts.signing.end(request.id);
    await this.#tell('recovery-refused', key, `stays closed: the request was refused (${request.reason})`, by.actor);
  }

  async #demandNotAsked(key: RecoveryKeyRow, by: StaffPerson): Promise<void> {
    const now = this.#parts.clock.now();
    const open = (await this.#parts.stores.recovery.openOf(by.id, now)).map(({ recovery_key_id }) => recovery_key_id);
    if (open.includes(key.id))
      throw new CodedError('conflict', 'You have asked for this key already. Another person decides within the hour.');
    if (open.length >= mostOpen)
      throw new CodedError('too-many-requests', 'Wait until your other requests are decided.');
  }

  async #found(id: string): Promise<RecoveryRequestRow> {
    const request = await this.#parts.stores.recovery.findRequest(id);
    if (!request) throw new CodedError('not-found', 'There is no such request.');
    return request;
  }

  async #keyOf({ recovery_key_id }: RecoveryRequestRow): Promise<RecoveryKeyRow> {
    const key = await this.#parts.stores.recovery.findKey(recovery_key_id);
    if (!key) throw new Error(`the recovery key ${recovery_key_id} was asked for, and is gone`);
    return key;
  }

  async #view(id: string, reader: StaffPerson): Promise<RecoveryRequestView> {
    return requestView(await this.#found(id), { now: this.#parts.clock.now(), reader: reader.id });
  }

  #forget(id: string): void {
    this.#opened.get(id)?.fill(0);
    this.#opened.delete(id);
    this.#ends.forget(id);
  }

  async #endOverdue(): Promise<void> {
    const { stores, events, bus, clock } = this.#parts;
    const ended = await stores.recovery.endOverdue(clock.now());
    for (const { id, deviceId, volume } of ended) {
      this.#forget(id);
      await this.#parts.signing.end(id);
      const words = `The request for the recovery key of ${volume} ended by itself after an hour.`;
      await events.add({ actor: 'server', code: 'recovery-expired', words, subject: { kind: 'device', id: deviceId } });
    }
    if (ended.length > 0) bus.publish('recovery-changed', { deviceIds: ended.map(({ deviceId }) => deviceId) });
  }

  /** The event says the device, and who as its actor; never the key. */
  async #tell(code: string, { device_id, volume }: RecoveryKeyRow, rest: string, by: Actor): Promise<void> {
    const subject = { kind: 'device' as const, id: device_id };
    await this.#parts.events.add({ actor: by, code, words: `The recovery key of ${volume} ${rest}`, subject });
    this.#parts.bus.publish('recovery-changed', { deviceIds: [device_id] });
  }
}
