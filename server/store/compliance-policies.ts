import type { Kysely } from 'kysely';
import { type CompliancePolicy, compliancePolicyDefaults } from '../../shared/compliance/policy.ts';
import type { PolicyRevision } from '../../shared/compliance/timeline.ts';
import { DocumentStore } from './documents.ts';
import type { Database } from './schema.ts';

/** The compliance policy with all its revisions: what was in force on a day is asked years later. */
export class CompliancePolicyStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Oldest first; before the first save the library’s own holds. */
  async revisions(): Promise<PolicyRevision[]> {
    const rows = await this.#db
      .selectFrom('compliance_policy_revision')
      .select(['content', 'from_at'])
      .orderBy('version')
      .execute();
    return [
      { from: Number.NEGATIVE_INFINITY, policy: compliancePolicyDefaults },
      ...rows.map((row) => ({ from: row.from_at, policy: JSON.parse(row.content) as CompliancePolicy })),
    ];
  }

  /** Returns the new version; `changed-meanwhile` unless `version` is the newest, which is 0 before the first save. */
  async save(policy: CompliancePolicy, version: number, { at, by }: { at: number; by: string }): Promise<number> {
    return await this.#db.transaction().execute(async (trx) => {
      const saved = await new DocumentStore(trx).save(compliancePolicyDocument, policy, version, at);
      const row = { version: saved, content: JSON.stringify(policy), from_at: at, by_actor: by };
      await trx.insertInto('compliance_policy_revision').values(row).execute();
      return saved;
    });
  }
}

/** Its name among the documents. */
export const compliancePolicyDocument = 'compliance-policy';
