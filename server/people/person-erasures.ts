import type { Query, RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { Leaver, PersonErasure } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { eventRow } from '../audit/event-log.ts';
import type { PersonErasures } from '../audit-service-types.ts';
import type { Bus } from '../bus.ts';
import type { Actor, EventLog, Page } from '../services.ts';
import type { AuditErasures } from '../store/audit-erasures.ts';
import type { PeopleStore, PersonRecord } from '../store/people.ts';
import type { PersonErasureStore, PersonRow } from '../store/person-erasure.ts';
import { decodeCursor, encodeCursor } from '../store/views/cursor.ts';

export interface PersonErasureParts {
  people: Pick<PeopleStore, 'findPerson'>;
  records: PersonErasureStore;
  erasures: AuditErasures;
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

const usualLimit = 50;

/** Removes somebody who has left: first from the log, while it is known what is about them, then everything else. */
export class PersonErasureService implements PersonErasures {
  readonly #parts: PersonErasureParts;

  constructor(parts: PersonErasureParts) {
    this.#parts = parts;
  }

  async leavers({ cursor, limit = usualLimit, search }: Query<Routes['listLeavers']>): Promise<Page<Leaver>> {
    const after = decodeCursor(cursor, 1)?.[0];
    const { rows, total } = await this.#parts.records.leavers(search ?? '', limit, String(after ?? ''));
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { items: rows.map(leaverOf), total, nextCursor: last ? encodeCursor([last.id]) : null };
  }

  async erase(
    id: string,
    { reason, username }: RequestBody<Routes['erasePerson']>,
    actor: Actor,
  ): Promise<PersonErasure> {
    const { records, erasures, events, bus, clock } = this.#parts;
    const person = await this.#demandErasable(id, username);
    if (reason.trim().length < 10)
      throw new CodedError('bad-request', 'Say in a few words why this person is erased, without naming them.');
    const erased = (rows: number) => {
      const words = `The personal fields of ${rows} rows of the audit were erased with the person they are about.`;
      return eventRow({ actor, code: 'audit-erased', words, reason }, clock.now());
    };
    const rows = await erasures.ofPerson({ id, names: namesOf(person) }, erased);
    const removed = await records.remove(id);
    const words = `A person was erased: ${rows} rows of the audit, ${removed.map((one) => `${one.rows} ${one.what}`).join(', ') || 'no records'}.`;
    await events.add({ actor, code: 'person-erased', words, reason, subject: { kind: 'person', id } });
    bus.publish('roster-changed', {});
    return { events: rows, records: removed };
  }

  async #demandErasable(id: string, username: string): Promise<PersonRecord> {
    const { people, records } = this.#parts;
    const person = await people.findPerson(id);
    if (!person) throw new CodedError('not-found', 'There is no such person here.');
    if (person.active)
      throw new CodedError(
        'conflict',
        'This person is in the roster, and the next import would bring them back. Wait until they have left it.',
      );
    if (person.username !== username)
      throw new CodedError('bad-request', 'The user name is not that of this person. Nothing was erased.');
    const obstacle = await records.obstacle(id);
    if (obstacle !== undefined) throw new CodedError('conflict', obstacle);
    return person;
  }
}

function leaverOf({ id, given_name, family_name, username, sourced_id, updated_at }: PersonRow): Leaver {
  const leftAt = new Date(updated_at).toISOString();
  return { id, name: `${given_name} ${family_name}`.trim(), username, sourcedId: sourced_id, leftAt };
}

/** What somebody is called in text: the full name, and what is theirs alone. */
function namesOf({ givenName, familyName, username, email, sourcedId }: PersonRecord): string[] {
  return [`${givenName} ${familyName}`.trim(), username, email ?? '', sourcedId];
}
