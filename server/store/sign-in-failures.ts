import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** At most so many keys are remembered: strangers make them up. */
const atMost = 10_000;

/** Wrong tries in a row, by hashed key; they outlive a restart. */
export class SignInFailureStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Counts a try unless the key is locked, and locks it by `lockMs` of how many there were in a row. One that was quiet
   * since `forgottenAt` begins anew, and so does one whose last try lies after `aheadAt`: it is from before the clock was
   * corrected, and would be locked for as long as the clock was wrong.
   */
  async take(
    key: string,
    at: { now: number; forgottenAt: number; aheadAt: number },
    lockMs: (failures: number) => number,
  ): Promise<{ isOpen: boolean; lockedUntil: number }> {
    return await this.#db.transaction().execute(async (tx) => {
      const found = await tx
        .selectFrom('sign_in_failure')
        .selectAll()
        .where('key', '=', key)
        .where('last_at', '<=', at.aheadAt)
        .executeTakeFirst();
      if (found && found.locked_until > at.now) return { isOpen: false, lockedUntil: found.locked_until };
      const failures = found && found.last_at > at.forgottenAt ? found.failures + 1 : 1;
      const row = { failures, last_at: at.now, locked_until: at.now + lockMs(failures) };
      await tx
        .insertInto('sign_in_failure')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute();
      if (!found) await this.#forget(tx, at.forgottenAt);
      return { isOpen: true, lockedUntil: row.locked_until };
    });
  }

  async clear(keys: readonly string[]): Promise<void> {
    await this.#db.deleteFrom('sign_in_failure').where('key', 'in', keys).execute();
  }

  async #forget(tx: Kysely<Database>, forgottenAt: number): Promise<void> {
    await tx.deleteFrom('sign_in_failure').where('last_at', '<=', forgottenAt).execute();
    const oldest = tx
      .selectFrom('sign_in_failure')
      .select('key')
      .orderBy('last_at', 'desc')
      .limit(1_000_000)
      .offset(atMost);
    await tx.deleteFrom('sign_in_failure').where('key', 'in', oldest).execute();
  }
}
