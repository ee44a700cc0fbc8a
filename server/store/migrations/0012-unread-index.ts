import type { Kysely } from 'kysely';

/** `landings.ts` finds reports by their key; the index was written with every report, and nothing read it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('reported_section_standing').execute();
}
