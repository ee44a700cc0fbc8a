import type { Kysely, Selectable } from 'kysely';
import type { Approved, Roster } from '../../shared/commands/roster.ts';
import type { Passkey } from '../../shared/commands/webauthn.ts';
import type { Database } from './schema.ts';

/** A roster of approvers with the signatures that made it one. */
export interface SignedRoster extends Approved {
  roster: Roster;
  signedAt: number;
}

export interface StaffWithPasskeys {
  id: string;
  name: string;
  passkeys: (Passkey & { name: string })[];
}

/** The rosters of approvers there were, and the passkeys people have. */
export class ApproverStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Oldest first. */
  async rosters(): Promise<SignedRoster[]> {
    const rows = await this.#db.selectFrom('approver_roster').selectAll().orderBy('version').execute();
    return rows.map((row) => ({
      text: row.text,
      approvals: JSON.parse(row.approvals) as Approved['approvals'],
      roster: JSON.parse(row.text) as Roster,
      signedAt: row.signed_at,
    }));
  }

  /** False when there is one of this version. */
  async add(row: Selectable<Database['approver_roster']>): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('approver_roster')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return Number(numInsertedOrUpdatedRows) > 0;
  }

  /** Those of these accounts that can sign in, with their passkeys. */
  async staffWithPasskeys(ids: readonly string[]): Promise<StaffWithPasskeys[]> {
    const staff = await this.#db
      .selectFrom('staff')
      .select(['id', 'name'])
      .where('id', 'in', ids)
      .where('disabled_at', 'is', null)
      .orderBy('id')
      .execute();
    const passkeys = await this.#db
      .selectFrom('staff_passkey')
      .selectAll()
      .where('staff_id', 'in', ids)
      .orderBy('created_at')
      .execute();
    return staff.map(({ id, name }) => ({
      id,
      name,
      passkeys: passkeys
        .filter((passkey) => passkey.staff_id === id)
        .map((passkey) => ({
          id: passkey.credential_id,
          publicKey: passkey.public_key,
          algorithm: passkey.algorithm as Passkey['algorithm'],
          name: passkey.name,
        })),
    }));
  }
}
