import type { Kysely, Selectable } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Database } from './schema.ts';

export type TokenRow = Selectable<Database['enrolment_token']>;
/** A token with the names of what it points at, as people know them now. */
export type TokenListing = Omit<TokenRow, 'secret_hash'> & {
  org_name: string | null;
  given_name: string | null;
  family_name: string | null;
};

/** Enrolment tokens. Only the SHA-256 of a secret is kept; a token is revoked, never deleted: devices name it. */
export class TokenStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** `not-found` when the school or the person is unknown or has left. */
  async create(token: TokenRow): Promise<TokenListing> {
    return await this.#db.transaction().execute(async (trx) => {
      await demandActive(trx, 'org', token.org_id);
      await demandActive(trx, 'person', token.person_id);
      await trx.insertInto('enrolment_token').values(token).execute();
      return await listings(trx).where('enrolment_token.id', '=', token.id).executeTakeFirstOrThrow();
    });
  }

  /** Newest first. */
  async list(): Promise<TokenListing[]> {
    return await listings(this.#db)
      .orderBy('enrolment_token.created_at', 'desc')
      .orderBy('enrolment_token.id')
      .execute();
  }

  /** False when it was revoked before; `not-found` when there is no such token. */
  async revoke(id: string, at: number): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const revoked = await trx
        .updateTable('enrolment_token')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (revoked.numUpdatedRows > 0n) return true;
      const known = await trx.selectFrom('enrolment_token').select('id').where('id', '=', id).executeTakeFirst();
      if (!known) throw new CodedError('not-found', 'There is no such enrolment token.');
      return false;
    });
  }
}

function listings(db: Kysely<Database>) {
  return db
    .selectFrom('enrolment_token')
    .leftJoin('org', 'org.id', 'enrolment_token.org_id')
    .leftJoin('person', 'person.id', 'enrolment_token.person_id')
    .select([
      'enrolment_token.id',
      'enrolment_token.label',
      'enrolment_token.max_uses',
      'enrolment_token.uses',
      'enrolment_token.expires_at',
      'enrolment_token.org_id',
      'enrolment_token.platform',
      'enrolment_token.approval',
      'enrolment_token.person_id',
      'enrolment_token.tags',
      'enrolment_token.simulated',
      'enrolment_token.created_at',
      'enrolment_token.created_by',
      'enrolment_token.revoked_at',
      'org.name as org_name',
      'person.given_name',
      'person.family_name',
    ]);
}

async function demandActive(db: Kysely<Database>, table: 'org' | 'person', id: string | null): Promise<void> {
  if (id === null) return;
  const found = await db.selectFrom(table).select('active').where('id', '=', id).executeTakeFirst();
  const what = table === 'org' ? 'school' : 'person';
  if (found?.active !== 1) throw new CodedError('not-found', `The ${what} of this token is not in the roster.`);
}
