import type { FileAnswer, RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { DiagnosisView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import type { StreamFilter, StreamKind } from '../../shared/diagnostics/streams.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { largestBundle } from '../../shared/protocol/diagnosis-messages.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import { displayName } from '../audit/display-name.ts';
import type { Bus } from '../bus.ts';
import type { Watcher } from '../gateway/live-views.ts';
import type { Diagnoses, DiagnosisAnswer, EventLog, Gateway, LifeCycle, StaffPerson } from '../services.ts';
import type { DeviceStore } from '../store/devices.ts';
import type { DiagnosisRecord, DiagnosisStore } from '../store/diagnoses.ts';
import type { TicketRow, TicketStore } from '../store/tickets.ts';
import { isZip, viewOf } from './diagnosis-view.ts';

export interface DiagnosisParts {
  store: DiagnosisStore;
  tickets: Pick<TicketStore, 'byId'>;
  devices: Pick<DeviceStore, 'read'>;
  /** What the person who holds the device is; undefined: nobody holds it. */
  roleOf: (deviceId: string) => Promise<'student' | 'staff' | undefined>;
  gateway: Pick<Gateway, 'order' | 'watch' | 'endDiagnosis' | 'isConnected'>;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

/** One that is not over, as far as it must be known without asking the database. */
interface Open {
  id: string;
  ticketId: string;
  deviceId: string;
  byStaff: string;
  state: 'opening' | 'asking' | 'running';
  isExamining: boolean;
  isBundling: boolean;
  /** Cancels what ends it when the device is silent, or its time is over. */
  cancel: () => void;
}

const minuteMs = 60_000;
/** A device that is connected answers at once. */
const silentMs = 30_000;
const keepBundlesMs = 30 * 24 * 60 * minuteMs;
const ended = {
  over: 'Its time was over.',
  disconnected: 'The device was disconnected.',
  restarted: 'The server was restarted.',
  silent: 'The device did not answer.',
  tooOld: 'The agent of this device is too old to be looked at: it needs an update.',
  ticket: 'The ticket is closed, or is about another device now.',
} as const;

/** Looks at devices; see `Diagnoses`. What devices say of a look counts only for their own, and only while it is open. */
export class DiagnosisService implements Diagnoses, LifeCycle {
  readonly #parts: DiagnosisParts;
  readonly #open = new Map<string, Open>();
  readonly #unsubscribe: (() => void)[] = [];

  constructor(parts: DiagnosisParts) {
    this.#parts = parts;
  }

  /** How many are not over. */
  get count(): number {
    return this.#open.size;
  }

  /** No look outlives the server that opened it: its device has ended it with the connection. */
  async start(): Promise<void> {
    const { bus, store } = this.#parts;
    await this.#endLeftOver();
    await store.dropBundles(this.#parts.clock.now() - keepBundlesMs);
    this.#unsubscribe.push(
      bus.subscribe('presence-changed', async ({ deviceIds, connected }) => {
        if (!connected) await this.#endOfDevices(deviceIds);
      }),
      bus.subscribe('device-revoked', ({ deviceId }) => this.#endOfDevices([deviceId])),
      bus.subscribe('tickets-changed', ({ ticketIds }) => this.#endOfTickets(ticketIds)),
    );
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    for (const one of [...this.#open.values()]) await this.#close(one, 'ended', ended.restarted);
  }

  async open(
    ticketId: string,
    { reason, minutes }: RequestBody<Routes['openDiagnosis']>,
    by: StaffPerson,
  ): Promise<DiagnosisView> {
    const { store, clock, random, gateway, roleOf } = this.#parts;
    const { ticket, deviceId } = await this.#demandDevice(ticketId);
    const role = await roleOf(deviceId);
    const openedAt = clock.now();
    const id = random.uuid();
    const record = { id, ticketId, deviceId, byStaff: by.id, by: by.actor, reason, openedAt };
    const until = openedAt + minutes * minuteMs;
    if (!(await store.insert({ ...record, until }))) await this.#refuseSecond(deviceId);
    const cancel = clock.after(silentMs, () => this.#endSoon(id, ended.silent));
    const one: Open = { ...record, state: 'opening', isExamining: false, isBundling: false, cancel };
    this.#open.set(id, one);
    const who = displayName(by.actor, 'the helpdesk');
    await this.#note(one, by.actor, 'diagnosis-opened', `A look at the device for ${minutes} min was opened.`, reason);
    const body = { id, ticket: ticket.number, reason, by: who, until, seconds: minutes * 60, ...(role && { role }) };
    if (!gateway.order(deviceId, { type: 'diagnosis-open', body })) await this.#close(one, 'ended', ended.disconnected);
    this.#tell(one);
    return await this.read(id);
  }

  async ofTicket(ticketId: string): Promise<DiagnosisView[]> {
    if (!(await this.#parts.tickets.byId(ticketId))) throw new CodedError('not-found', 'There is no such ticket.');
    return (await this.#parts.store.ofTicket(ticketId)).map(viewOf);
  }

  async read(id: string): Promise<DiagnosisView> {
    return viewOf(await this.#demand(id));
  }

  async end(id: string, by: StaffPerson): Promise<DiagnosisView> {
    await this.#demand(id);
    const one = this.#open.get(id);
    if (one) await this.#close(one, 'ended', `${displayName(by.actor, 'the helpdesk')} stopped looking.`, by.actor);
    return await this.read(id);
  }

  async examine(id: string, by: StaffPerson): Promise<DiagnosisView> {
    const one = await this.#demandRunning(id, by);
    if (one.isExamining) throw new CodedError('conflict', 'The device is being examined already.');
    one.isExamining = true;
    await this.#note(one, by.actor, 'diagnosis-examined', 'The device was asked what is wrong with it.');
    this.#parts.gateway.order(one.deviceId, { type: 'examine', body: { id } });
    return await this.read(id);
  }

  async askBundle(id: string, by: StaffPerson): Promise<DiagnosisView> {
    const one = await this.#demandRunning(id, by);
    if (one.isBundling) throw new CodedError('conflict', 'A support bundle has been asked for already.');
    one.isBundling = true;
    await this.#parts.store.bundleStands(id, 'asked', this.#parts.clock.now());
    await this.#note(one, by.actor, 'bundle-asked', 'A support bundle of the device was asked for.');
    this.#parts.gateway.order(one.deviceId, { type: 'bundle-ask', body: { id } });
    this.#tell(one);
    return await this.read(id);
  }

  async bundle(id: string, by: StaffPerson): Promise<FileAnswer> {
    const record = await this.#demand(id);
    const bytes = await this.#parts.store.bundle(id);
    if (!bytes)
      throw new CodedError('not-found', 'There is no support bundle, or it was kept for 30 days and is gone.');
    await this.#note(record, by.actor, 'bundle-read', 'The support bundle of the device was downloaded.');
    return { name: `support-bundle-${id.slice(0, 8)}.zip`, type: 'application/zip', bytes };
  }

  async watch(
    watched: { diagnosisId: string; stream: StreamKind; filter?: StreamFilter | undefined },
    staffId: string,
    watcher: Watcher,
  ): Promise<() => void> {
    const one = this.#open.get(watched.diagnosisId);
    const refusal = await this.#whyNotLook(one, staffId);
    // It may have ended while the ticket was read.
    if (one && refusal === undefined && this.#open.has(one.id))
      return this.#parts.gateway.watch({ ...watched, deviceId: one.deviceId }, watcher);
    watcher.onEnd(refusal ?? 'No diagnosis is running.');
    return () => undefined;
  }

  /** What a device says. Of a look that is not its own, or is over, nothing counts. */
  async heard(deviceId: string, { type, body }: DiagnosisAnswer): Promise<void> {
    const one = this.#open.get(body.id);
    if (one?.deviceId !== deviceId) return;
    if (type === 'diagnosis-state') await this.#stands(one, body);
    else if (type === 'examination') await this.#examined(one, body);
    else await this.#bundled(one, body);
  }

  /** The agent is older than the message with this id. */
  notUnderstood(deviceId: string, about: string): void {
    if (this.#open.get(about)?.deviceId === deviceId) this.#endSoon(about, ended.tooOld);
  }

  async #stands(one: Open, { state, words, shown }: Body<'diagnosis-state'>): Promise<void> {
    if (state === 'refused' || state === 'ended') return await this.#close(one, state, words, 'device');
    if (one.state === 'running') return;
    one.state = state;
    if (!(await this.#parts.store.answered(one.id, state, shown))) return;
    const record = await this.#demand(one.id);
    one.cancel();
    const left = Math.max(0, record.until - this.#parts.clock.now());
    one.cancel = this.#parts.clock.after(left, () => this.#endSoon(one.id, ended.over));
    this.#tell(one);
  }

  async #examined(one: Open, { examination }: Body<'examination'>): Promise<void> {
    if (one.state !== 'running' || !one.isExamining) return;
    one.isExamining = false;
    if (examination) await this.#parts.store.examined(one.id, examination);
    this.#tell(one);
  }

  async #bundled(one: Open, { state, zip }: Body<'bundle'>): Promise<void> {
    if (one.state !== 'running' || !one.isBundling) return;
    const { store, clock } = this.#parts;
    if (state === 'ready') {
      const bytes = Buffer.from(zip ?? '', 'base64');
      one.isBundling = false;
      if (!isZip(bytes) || bytes.length > largestBundle) await store.bundleStands(one.id, 'refused', clock.now());
      else await store.keepBundle(one.id, bytes, clock.now());
    } else {
      one.isBundling = state === 'preview';
      await store.bundleStands(one.id, state, clock.now());
    }
    if (state !== 'preview') {
      const words = state === 'ready' ? 'The person sent the support bundle.' : 'The person kept the support bundle.';
      await this.#note(one, 'device', state === 'ready' ? 'bundle-sent' : 'bundle-refused', words);
    }
    this.#tell(one);
  }

  async #demand(id: string): Promise<DiagnosisRecord> {
    const found = await this.#parts.store.byId(id);
    if (!found) throw new CodedError('not-found', 'There is no such look at a device.');
    return found;
  }

  async #demandDevice(ticketId: string): Promise<{ ticket: TicketRow; deviceId: string }> {
    const { tickets, devices, gateway } = this.#parts;
    const ticket = await tickets.byId(ticketId);
    if (!ticket) throw new CodedError('not-found', 'There is no such ticket.');
    if (isOver(ticket))
      throw new CodedError('conflict', 'This ticket is closed. Open it again before you look at its device.');
    const { device_id: deviceId } = ticket;
    if (deviceId === null)
      throw new CodedError('conflict', 'This ticket names no device. Say which one it is about before you look at it.');
    const device = await devices.read(deviceId);
    if (device?.status !== 'active')
      throw new CodedError('conflict', 'This device is not in service, so nobody can look at it.');
    if (!gateway.isConnected(deviceId))
      throw new CodedError('conflict', 'This device is not connected now. Look at it when it is back.');
    return { ticket, deviceId };
  }

  async #refuseSecond(deviceId: string): Promise<never> {
    const open = await this.#parts.store.openOf(deviceId);
    const who = open?.by.replace(/^[a-z]+:/, '') ?? 'Somebody';
    throw new CodedError('conflict', `${who} looks at this device already. One look at a time is shown to its person.`);
  }

  async #demandRunning(id: string, by: StaffPerson): Promise<Open> {
    const record = await this.#demand(id);
    const one = this.#open.get(id);
    const refusal = await this.#whyNotLook(one, by.id);
    if (one && refusal === undefined) return one;
    throw new CodedError(one?.state === 'running' ? 'forbidden' : 'conflict', refusal ?? record.ended ?? undefined);
  }

  /** In words for whoever may not. */
  async #whyNotLook(one: Open | undefined, staffId: string): Promise<string | undefined> {
    if (!one) return 'No diagnosis is running.';
    const isTheirs = one.byStaff === staffId || (await this.#parts.tickets.byId(one.ticketId))?.assignee_id === staffId;
    if (!isTheirs) return 'Only whoever opened this diagnosis, or works on its ticket, may look.';
    if (one.state === 'running') return undefined;
    return one.state === 'asking' ? 'The person has not answered yet.' : 'The device has not answered yet.';
  }

  /** Whoever comes first ends it; the device is told, whoever it was. */
  async #close(one: Open, state: 'ended' | 'refused', words: string, by?: string): Promise<void> {
    if (!this.#open.delete(one.id)) return;
    one.cancel();
    const { store, gateway, clock } = this.#parts;
    gateway.endDiagnosis(one.id, words);
    gateway.order(one.deviceId, { type: 'diagnosis-close', body: { id: one.id, reason: words.slice(0, 200) } });
    const isNew = await store.end(one.id, clock.now(), state, words.slice(0, 300));
    const told = state === 'refused' ? 'The look at the device was refused.' : 'The look at the device is over.';
    if (isNew) await this.#note(one, by ?? 'server', `diagnosis-${state}`, told, words);
    this.#tell(one);
  }

  #endSoon(id: string, words: string): void {
    const one = this.#open.get(id);
    if (one) this.#close(one, 'ended', words).catch(this.#parts.onError);
  }

  async #endOfDevices(deviceIds: readonly string[]): Promise<void> {
    const gone = new Set(deviceIds);
    for (const one of [...this.#open.values()])
      if (gone.has(one.deviceId)) await this.#close(one, 'ended', ended.disconnected);
  }

  async #endOfTickets(ticketIds: readonly string[]): Promise<void> {
    for (const one of [...this.#open.values()]) {
      if (!ticketIds.includes(one.ticketId)) continue;
      const ticket = await this.#parts.tickets.byId(one.ticketId);
      if (!ticket || isOver(ticket) || ticket.device_id !== one.deviceId) await this.#close(one, 'ended', ended.ticket);
    }
  }

  async #endLeftOver(): Promise<void> {
    for (const one of await this.#parts.store.endAll(this.#parts.clock.now(), ended.restarted))
      await this.#note(one, 'server', 'diagnosis-ended', 'The look at the device is over.', ended.restarted);
  }

  #tell({ id, ticketId }: Pick<Open, 'id' | 'ticketId'>): void {
    this.#parts.bus.publish('diagnosis-changed', { diagnosisId: id, ticketId });
  }

  /** An event with the ticket; of the device itself where it is the one that acts. */
  async #note(
    { ticketId, deviceId }: Pick<Open, 'ticketId' | 'deviceId'>,
    by: string,
    code: string,
    words: string,
    reason?: string,
  ): Promise<void> {
    const actor = by === 'device' ? `device:${(await this.#parts.devices.read(deviceId))?.name ?? deviceId}` : by;
    const subject = { kind: 'device', id: deviceId } as const;
    await this.#parts.events.add({ actor, code, words, subject, ticketId, ...(reason !== undefined && { reason }) });
  }
}

function isOver({ status }: TicketRow): boolean {
  return status === 'resolved' || status === 'closed';
}
