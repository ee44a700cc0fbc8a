import type { Kysely } from 'kysely';

/** The chain of events. */
export async function up(_db: Kysely<unknown>): Promise<void> {}
