import type { Kysely } from 'kysely';

/** Commands, approvals, scripts. */
export async function up(_db: Kysely<unknown>): Promise<void> {}
