import type { Kysely } from 'kysely';

/** Looks at devices. */
export async function up(_db: Kysely<unknown>): Promise<void> {}
