import type { Clock } from '../../shared/clock.ts';
import type { TicketsMessage } from '../../shared/protocol/messages.ts';
import type { CustodyStore } from '../store/custody.ts';
import type { TicketRow, TicketStore } from '../store/tickets.ts';

export interface DeviceTicketParts {
  stores: { tickets: TicketStore; custody: CustodyStore };
  clock: Clock;
}

const shownMs = 30 * 86_400_000;
const mostShown = 5;
const mostAnswers = 3;
const longestAnswer = 2000;

/** How a report of a device is remembered: `device ID REPORT`. */
export const deviceReference = (deviceId: string, reportedId: string) => `device ${deviceId} ${reportedId}`;

/**
 * What a device shows of tickets: those of whoever holds it now, and nobody else's. What was opened by itself is for staff,
 * until they write to the person about it.
 */
export class DeviceTickets {
  readonly #parts: DeviceTicketParts;

  constructor(parts: DeviceTicketParts) {
    this.#parts = parts;
  }

  /** Devices that never had a ticket are absent. */
  async of(deviceIds: readonly string[]): Promise<Map<string, TicketsMessage>> {
    const { stores, clock } = this.#parts;
    const at = clock.now();
    const all = await stores.tickets.ofDevices(deviceIds);
    if (all.size === 0) return new Map();
    const custody = await stores.custody.openCustodyOfDevices([...all.keys()]);
    const answers = await stores.tickets.answers([...all.values()].flat().map(({ id }) => id));
    const isFor = (row: TicketRow) =>
      row.changed_at > at - shownMs &&
      row.person_id === (custody.get(row.device_id ?? '')?.personId ?? null) &&
      (row.source !== 'automatic' || answers.has(row.id));
    return new Map(
      [...all].map(([id, rows]) => {
        const shown = rows.filter(isFor).slice(0, mostShown);
        return [id, { at, tickets: shown.map((row) => told(row, answers.get(row.id) ?? [])) }];
      }),
    );
  }

  /** The devices of these tickets. */
  async devicesOf(ticketIds: readonly string[]): Promise<string[]> {
    return await this.#parts.stores.tickets.deviceIds(ticketIds);
  }
}

function told(
  row: TicketRow & { reference: string | null },
  answers: readonly { at: number; words: string }[],
): TicketsMessage['tickets'][number] {
  const prefix = deviceReference(row.device_id ?? '', '');
  return {
    ...{ id: row.id, number: row.number, subject: row.subject, openedAt: row.opened_at },
    status: row.status as TicketsMessage['tickets'][number]['status'],
    ...(row.reference?.startsWith(prefix) && { request: row.reference.slice(prefix.length) }),
    answers: answers.slice(0, mostAnswers).map(({ at, words }) => ({ at, words: words.slice(0, longestAnswer) })),
  };
}
