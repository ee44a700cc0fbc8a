import type { CannedFix, TicketNote, TicketSummary, TicketView } from '../../shared/api/schemas.ts';
import { clockAt } from '../../shared/helpdesk/service-clock.ts';
import { iso } from '../store/views/rows.ts';
import type { TicketNoteRow, TicketWithNames } from '../store/views/tickets.ts';
import type { TimeOf } from './school-calendars.ts';

/** A ticket as the queue shows it. */
export function ticketSummary(row: TicketWithNames, timeOf: TimeOf, now: number): TicketSummary {
  const time = timeOf(row.org_id);
  const firstReply = {
    isPromised: row.first_reply_minutes !== null,
    dueAt: row.first_reply_due_at,
    leftMs: null,
    metAt: row.first_reply_at,
  };
  const resolution = {
    isPromised: row.resolution_minutes !== null,
    dueAt: row.resolution_due_at,
    leftMs: row.resolution_left_ms,
    metAt: row.resolved_at,
  };
  return {
    id: row.id,
    number: row.number,
    subject: row.subject,
    category: row.category as TicketSummary['category'],
    priority: row.priority as TicketSummary['priority'],
    status: row.status as TicketSummary['status'],
    source: row.source as TicketSummary['source'],
    device: named(row.device_id, row.device_name),
    person: named(row.person_id, row.given_name === null ? null : `${row.given_name} ${row.family_name}`.trim()),
    org: named(row.org_id, row.org_name),
    assignee: named(row.assignee_id, row.assignee_name),
    openedAt: iso(row.opened_at),
    changedAt: iso(row.changed_at),
    firstReply: clockAt(firstReply, time, now),
    resolution: clockAt(resolution, time, now),
  };
}

export interface TicketParts {
  summary: TicketSummary;
  notes: readonly TicketNoteRow[];
  custody: TicketView['custody'];
  related: TicketView['related'];
  fixes: readonly CannedFix[];
}

/** A ticket with everything that is said of it; of the canned fixes those of its category come first. */
export function ticketView(row: TicketWithNames, { summary, notes, custody, related, fixes }: TicketParts): TicketView {
  const fits = (fix: CannedFix) => fix.categories.includes(summary.category);
  return {
    ...summary,
    version: row.version,
    words: row.words,
    openedBy: row.opened_by,
    email: emailOf(row),
    custody,
    notes: notes.map(noteView),
    fixes: [...fixes.filter(fits), ...fixes.filter((fix) => !fits(fix))],
    related,
  };
}

/** Where status goes: to the person of the roster, else to whom it came from. */
export function emailOf(row: Pick<TicketWithNames, 'person_id' | 'person_email' | 'email'>): string | null {
  return row.person_id === null ? row.email : row.person_email;
}

function noteView(row: TicketNoteRow): TicketNote {
  return {
    id: row.id,
    at: iso(row.at),
    by: row.by_actor,
    words: row.words,
    isToPerson: row.is_to_person === 1,
    mail: row.mail as TicketNote['mail'],
  };
}

/** What was deleted has no name left. */
function named(id: string | null, name: string | null): { id: string; name: string } | null {
  return id === null ? null : { id, name: name ?? id };
}
