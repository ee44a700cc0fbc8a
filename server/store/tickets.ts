import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { TicketStatus } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { TicketStep } from '../../shared/helpdesk/service-clock.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

export type TicketRow = Selectable<Database['ticket']>;
export type NewTicket = Omit<TicketRow, 'number' | 'version'>;
export type NewNote = Omit<Insertable<Database['ticket_note']>, 'id' | 'ticket_id'>;
export type NewMail = Pick<Insertable<Database['mail']>, 'message_id' | 'recipient' | 'subject' | 'body'>;

/** What is written together with a ticket. */
export interface TicketWriting {
  notes?: readonly NewNote[] | undefined;
  /** Of the last of the notes, where there are any. */
  mail?: NewMail | undefined;
  /** What it came in by: a reference that was seen before writes nothing. */
  reference?: string | undefined;
}

/** How a ticket becomes another. */
export interface TicketAlteration extends TicketWriting {
  set: Partial<Omit<TicketRow, 'id' | 'number' | 'version' | 'status'>>;
  status?: TicketStatus | undefined;
}

const unsolved = ['new', 'open', 'waiting'] as const;

/** Tickets with their notes, steps, references and mail. Each method is one transaction. */
export class TicketStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async byId(id: string): Promise<TicketRow | undefined> {
    return await this.#db.selectFrom('ticket').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** The ticket that came in, or was answered, by this reference. */
  async byReference(reference: string): Promise<TicketRow | undefined> {
    return await referred(this.#db, reference);
  }

  /**
   * Opens a ticket with the next number. Where the reference came in before, or an unsolved ticket has the same cause,
   * nothing is written and that one is given.
   */
  async open(
    ticket: NewTicket,
    reference: string | undefined,
    writingOf: (row: TicketRow) => Omit<TicketWriting, 'reference'>,
  ): Promise<{ row: TicketRow; isNew: boolean }> {
    return await this.#db.transaction().execute(async (trx) => {
      const before = await alreadyThere(trx, ticket, reference);
      if (before) return { row: before, isNew: false };
      const { last } = await trx
        .selectFrom('ticket')
        .select((is) => is.fn.coalesce(is.fn.max('number'), is.val(0)).as('last'))
        .executeTakeFirstOrThrow();
      const row = { ...ticket, number: Number(last) + 1, version: 1 };
      await trx.insertInto('ticket').values(row).execute();
      await addStep(trx, row.id, row.status, row.opened_at);
      await write(trx, row.id, row.opened_at, { ...writingOf(row), reference });
      return { row, isNew: true };
    });
  }

  /**
   * Changes a ticket as `decide` says of what it is now; `undefined` leaves it. `changed-meanwhile` unless `version`, where
   * given, is the newest; `not-found` when there is none.
   */
  async alter(
    id: string,
    at: number,
    decide: (ticket: TicketRow, steps: TicketStep[]) => TicketAlteration | undefined,
    version?: number,
  ): Promise<{ before: TicketRow; after: TicketRow }> {
    return await this.#db.transaction().execute(async (trx) => {
      const before = await trx.selectFrom('ticket').selectAll().where('id', '=', id).executeTakeFirst();
      if (!before) throw new CodedError('not-found', 'There is no such ticket.');
      if (version !== undefined && version !== before.version) throw new CodedError('changed-meanwhile');
      const wanted = decide(before, (await stepsOf(trx, [id])).get(id) ?? []);
      if (!wanted || (wanted.reference !== undefined && (await referred(trx, wanted.reference))))
        return { before, after: before };
      const { set, status = before.status, ...writing } = wanted;
      const after = { ...before, ...set, status, version: before.version + 1 };
      await trx.updateTable('ticket').set(after).where('id', '=', id).execute();
      if (status !== before.status) await addStep(trx, id, status, at);
      await write(trx, id, at, writing);
      return { before, after };
    });
  }

  /** Puts right what is counted, which is no change for people. */
  async recount(id: string, set: Partial<Pick<TicketRow, CountedColumn>>): Promise<void> {
    await this.#db.updateTable('ticket').set(set).where('id', '=', id).execute();
  }

  async steps(ids: readonly string[]): Promise<Map<string, TicketStep[]>> {
    return await stepsOf(this.#db, ids);
  }

  /** All that are neither solved nor closed, the first in the queue first. */
  async unsolved(): Promise<TicketRow[]> {
    return await this.#db
      .selectFrom('ticket')
      .selectAll()
      .where('status', 'in', unsolved)
      .orderBy('rank')
      .orderBy('id')
      .execute();
  }

  /** Solved no later than that, and not closed yet. */
  async resolvedBefore(at: number): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('ticket')
      .select('id')
      .where('status', '=', 'resolved')
      .where('resolved_at', '<=', at)
      .execute();
    return rows.map(({ id }) => id);
  }

  async oldestResolved(): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('ticket')
      .select((is) => is.fn.min('resolved_at').as('oldest'))
      .where('status', '=', 'resolved')
      .executeTakeFirst();
    return row?.oldest ?? undefined;
  }

  /** By device, newest first, with the reference each came in by. Devices without any are absent. */
  async ofDevices(ids: readonly string[]): Promise<Map<string, (TicketRow & { reference: string | null })[]>> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('ticket')
        .selectAll('ticket')
        .select((is) =>
          is
            .selectFrom('ticket_intake')
            .select('reference')
            .whereRef('ticket_intake.ticket_id', '=', 'ticket.id')
            .whereRef('ticket_intake.at', '=', 'ticket.opened_at')
            .limit(1)
            .as('reference'),
        )
        .where('device_id', 'in', chunk)
        .orderBy('opened_at', 'desc')
        .execute(),
    );
    return Map.groupBy(rows, (row) => row.device_id ?? '');
  }

  /** Of these tickets. */
  async deviceIds(ticketIds: readonly string[]): Promise<string[]> {
    const rows = await inChunks(ticketIds, (chunk) =>
      this.#db.selectFrom('ticket').select('device_id').where('id', 'in', chunk).execute(),
    );
    return [...new Set(rows.flatMap(({ device_id: id }) => (id === null ? [] : [id])))];
  }

  /** Notes that went to the person, by ticket, newest first. */
  async answers(ids: readonly string[]): Promise<Map<string, { id: number; at: number; words: string }[]>> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('ticket_note')
        .select(['id', 'ticket_id', 'at', 'words'])
        .where('ticket_id', 'in', chunk)
        .where('is_to_person', '=', 1)
        .orderBy('id', 'desc')
        .execute(),
    );
    return Map.groupBy(rows, (row) => row.ticket_id);
  }
}

