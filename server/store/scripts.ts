import type { Kysely, Selectable } from 'kysely';
import type { ScriptContent } from '../../shared/api/schemas.ts';
import type { Approved } from '../../shared/commands/roster.ts';
import type { Database } from './schema.ts';

export interface ScriptRevision extends Approved {
  number: number;
  content: ScriptContent;
  hash: string;
  signedBy: string[];
  publishedAt: number;
}

export interface ScriptRecord {
  id: string;
  draft: ScriptContent | null;
  version: number;
  approvalId: string | null;
  published: ScriptRevision | null;
}

/** The library of scripts. What was published stays, since commands name it. */
export class ScriptStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Those not withdrawn, by age. */
  async list(): Promise<ScriptRecord[]> {
    const rows = await this.#db
      .selectFrom('script')
      .selectAll()
      .where('withdrawn_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return await Promise.all(rows.map((row) => this.#record(row)));
  }

  async find(id: string): Promise<ScriptRecord | undefined> {
    const row = await this.#db
      .selectFrom('script')
      .selectAll()
      .where('id', '=', id)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst();
    return row && (await this.#record(row));
  }

  async add(id: string, draft: ScriptContent, at: number): Promise<void> {
    await this.#db
      .insertInto('script')
      .values({
        ...{ id, draft: JSON.stringify(draft), version: 1, revision: null },
        ...{ approval_id: null, created_at: at, withdrawn_at: null },
      })
      .execute();
  }

  /** False when it is of another version by now. */
  async save(id: string, draft: ScriptContent, version: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('script')
      .set({ draft: JSON.stringify(draft), version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async setApproval(id: string, approvalId: string | null): Promise<void> {
    await this.#db.updateTable('script').set({ approval_id: approvalId }).where('id', '=', id).execute();
  }

  /** Makes the revision what is published; a draft that was changed since stays. */
  async publish(id: string, revision: ScriptRevision): Promise<void> {
    const content = JSON.stringify(revision.content);
    await this.#db.transaction().execute(async (trx) => {
      await trx
        .insertInto('script_revision')
        .values({
          ...{ script_id: id, number: revision.number, content, hash: revision.hash, text: revision.text },
          approvals: JSON.stringify(revision.approvals),
          signed_by: JSON.stringify(revision.signedBy),
          published_at: revision.publishedAt,
        })
        .execute();
      await trx
        .updateTable('script')
        .set({ revision: revision.number, approval_id: null })
        .where('id', '=', id)
        .execute();
      await trx.updateTable('script').set({ draft: null }).where('id', '=', id).where('draft', '=', content).execute();
    });
  }

  async withdraw(id: string, at: number): Promise<void> {
    await this.#db.updateTable('script').set({ withdrawn_at: at }).where('id', '=', id).execute();
  }

  /** What devices fetch by its hash; not of a script that was withdrawn. */
  async sourceOf(hash: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('script_revision')
      .innerJoin('script', 'script.id', 'script_revision.script_id')
      .select('script_revision.content')
      .where('script_revision.hash', '=', hash)
      .where('script.withdrawn_at', 'is', null)
      .executeTakeFirst();
    return row && (JSON.parse(row.content) as ScriptContent).source;
  }

  async #record(row: Selectable<Database['script']>): Promise<ScriptRecord> {
    const revision =
      row.revision === null
        ? undefined
        : await this.#db
            .selectFrom('script_revision')
            .selectAll()
            .where('script_id', '=', row.id)
            .where('number', '=', row.revision)
            .executeTakeFirst();
    return {
      id: row.id,
      draft: row.draft === null ? null : (JSON.parse(row.draft) as ScriptContent),
      version: row.version,
      approvalId: row.approval_id,
      published: revision
        ? {
            number: revision.number,
            content: JSON.parse(revision.content) as ScriptContent,
            hash: revision.hash,
            text: revision.text,
            approvals: JSON.parse(revision.approvals) as Approved['approvals'],
            signedBy: JSON.parse(revision.signed_by) as string[],
            publishedAt: revision.published_at,
          }
        : null,
    };
  }
}
