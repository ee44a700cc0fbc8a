import type { Kysely } from 'kysely';

/** Tickets. */
export async function up(_db: Kysely<unknown>): Promise<void> {}
