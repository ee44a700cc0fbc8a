import { CompiledQuery, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { type ChainedFields, digestOf, type ErasableFields, genesis, hashOf } from '../audit/chain.ts';
import { systemRandom } from '../clock.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

export type EventRow = Selectable<Database['event']>;

/** A row as it is given to the log; what is left out is null. */
export type NewEventRow = Pick<ErasableFields, 'actor' | 'words'> &
  Pick<ChainedFields, 'at' | 'code' | 'subject_kind' | 'subject_id'> &
  Partial<Omit<ErasableFields, 'actor' | 'words'> & Pick<ChainedFields, 'erases'>>;

/** Where the log ends. */
export interface ChainHead {
  id: number;
  hash: string;
}

/** What makes rows that nobody without the server's key can make. */
export interface Sealing {
  /** Unguessable, and another for each row. */
  salt(): string;
  /** A keyed code of a row's hash; null where there is no key. */
  seal(hash: string): string | null;
}

const saltBytes = 16;
const rowsAtOnce = 500;
/** For so many rows at once: to ask for each takes longer than to write it. */
const saltsDrawn = 256;
let salts = Buffer.alloc(0);

export function newSalt(): string {
  if (salts.length === 0) salts = Buffer.from(systemRandom.bytes(saltBytes * saltsDrawn));
  const salt = salts.toString('base64url', 0, saltBytes);
  salts = salts.subarray(saltBytes);
  return salt;
}

const unsealed: Sealing = { salt: newSalt, seal: () => null };

/** The only way a row gets into the log: numbered without a gap and bound to the one before. */
export class EventChain {
  readonly #sealing: Sealing;

  constructor(sealing: Sealing = unsealed) {
    this.#sealing = sealing;
  }

  /** Part of the caller's transaction, which must have taken the right to write already. Returns the ids, in order. */
  async append(trx: Transaction<Database>, events: readonly NewEventRow[]): Promise<number[]> {
    if (events.length === 0) return [];
    let head = await headOf(trx);
    const rows = events.map((event) => {
      const row = this.#link(event, head);
      head = row;
      return row;
    });
    await inChunks(
      rows,
      async (chunk) => {
        await trx.insertInto('event').values(chunk).execute();
        return [];
      },
      rowsAtOnce,
    );
    return rows.map(({ id }) => id);
  }

  #link(event: NewEventRow, { id, hash: previous }: ChainHead): EventRow {
    const salt = this.#sealing.salt();
    const row = wellFormed({ ...blank, ...event, id: id + 1 });
    const linked = { ...row, digest: digestOf(salt, row) };
    const hash = hashOf(previous, linked);
    return { ...linked, salt, hash, seal: this.#sealing.seal(hash) };
  }
}

const blank = {
  ...{ actor_id: null, role: null, address: null, session: null, reason: null, ticket_id: null },
  ...{ changes: null, approver: null, erases: null },
};

/** SQLite keeps UTF-8, which has no half of a pair of surrogates: what is hashed is what will be read. */
function wellFormed<T extends object>(row: T): T {
  const fields = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.toWellFormed() : value,
  ]);
  return Object.fromEntries(fields) as T;
}

const selectHead = CompiledQuery.raw('select id, hash from event order by id desc limit 1');

export async function headOf(db: Kysely<Database>): Promise<ChainHead> {
  const { rows } = await db.executeQuery<ChainHead>(selectHead);
  return rows[0] ?? { id: 0, hash: genesis };
}

/**
 * A transaction that writes from its first statement on: another process waits for it rather than read the same end of the
 * log and fork it. (A transaction that began by reading could not be told apart from a stale one until it fails.)
 */
export async function writing<T>(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return await db.transaction().execute(async (trx) => {
    await sql`delete from event where false`.execute(trx);
    return await work(trx);
  });
}
