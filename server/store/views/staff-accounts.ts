import { type Kysely, sql } from 'kysely';
import type { Role } from '../../../shared/access/roles.ts';
import type { GrantView, StaffAccount } from '../../../shared/api/schemas.ts';
import type { Database } from '../schema.ts';
import { sidesIn } from '../staff.ts';
import { iso, isoOrNull } from './rows.ts';

/** Accounts of staff with all that owners see of them. There are few: all at once. */
export class StaffAccountsView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async all(now: number): Promise<StaffAccount[]> {
    const { rows } = await sql<{
      id: string;
      name: string;
      email: string;
      signs_for: string;
      disabled_at: number | null;
      created_at: number;
      has_password: number;
      passkeys: number;
      has_code_app: number;
      sessions: number;
      last_seen_at: number | null;
    }>`select id, name, email, signs_for, disabled_at, created_at, password_hash <> '' as has_password,
        (select count(*) from staff_passkey where staff_id = staff.id) as passkeys,
        exists (select 1 from staff_totp where staff_id = staff.id) as has_code_app,
        (select count(*) from staff_session where staff_id = staff.id and expires_at > ${now}) as sessions,
        (select max(last_seen_at) from staff_session where staff_id = staff.id) as last_seen_at
      from staff order by name, id`.execute(this.#db);
    const grants = await this.#grants();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      status: row.disabled_at === null ? 'active' : 'disabled',
      grants: grants.get(row.id) ?? [],
      signsFor: sidesIn(row),
      hasPassword: row.has_password === 1,
      passkeys: Number(row.passkeys),
      hasCodeApp: row.has_code_app === 1,
      sessions: Number(row.sessions),
      lastSeenAt: isoOrNull(row.last_seen_at),
      createdAt: iso(row.created_at),
    }));
  }

  async #grants(): Promise<Map<string, GrantView[]>> {
    const rows = await this.#db
      .selectFrom('staff_grant')
      .leftJoin('org', 'org.id', 'staff_grant.org_id')
      .select(['staff_id', 'role', 'org_id', 'org.name'])
      .orderBy('role')
      .orderBy('org.name')
      .execute();
    const groups = Map.groupBy(rows, ({ staff_id }) => staff_id);
    return new Map(
      [...groups].map(([id, own]) => [
        id,
        own.map(({ role, org_id, name }) => ({
          role: role as Role,
          orgId: org_id === '' ? null : org_id,
          orgName: org_id === '' ? null : (name ?? org_id),
        })),
      ]),
    );
  }
}
