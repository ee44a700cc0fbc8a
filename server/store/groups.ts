import type { Kysely, Selectable, Transaction } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import { inChunks } from './chunks.ts';
import { GroupMembers } from './group-members.ts';
import { advance, publishNext } from './publishable.ts';
import type { Database } from './schema.ts';

export interface GroupRecord {
  id: string;
  /** How selectors refer to it; never changes. */
  name: string;
  description: string;
  /** `null`: nothing is being edited. */
  draft: GroupContent | null;
  /** Counts every change of draft, description or revision. */
  version: number;
  published: GroupRevisionRecord | null;
}

/** An immutable revision of a group. */
export interface GroupRevisionRecord {
  number: number;
  content: GroupContent;
  publishedAt: number;
  by: string;
  note: string;
}

export type NewGroupRevision = Omit<GroupRevisionRecord, 'number'>;

/** What a published group holds, and of which group and revision it is: a rollout gives some devices another one. */
export type PublishedGroup = GroupContent & { readonly id: string; readonly revision: number };

/** Saved groups with their drafts and revisions. Each method is one transaction; a revision is never changed. */
export class GroupStore {
  /** Whom a list may name. */
  readonly members: GroupMembers;
  readonly #db: Kysely<Database>;
  /** Revisions never change, and long lists are slow to parse and to index: one value for each. */
  readonly #parsed = new Map<string, PublishedGroup>();

  constructor(db: Kysely<Database>) {
    this.#db = db;
    this.members = new GroupMembers(db);
  }

