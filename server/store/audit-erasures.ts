import { type Kysely, type SqlBool, sql } from 'kysely';
import { type AuditStore, aboutPerson, heldBy } from './audit.ts';
import type { NewEventRow } from './event-chain.ts';
import type { Database } from './schema.ts';

const rowsAtOnce = 1000;
const scannedAtOnce = 20_000;
/** Shorter names are part of too many words. */
const shortestName = 3;

/** Whose rows are erased: the id, and what they are called in words that people wrote. */
export interface ErasedPerson {
  id: string;
  names: readonly string[];
}

/** Which rows lose their personal fields, a piece at a time. */
export class AuditErasures {
  readonly #db: Kysely<Database>;
  readonly #store: AuditStore;

  constructor(db: Kysely<Database>, store: AuditStore) {
    this.#db = db;
    this.#store = store;
  }

  /** Rows of before an instant; returns how many were erased, 0 when none are left. */
  async olderThan(at: number, now: number): Promise<number> {
    const find = async (db: Kysely<Database>) => {
      const rows = await db
        .selectFrom('event')
        .select('id')
        .where(sql<SqlBool>`(salt is null) = 0 and at < ${at}`)
        .orderBy('at')
        .limit(rowsAtOnce)
        .execute();
      return rows.map(({ id }) => id);
    };
    const day = new Date(at).toISOString().slice(0, 10);
    return await this.#store.erase(find, (rows) => ({
      ...{ at: now, actor: 'server', code: 'audit-erased', subject_kind: null, subject_id: null },
      words: `The names in ${rows} rows of the audit from before ${day} were erased because their time was over.`,
    }));
  }

  /** All rows about a person, and all that name them. `event` says who had them erased, and why. */
  async ofPerson(person: ErasedPerson, event: (rows: number) => NewEventRow): Promise<number> {
    let erased = 0;
    const held = await heldBy(this.#db, person.id);
    for (let more = true; more; ) {
      const rows = await this.#store.erase(async (db) => {
        const found = await db
          .selectFrom('event')
          .select('id')
          .where('id', 'in', aboutPerson(person.id, held))
          .where('salt', 'is not', null)
          .where('erases', 'is', null)
          .limit(rowsAtOnce)
          .execute();
        return found.map(({ id }) => id);
      }, event);
      erased += rows;
      more = rows > 0;
    }
    return erased + (await this.#naming(person, event));
  }

  async #naming({ names }: ErasedPerson, event: (rows: number) => NewEventRow): Promise<number> {
    const telling = names.filter((name) => name.length >= shortestName).map(folded);
    if (telling.length === 0) return 0;
    const naming = wordsOf(telling);
    const last = (await this.#store.head()).id;
    let erased = 0;
    for (let from = 0; from < last; from += scannedAtOnce)
      erased += await this.#store.erase(async (db) => {
        const found = await db
          .selectFrom('event')
          .select(['id', text.as('text')])
          .where('id', '>', from)
          .where('id', '<=', Math.min(last, from + scannedAtOnce))
          .where('salt', 'is not', null)
          .where('erases', 'is', null)
          .where((is) => is.or(telling.map(says)))
          .execute();
        return found.filter(({ text }) => naming.test(text.replace(jsonBreak, ' '))).map(({ id }) => id);
      }, event);
    return erased;
  }
}

/** What people wrote into a row. */
const text = sql<string>`words || ' ' || coalesce(reason, '') || ' ' || coalesce(changes, '')`;
const jsonBreak = /\\[nrt]/g;

/** Without regard to large and small letters of ASCII, as SQLite folds them. */
function says(name: string) {
  return sql<SqlBool>`instr(lower(${text}), ${name}) > 0`;
}

function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** As words of their own: rows that hold the letters within others are about somebody else. */
function wordsOf(names: readonly string[]): RegExp {
  const escaped = names.map((name) => RegExp.escape(name));
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_-])`, 'iu');
}
