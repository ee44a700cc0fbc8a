import type { Kysely } from 'kysely';

/** Factors, roles and sessions of staff. */
export async function up(_db: Kysely<unknown>): Promise<void> {}