type CountedColumn = 'first_reply_due_at' | 'resolution_due_at' | 'resolution_left_ms' | 'late_told' | 'rank';

async function alreadyThere(
  trx: Transaction<Database>,
  { cause }: NewTicket,
  reference: string | undefined,
): Promise<TicketRow | undefined> {
  const before = reference === undefined ? undefined : await referred(trx, reference);
  if (before || cause === null) return before;
  return await trx
    .selectFrom('ticket')
    .selectAll()
    .where('cause', '=', cause)
    .where('status', 'in', unsolved)
    .executeTakeFirst();
}

async function referred(db: Kysely<Database>, reference: string): Promise<TicketRow | undefined> {
  return await db
    .selectFrom('ticket_intake')
    .innerJoin('ticket', 'ticket.id', 'ticket_intake.ticket_id')
    .selectAll('ticket')
    .where('reference', '=', reference)
    .executeTakeFirst();
}

async function addStep(trx: Transaction<Database>, ticketId: string, status: string, at: number): Promise<void> {
  await trx.insertInto('ticket_step').values({ ticket_id: ticketId, at, status }).execute();
}

async function write(
  trx: Transaction<Database>,
  ticketId: string,
  at: number,
  { notes = [], mail, reference }: TicketWriting,
): Promise<void> {
  let noteId: number | null = null;
  for (const note of notes) {
    const insert = trx.insertInto('ticket_note').values({ ...note, ticket_id: ticketId });
    noteId = (await insert.returning('id').executeTakeFirstOrThrow()).id;
  }
  if (mail) await queueMail(trx, ticketId, noteId, at, mail);
  if (reference !== undefined)
    await trx.insertInto('ticket_intake').values({ reference, ticket_id: ticketId, at }).execute();
}

/** Mail of one ticket follows its first, so that readers show one conversation. */
async function queueMail(
  trx: Transaction<Database>,
  ticketId: string,
  noteId: number | null,
  at: number,
  mail: NewMail,
): Promise<void> {
  const first = await trx
    .selectFrom('mail')
    .select('message_id')
    .where('ticket_id', '=', ticketId)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  const about = { ticket_id: ticketId, note_id: noteId, thread_id: first?.message_id ?? null };
  const fresh = { state: 'queued', attempts: 0, queued_at: at, next_at: at, ended_at: null, problem: null };
  await trx
    .insertInto('mail')
    .values({ ...mail, ...about, ...fresh })
    .execute();
}

async function stepsOf(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, TicketStep[]>> {
  const rows = await inChunks(ids, (chunk) =>
    db.selectFrom('ticket_step').selectAll().where('ticket_id', 'in', chunk).orderBy('id').execute(),
  );
  const groups = Map.groupBy(rows, (row) => row.ticket_id);
  return new Map(
    [...groups].map(([id, steps]) => [id, steps.map(({ at, status }) => ({ at, status: status as TicketStatus }))]),
  );
}
