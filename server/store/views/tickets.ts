import { type Kysely, type Selectable, sql } from 'kysely';
import { rolesWith } from '../../../shared/access/permissions.ts';
import type { Query } from '../../../shared/api/contract.ts';
import type { Routes } from '../../../shared/api/routes.ts';
import type { TicketView } from '../../../shared/api/schemas.ts';
import type { Seen, Sight } from '../../access/standing.ts';
import type { Database } from '../schema.ts';
import { decodeCursor, encodeCursor, likePattern } from './cursor.ts';
import { unitsBelow } from './holding.ts';
import { iso } from './rows.ts';
import { isInSight, isOwnPerson, seesPerson } from './seen.ts';

/** `assignee`: an account's id or `nobody`. */
export type TicketsQuery = Seen<Query<Routes['listTickets']>>;

/** A ticket with the names of what it is about. */
export type TicketWithNames = Awaited<ReturnType<ReturnType<typeof columns>['executeTakeFirstOrThrow']>>;
export type TicketNoteRow = Selectable<Database['ticket_note']> & { mail: string | null };

const unsolved = ['new', 'open', 'waiting'];
const mostRelated = 20;

/** Tickets as the console shows them. */
export class TicketsView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** In the order of the queue. */
  async page(query: TicketsQuery): Promise<{ rows: TicketWithNames[]; total: number; nextCursor: string | null }> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const matching = this.#matching(query);
    const { total } = await matching.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = columns(matching)
      .orderBy('ticket.rank')
      .orderBy('ticket.id')
      .limit(limit + 1);
    if (after) rows = rows.where(sql<boolean>`(ticket.rank, ticket.id) > (${sql.join(after)})`);
    const found = await rows.execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      rows: found.slice(0, limit),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.rank, last.id]) : null,
    };
  }

  async one(id: string): Promise<TicketWithNames | undefined> {
    return await columns(joined(this.#db).where('ticket.id', '=', id)).executeTakeFirst();
  }

  /** Oldest first. */
  async notes(id: string): Promise<TicketNoteRow[]> {
    return await this.#db
      .selectFrom('ticket_note as note')
      .leftJoin('mail', (join) =>
        join.onRef('mail.ticket_id', '=', 'note.ticket_id').onRef('mail.note_id', '=', 'note.id'),
      )
      .selectAll('note')
      .select('mail.state as mail')
      .where('note.ticket_id', '=', id)
      .orderBy('note.id')
      .execute();
  }

  /** Other unsolved tickets of the same device or person, as far as the reader sees. */
  async related(
    { id, device_id: device, person_id: person }: TicketWithNames,
    sight: Sight | undefined,
  ): Promise<TicketView['related']> {
    if (device === null && person === null) return [];
    const rows = await this.#db
      .selectFrom('ticket')
      .select(['id', 'number', 'subject', 'status'])
      .where('id', '!=', id)
      .where('status', 'in', unsolved)
      .where((is) => is.or([is('device_id', '=', device), is('person_id', '=', person)]))
      .where((is) => is.or([isInSight(sight, 'ticket.org_id'), isOwnPerson(sight, 'ticket.person_id')]))
      .orderBy('rank')
      .limit(mostRelated)
      .execute();
    return rows.map((row) => ({ ...row, status: row.status as TicketView['status'] }));
  }

  /** Who holds the device now, if the reader sees them: it may have moved on since the ticket was opened. */
  async custodyOf(deviceId: string | null, sight: Sight | undefined): Promise<TicketView['custody']> {
    if (deviceId === null) return null;
    const row = await this.#db
      .selectFrom('custody')
      .innerJoin('person', 'person.id', 'custody.person_id')
      .select(['custody.kind', 'custody.starts_at', 'person.id', 'person.given_name', 'person.family_name'])
      .where('custody.device_id', '=', deviceId)
      .where('custody.ended_at', 'is', null)
      .where(seesPerson(sight, 'person.id'))
      .executeTakeFirst();
    if (!row) return null;
    const name = `${row.given_name} ${row.family_name}`.trim();
    return {
      person: { id: row.id, name },
      kind: row.kind === 'loan' ? 'loan' : 'primary',
      since: iso(row.starts_at),
    };
  }

  /** Those who can sign in and work on tickets, by name. */
  async technicians(): Promise<{ id: string; name: string }[]> {
    const working = this.#db
      .selectFrom('staff_grant')
      .select('staff_id')
      .where('role', 'in', rolesWith('tickets:work'));
    const staff = this.#db.selectFrom('staff').select(['id', 'name']).where('disabled_at', 'is', null);
    return await staff.where('id', 'in', working).orderBy('name').orderBy('id').execute();
  }

  #matching(query: TicketsQuery) {
    const { status = 'unsolved', assignee, org, search, sight } = query;
    let rows = joined(this.#db).where((is) =>
      is.or([isInSight(sight, 'ticket.org_id'), isOwnPerson(sight, 'ticket.person_id')]),
    );
    if (status !== 'all') rows = rows.where('ticket.status', 'in', status === 'unsolved' ? unsolved : [status]);
    if (query.category) rows = rows.where('ticket.category', '=', query.category);
    if (query.priority) rows = rows.where('ticket.priority', '=', query.priority);
    if (query.device) rows = rows.where('ticket.device_id', '=', query.device);
    if (query.person) rows = rows.where('ticket.person_id', '=', query.person);
    if (assignee === 'nobody') rows = rows.where('ticket.assignee_id', 'is', null);
    else if (assignee) rows = rows.where('ticket.assignee_id', '=', assignee);
    if (org) rows = rows.where('ticket.org_id', 'in', unitsBelow(org));
    if (search) rows = rows.where(isAbout(search));
    return rows;
  }
}

/** `17` and `#17` are numbers; else the words of people. */
function isAbout(search: string) {
  const like = likePattern(search);
  const number = Number(/^#?(\d{1,9})$/.exec(search.trim())?.[1] ?? 0);
  return sql<boolean>`(ticket.number = ${number} or ticket.subject like ${like} escape '\\' or ticket.words like ${like} escape '\\'
    or device.name like ${like} escape '\\' or device.serial like ${like} escape '\\'
    or person.given_name || ' ' || person.family_name like ${like} escape '\\')`;
}

function joined(db: Kysely<Database>) {
  return db
    .selectFrom('ticket')
    .leftJoin('device', 'device.id', 'ticket.device_id')
    .leftJoin('person', 'person.id', 'ticket.person_id')
    .leftJoin('org', 'org.id', 'ticket.org_id')
    .leftJoin('staff', 'staff.id', 'ticket.assignee_id');
}

function columns(rows: ReturnType<typeof joined>) {
  return rows
    .selectAll('ticket')
    .select(['device.name as device_name', 'person.given_name', 'person.family_name', 'person.email as person_email'])
    .select(['org.name as org_name', 'staff.name as assignee_name']);
}
