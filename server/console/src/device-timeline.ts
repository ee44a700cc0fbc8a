import type { CommandView, EventView, TicketSummary } from '../../../shared/api/schemas.ts';

/** One thing that happened to a device, or was done to it. */
export type Happened =
  | { kind: 'event'; at: string; event: EventView }
  | { kind: 'ticket'; at: string; ticket: TicketSummary }
  | { kind: 'command'; at: string; command: CommandView };

interface Sources {
  events: readonly EventView[];
  tickets: readonly TicketSummary[];
  commands: readonly CommandView[];
}

/** Everything that happened to a device in one line, newest first. */
export function timelineOf({ events, tickets, commands }: Sources): Happened[] {
  const all: Happened[] = [
    ...events.map((event) => ({ kind: 'event' as const, at: event.at, event })),
    ...tickets.map((ticket) => ({ kind: 'ticket' as const, at: ticket.openedAt, ticket })),
    ...commands.map((command) => ({ kind: 'command' as const, at: command.createdAt, command })),
  ];
  return all.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