  /** By name. */
  async list(): Promise<GroupRecord[]> {
    const rows = await withPublished(this.#db).orderBy('policy_group.name').execute();
    return rows.map((row) => this.#groupOf(row));
  }

  async find(id: string): Promise<GroupRecord | undefined> {
    const row = await withPublished(this.#db).where('policy_group.id', '=', id).executeTakeFirst();
    return row && this.#groupOf(row);
  }

  async findByName(name: string): Promise<GroupRecord | undefined> {
    const row = await withPublished(this.#db).where('policy_group.name', '=', name).executeTakeFirst();
    return row && this.#groupOf(row);
  }

  /** Newest first. */
  async revisions(id: string): Promise<GroupRevisionRecord[]> {
    const rows = await this.#db
      .selectFrom('policy_group_revision')
      .selectAll()
      .where('group_id', '=', id)
      .orderBy('number', 'desc')
      .execute();
    return rows.map((row) => this.#revisionOf(row));
  }

  /** Published groups by name, as resolution takes them; the same value while a revision stays published. */
  async published(): Promise<Map<string, PublishedGroup>> {
    const rows = await this.#db
      .selectFrom('policy_group')
      .select(['id', 'name', 'published_revision'])
      .where('published_revision', 'is not', null)
      .execute();
    const groups = new Map<string, PublishedGroup>();
    for (const { id, name, published_revision: number } of rows) {
      const content = number === null ? undefined : await this.contents(id, number);
      if (content) groups.set(name, content);
    }
    return groups;
  }

  /** What one revision holds; undefined when there is no such revision. */
  async contents(id: string, number: number): Promise<PublishedGroup | undefined> {
    const known = this.#parsed.get(revisionKey(id, number));
    if (known) return known;
    const row = await this.#db
      .selectFrom('policy_group_revision')
      .selectAll()
      .where('group_id', '=', id)
      .where('number', '=', number)
      .executeTakeFirst();
    return row && this.#contentOf(row);
  }

  /** What these groups held, from when on, up to what is published: one that was taken back is as if it had never been. */
  async history(names: ReadonlySet<string>): Promise<{ name: string; from: number; content: PublishedGroup }[]> {
    const rows = await inChunks([...names], (chunk) =>
      this.#db
        .selectFrom('policy_group_revision as revision')
        .innerJoin('policy_group', 'policy_group.id', 'revision.group_id')
        .select(['policy_group.name', 'revision.group_id', 'revision.number', 'revision.published_at'])
        .where('policy_group.name', 'in', chunk)
        .whereRef('revision.number', '<=', 'policy_group.published_revision')
        .orderBy('revision.published_at')
        .orderBy('revision.number')
        .execute(),
    );
    const spans = [];
    for (const { name, group_id: id, number, published_at: from } of rows) {
      const content = await this.contents(id, number);
      if (content) spans.push({ name, from, content });
    }
    return spans;
  }

  /** Makes a group that reaches nobody yet. `conflict` when the name is taken. */
  async insert(group: {
    id: string;
    name: string;
    description: string;
    draft: GroupContent;
    createdAt: number;
  }): Promise<void> {
    const { createdAt, draft, ...rest } = group;
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('policy_group')
      .values({ ...rest, draft: JSON.stringify(draft), version: 1, published_revision: null, created_at: createdAt })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    if (Number(numInsertedOrUpdatedRows) === 0) {
      throw new CodedError('conflict', `There is already a group named “${group.name}”. Choose another name.`);
    }
  }

  /** Replaces the draft (`null`: throws it away). `changed-meanwhile` unless `version` is the newest. */
  async saveDraft(id: string, draft: GroupContent | null, version: number): Promise<void> {
    await advance(this.#db, { kind: 'group', id }, version, { draft: draft && JSON.stringify(draft) });
  }

  /** `changed-meanwhile` unless `version` is the newest. */
  async setDescription(id: string, description: string, version: number): Promise<void> {
    await advance(this.#db, { kind: 'group', id }, version, { description });
  }

  /** With all its revisions. That nothing uses it is for the caller to know. */
  async delete(id: string): Promise<void> {
    await this.#db.deleteFrom('policy_group').where('id', '=', id).execute();
    for (const key of this.#parsed.keys()) if (key.startsWith(`${id} `)) this.#parsed.delete(key);
  }

  #groupOf({ id, name, description, draft, version, ...row }: GroupRow): GroupRecord {
    return {
      ...{ id, name, description, version },
      draft: draft === null ? null : (JSON.parse(draft) as GroupContent),
      published: this.#publishedOf(id, row),
    };
  }

  #publishedOf(
    group_id: string,
    row: Omit<GroupRow, 'id' | 'name' | 'description' | 'draft' | 'version'>,
  ): GroupRevisionRecord | null {
    const { number, content, published_at, by_actor, note } = row;
    if (number === null || content === null || published_at === null || by_actor === null || note === null) return null;
    return this.#revisionOf({ group_id, number, content, published_at, by_actor, note });
  }

  #revisionOf(row: RevisionRow): GroupRevisionRecord {
    const { id: _id, revision: number, ...content } = this.#contentOf(row);
    return { number, content, publishedAt: row.published_at, by: row.by_actor, note: row.note };
  }

  #contentOf({ group_id: id, number, content }: RevisionRow): PublishedGroup {
    const key = revisionKey(id, number);
    const parsed = this.#parsed.get(key) ?? { ...(JSON.parse(content) as GroupContent), id, revision: number };
    this.#parsed.set(key, parsed);
    return parsed;
  }
}

/** `publishNext` of a group. */
export async function publishGroup(
  trx: Transaction<Database>,
  id: string,
  { content, publishedAt, by, note }: NewGroupRevision,
  frozenAt: number,
): Promise<number> {
  return await publishNext(trx, { kind: 'group', id }, frozenAt, (number) =>
    trx
      .insertInto('policy_group_revision')
      .values({
        ...{ group_id: id, number, content: JSON.stringify(content) },
        ...{ published_at: publishedAt, by_actor: by, note },
      })
      .execute(),
  );
}

const revisionKey = (id: string, number: number) => `${id} ${number}`;

type RevisionRow = Selectable<Database['policy_group_revision']>;

function withPublished(db: Kysely<Database>) {
  return db
    .selectFrom('policy_group')
    .leftJoin('policy_group_revision as revision', (join) =>
      join
        .onRef('revision.group_id', '=', 'policy_group.id')
        .onRef('revision.number', '=', 'policy_group.published_revision'),
    )
    .select(['policy_group.id', 'policy_group.name', 'policy_group.description'])
    .select(['policy_group.draft', 'policy_group.version'])
    .select(['revision.number', 'revision.content'])
    .select(['revision.published_at', 'revision.by_actor', 'revision.note']);
}

type GroupRow = Awaited<ReturnType<ReturnType<typeof withPublished>['executeTakeFirstOrThrow']>>;
