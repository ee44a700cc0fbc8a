import type { Kysely, Selectable } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Sight } from '../access/standing.ts';
import type { Database } from './schema.ts';
import { isInSight } from './views/seen.ts';

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

  /**
   * A token for a school tags its devices with the school's name: until somebody holds them, nothing else says where
   * they belong. `not-found` when the school or the person is unknown or has left.
   */
  async create(token: TokenRow): Promise<TokenListing> {
    return await this.#db.transaction().execute(async (trx) => {
      const school = await demandSchool(trx, token.org_id);
      await demandPerson(trx, token.person_id);
      const tags = [...new Set([...(JSON.parse(token.tags) as string[]), ...school])];
      await trx
        .insertInto('enrolment_token')
        .values({ ...token, tags: JSON.stringify(tags) })
        .execute();
      return await listings(trx).where('enrolment_token.id', '=', token.id).executeTakeFirstOrThrow();
    });
  }

  /** Newest first. */
  async list(sight?: Sight): Promise<TokenListing[]> {
    return await listings(this.#db)
      .where(isInSight(sight, 'enrolment_token.org_id'))
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

/** The school's name as a tag: letters, digits and a few signs, as the API's tags are. */
async function demandSchool(db: Kysely<Database>, id: string | null): Promise<string[]> {
  if (id === null) return [];
  const org = await db.selectFrom('org').select(['name', 'active']).where('id', '=', id).executeTakeFirst();
  if (org?.active !== 1) throw new CodedError('not-found', 'The school of this token is not in the roster.');
  const tag = org.name
    .replace(/[^A-Za-z0-9 ._-]/g, '')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 60)
    .trim();
  return tag ? [tag] : [];
}

async function demandPerson(db: Kysely<Database>, id: string | null): Promise<void> {
  if (id === null) return;
  const person = await db.selectFrom('person').select('active').where('id', '=', id).executeTakeFirst();
  if (person?.active !== 1) throw new CodedError('not-found', 'The person of this token is not in the roster.');
}
