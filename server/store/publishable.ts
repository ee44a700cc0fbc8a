import type { Kysely, Transaction } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Database } from './schema.ts';

/** What has a draft, numbered revisions of which one is published, and a version that counts every change. */
export interface Publishable {
  kind: 'profile' | 'group';
  id: string;
}

const tables = { profile: 'profile', group: 'policy_group' } as const;

/** Changes what is not published. `changed-meanwhile` unless `version` is the newest; `not-found`. */
export async function advance(
  db: Kysely<Database>,
  { kind, id }: Publishable,
  version: number,
  changes: { draft?: string | null; description?: string },
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable(tables[kind])
    .set({ ...changes, version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) return;
  throw new CodedError((await standing(db, { kind, id })) ? 'changed-meanwhile' : 'not-found');
}

/**
 * Within a transaction of the caller's: has the next revision added, makes it the published one, and returns its number.
 * The draft goes if nobody has saved another one since version `frozenAt`. `not-found`.
 */
export async function publishNext(
  trx: Transaction<Database>,
  { kind, id }: Publishable,
  frozenAt: number,
  add: (number: number) => Promise<unknown>,
): Promise<number> {
  const before = await standing(trx, { kind, id });
  if (!before) throw new CodedError('not-found', `There is no such ${kind}.`);
  const number = (await lastRevision(trx, { kind, id })) + 1;
  await add(number);
  await setPublished(trx, { kind, id }, number);
  if (before.version === frozenAt) {
    await trx.updateTable(tables[kind]).set({ draft: null }).where('id', '=', id).execute();
  }
  return number;
}

/** Within a transaction of the caller's: another revision, or none, is the published one, as when a rollout is rolled back. */
export async function setPublished(
  trx: Transaction<Database>,
  { kind, id }: Publishable,
  number: number | null,
): Promise<void> {
  await trx
    .updateTable(tables[kind])
    .set((is) => ({ published_revision: number, version: is('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

/** As it stands now; undefined when there is none. */
export async function standing(db: Kysely<Database>, { kind, id }: Publishable) {
  return await db
    .selectFrom(tables[kind])
    .select(['version', 'published_revision'])
    .where('id', '=', id)
    .executeTakeFirst();
}

/** 0 before the first. */
async function lastRevision(db: Kysely<Database>, { kind, id }: Publishable): Promise<number> {
  const revisions =
    kind === 'profile'
      ? db
          .selectFrom('profile_revision')
          .where('profile_id', '=', id)
          .select(({ fn }) => fn.max('number').as('last'))
      : db
          .selectFrom('policy_group_revision')
          .where('group_id', '=', id)
          .select(({ fn }) => fn.max('number').as('last'));
  const { last } = await revisions.executeTakeFirstOrThrow();
  return Number(last ?? 0);
}
