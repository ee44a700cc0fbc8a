import { type TicketCategory, ticketCategories } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import type { EventLog, LifeCycle } from '../services.ts';
import type { DeviceStore } from '../store/devices.ts';
import type { HelpRequestRow, HelpRequestStore } from '../store/help-requests.ts';
import type { TicketStore } from '../store/tickets.ts';
import { deviceReference } from './device-tickets.ts';
import { answered } from './ticket-changes.ts';
import type { TicketDesk } from './ticket-desk.ts';
import { deviceSubjects, piecesOf } from './ticket-words.ts';

export interface HelpRequestParts {
  stores: { helpRequests: HelpRequestStore; tickets: TicketStore; devices: DeviceStore };
  desk: TicketDesk;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** One device's unsolved requests; what it asks beyond this is added to the newest of them. */
const mostUnsolved = 10;

/** Takes up what people ask on their devices: a ticket each, or an answer to one. Nothing is lost over a restart, and nothing doubled. */
export class HelpRequests implements LifeCycle {
  readonly #parts: HelpRequestParts;
  readonly #queue: ChangeQueue;
  #unsubscribe: () => void = () => undefined;

  constructor(parts: HelpRequestParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#take(ids), clock, onError });
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#parts.bus.subscribe('reported', ({ byKind: { 'help-request': asking } }) => {
      if (asking) this.#queue.add(asking);
    });
    this.#queue.add('all');
    await this.#queue.settled();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#queue.stop();
  }

  /** Resolves when everything that was asked is a ticket. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  async #take(ids: readonly string[] | 'all'): Promise<void> {
    const { helpRequests } = this.#parts.stores;
    for (const id of ids === 'all' ? [undefined] : ids)
      for (const request of await helpRequests.waiting(id)) {
        await this.#takeUp(request);
        await helpRequests.done(request);
      }
  }

  async #takeUp(request: HelpRequestRow): Promise<void> {
    const { stores } = this.#parts;
    const device = await stores.devices.read(request.device_id);
    if (!device) return;
    const by = `device:${device.name}`;
    const answers = await this.#answeredBy(request);
    if (answers === undefined) await this.#open(request, by);
    else await this.#answer(answers, request, by);
  }

  async #open(request: HelpRequestRow, by: string): Promise<void> {
    const category = ticketCategories.find((known) => known === request.category) ?? 'other';
    const [words = ''] = piecesOf(request.words);
    await this.#parts.desk.open({
      ...{
        subject: deviceSubjects[category],
        words,
        category,
        priority: usualPriority(category),
        source: 'device',
        by,
      },
      ...{ deviceId: request.device_id, personId: null },
      reference: deviceReference(request.device_id, request.reported_id),
    });
  }

  async #answer(ticketId: string, request: HelpRequestRow, by: string): Promise<void> {
    const [words = ''] = piecesOf(request.words);
    const reference = deviceReference(request.device_id, request.reported_id);
    await this.#parts.desk.alter(ticketId, by, {
      isByPerson: true,
      decide: (ticket) => ({ ...answered(ticket, { words }), reference }),
    });
  }

  /** Only a ticket of this very device that its holder may see there; or its newest, when there are too many. */
  async #answeredBy({
    device_id: deviceId,
    ticket_id: ticketId,
    reported_id,
  }: HelpRequestRow): Promise<string | undefined> {
    const { tickets } = this.#parts.stores;
    if (await tickets.byReference(deviceReference(deviceId, reported_id))) return undefined;
    const own = (await tickets.ofDevices([deviceId])).get(deviceId) ?? [];
    const { person_id } = await this.#parts.desk.place({ deviceId, personId: null }, true);
    const visible = own.filter((ticket) => ticket.person_id === person_id);
    if (ticketId !== null) {
      const named = visible.find(({ id }) => id === ticketId);
      if (named) return named.id;
    }
    const unsolved = own.filter(
      ({ source, status }) => source === 'device' && status !== 'resolved' && status !== 'closed',
    );
    return unsolved.length >= mostUnsolved ? unsolved[0]?.id : undefined;
  }
}

/** What cannot wait for a technician who sorts the queue. */
function usualPriority(category: TicketCategory) {
  if (category === 'lost-or-stolen' || category === 'security') return 'urgent';
  return category === 'will-not-start' ? 'high' : 'normal';
}
