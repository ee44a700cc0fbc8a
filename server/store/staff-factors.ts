import type { Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { SealedPlace } from './sealed.ts';

export type PasskeyRow = Selectable<Database['staff_passkey']>;
export type CodeAppRow = Selectable<Database['staff_totp']>;
export type IdentityRow = Selectable<Database['staff_identity']>;

/** What the sealed secret of a code app is about. */
export const codeAppPlace = (staffId: string) => `staff_totp ${staffId}`;

/** Ways of staff to show that it is them: passkeys, code apps, recovery codes, accounts at providers. */
export class StaffFactorStore implements SealedPlace {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async passkeysOf(staffId: string): Promise<PasskeyRow[]> {
    return await this.#db
      .selectFrom('staff_passkey')
      .selectAll()
      .where('staff_id', '=', staffId)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
  }

  async passkeyByCredential(credentialId: string): Promise<PasskeyRow | undefined> {
    return await this.#db
      .selectFrom('staff_passkey')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .executeTakeFirst();
  }

  /** False when the credential is known already, or the account has `atMost`. */
  async addPasskey(row: PasskeyRow, atMost: number): Promise<boolean> {
    return await this.#db.transaction().execute(async (tx) => {
      const own = await tx.selectFrom('staff_passkey').select('id').where('staff_id', '=', row.staff_id).execute();
      if (own.length >= atMost) return false;
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('staff_passkey')
        .values(row)
        .onConflict((conflict) => conflict.column('credential_id').doNothing())
        .executeTakeFirstOrThrow();
      return Number(numInsertedOrUpdatedRows) > 0;
    });
  }

  /** Notes a use. False when the counter does not rise, as with a copy of the authenticator; 0 is one that does not count. */
  async usePasskey(id: string, counter: number, at: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('staff_passkey')
      .set({ counter, last_used_at: at })
      .where('id', '=', id)
      .where('counter', counter === 0 ? '=' : '<', counter)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async codeAppOf(staffId: string): Promise<CodeAppRow | undefined> {
    return await this.#db.selectFrom('staff_totp').selectAll().where('staff_id', '=', staffId).executeTakeFirst();
  }

  async putCodeApp(row: CodeAppRow): Promise<void> {
    const { staff_id, ...rest } = row;
    await this.#db
      .insertInto('staff_totp')
      .values(row)
      .onConflict((conflict) => conflict.column('staff_id').doUpdateSet(rest))
      .execute();
  }

  /** Notes that a code of this step was accepted. False when it, or a newer one, was before. */
  async useStep(staffId: string, step: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('staff_totp')
      .set({ last_step: step })
      .where('staff_id', '=', staffId)
      .where('last_step', '<', step)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** Removes a passkey, or the code app; `last` when nothing but recovery codes would be left. */
  async remove(staffId: string, what: { passkeyId: string } | 'code-app'): Promise<'removed' | 'last' | 'none'> {
    return await this.#db.transaction().execute(async (tx) => {
      const passkeys = await tx.selectFrom('staff_passkey').select('id').where('staff_id', '=', staffId).execute();
      const apps = await tx.selectFrom('staff_totp').select('staff_id').where('staff_id', '=', staffId).execute();
      const isThere = what === 'code-app' ? apps.length > 0 : passkeys.some(({ id }) => id === what.passkeyId);
      if (!isThere) return 'none';
      if (passkeys.length + apps.length <= 1) return 'last';
      if (what === 'code-app') await tx.deleteFrom('staff_totp').where('staff_id', '=', staffId).execute();
      else await tx.deleteFrom('staff_passkey').where('id', '=', what.passkeyId).execute();
      return 'removed';
    });
  }

  async recoveryCodesLeft(staffId: string): Promise<number> {
    const rows = await this.#db
      .selectFrom('staff_recovery_code')
      .select('code_hash')
      .where('staff_id', '=', staffId)
      .where('used_at', 'is', null)
      .execute();
    return rows.length;
  }

  async putRecoveryCodes(staffId: string, hashes: readonly string[]): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom('staff_recovery_code').where('staff_id', '=', staffId).execute();
      const rows = hashes.map((code_hash) => ({ staff_id: staffId, code_hash, used_at: null }));
      await tx.insertInto('staff_recovery_code').values(rows).execute();
    });
  }

  /** True once for each code. */
  async useRecoveryCode(staffId: string, hash: string, at: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('staff_recovery_code')
      .set({ used_at: at })
      .where('staff_id', '=', staffId)
      .where('code_hash', '=', hash)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** Everything but accounts at providers: the person enrols anew. */
  async reset(staffId: string): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom('staff_passkey').where('staff_id', '=', staffId).execute();
      await tx.deleteFrom('staff_totp').where('staff_id', '=', staffId).execute();
      await tx.deleteFrom('staff_recovery_code').where('staff_id', '=', staffId).execute();
    });
  }

  async identitiesOf(staffId: string): Promise<IdentityRow[]> {
    return await this.#db
      .selectFrom('staff_identity')
      .selectAll()
      .where('staff_id', '=', staffId)
      .orderBy('linked_at')
      .execute();
  }

  async staffByIdentity(issuer: string, subject: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('staff_identity')
      .select('staff_id')
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return row?.staff_id;
  }

  /** One account of an issuer for each of ours: false when either is linked to another. */
  async link(row: IdentityRow): Promise<boolean> {
    return await this.#db.transaction().execute(async (tx) => {
      const other = await tx
        .selectFrom('staff_identity')
        .select('subject')
        .where('staff_id', '=', row.staff_id)
        .where('issuer', '=', row.issuer)
        .executeTakeFirst();
      if (other) return other.subject === row.subject;
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('staff_identity')
        .values(row)
        .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
        .executeTakeFirstOrThrow();
      return Number(numInsertedOrUpdatedRows) > 0;
    });
  }

  async unlink(staffId: string, issuer: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('staff_identity')
      .where('staff_id', '=', staffId)
      .where('issuer', '=', issuer)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }

  async reseal(again: (text: string, about: string) => string): Promise<number> {
    const rows = await this.#db.selectFrom('staff_totp').select(['staff_id', 'secret']).execute();
    for (const { staff_id, secret } of rows)
      await this.#db
        .updateTable('staff_totp')
        .set({ secret: again(secret, codeAppPlace(staff_id)) })
        .where('staff_id', '=', staff_id)
        .where('secret', '=', secret)
        .execute();
    return rows.length;
  }
}
