import type { Generated } from 'kysely';

/** Tickets and what is written about them. */
export interface HelpdeskTables {
  ticket: {
    id: string;
    /** For people: counts from 1. */
    number: number;
    version: number;
    subject: string;
    words: string;
    category: string;
    priority: string;
    status: string;
    source: string;
    device_id: string | null;
    person_id: string | null;
    /** Of the person, else of who holds the device; null: the district's. */
    org_id: string | null;
    /** Under which the device was held when the ticket was opened. */
    custody_id: string | null;
    /** Of a sender nobody in the roster has; otherwise the person's own counts. */
    email: string | null;
    opened_by: string;
    assignee_id: string | null;
    /** Of an automatic ticket, such as `silent DEVICE`: at most one unsolved ticket each. */
    cause: string | null;
    /** When a person first did something with it. */
    touched_at: number | null;
    opened_at: number;
    changed_at: number;
    first_reply_at: number | null;
    resolved_at: number | null;
    /** What was promised, in school minutes; null: nothing. */
    first_reply_minutes: number | null;
    resolution_minutes: number | null;
    /** By the calendar as it is now; null: not promised, the calendar does not tell, or the clock stands. */
    first_reply_due_at: number | null;
    resolution_due_at: number | null;
    /** School time left while the clock stands. */
    resolution_left_ms: number | null;
    /** Which promises were told to be late: 1 first reply, 2 resolution. */
    late_told: number;
    /** Place in the queue: the least comes first. */
    rank: number;
  };
  /** The statuses a ticket went through: by these its clocks are counted. */
  ticket_step: { id: Generated<number>; ticket_id: string; at: number; status: string };
  ticket_note: {
    id: Generated<number>;
    ticket_id: string;
    at: number;
    by_actor: string;
    is_from_person: number;
    is_to_person: number;
    words: string;
  };
  /** What came in once must not come in again. */
  ticket_intake: { reference: string; ticket_id: string; at: number };
  /** Causes that hold now and have had their ticket: none is opened again before they end. */
  ticket_cause: { cause: string; ticket_id: string };
  /** What a device reported and the helpdesk has not taken up yet. */
  help_request: {
    device_id: string;
    reported_id: string;
    at: number;
    category: string;
    words: string;
    /** The ticket that is answered. */
    ticket_id: string | null;
  };
  mail: {
    number: Generated<number>;
    /** RFC 5322 section 3.6.4, without the angle brackets. */
    message_id: string;
    /** The message it follows. */
    thread_id: string | null;
    ticket_id: string | null;
    note_id: number | null;
    recipient: string;
    subject: string;
    /** Empty once it was sent or given up. */
    body: string;
    /** `queued`, `sent` or `failed`. */
    state: string;
    attempts: number;
    queued_at: number;
    next_at: number | null;
    ended_at: number | null;
    problem: string | null;
  };
}
