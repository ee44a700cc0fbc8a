import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ProfileContent } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Assignment } from '../../shared/policy/assignment.ts';
import { type AssignmentInput, leavesOf, type Selector } from '../../shared/policy/selector.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { inChunks } from './chunks.ts';
import { advance, publishNext } from './publishable.ts';
import type { Database } from './schema.ts';

export interface ProfileRecord {
  id: string;
  name: string;
  description: string;
  /** `null`: nothing is being edited. */
  draft: ProfileContent | null;
  /** Counts every change of draft, description or revision. */
  version: number;
  published: RevisionRecord | null;
}

/** An immutable revision of a profile. */
export interface RevisionRecord {
  number: number;
  settings: ProfileSettings;
  assignments: AssignmentInput[];
  /** A locked minimum. */
  locked?: boolean;
  publishedAt: number;
  by: string;
  note: string;
}

export type NewRevision = Omit<RevisionRecord, 'number'>;

/** Profiles with their drafts and revisions. Each method is one transaction; a revision is never changed. */
export class ProfileStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** By name. */
  async list(): Promise<ProfileRecord[]> {
    const rows = await withPublished(this.#db).orderBy('profile.name').execute();
    return rows.map(profileOf);
  }

  async find(id: string): Promise<ProfileRecord | undefined> {
    const row = await withPublished(this.#db).where('profile.id', '=', id).executeTakeFirst();
    return row && profileOf(row);
  }

  async findByName(name: string): Promise<ProfileRecord | undefined> {
    const row = await withPublished(this.#db).where('profile.name', '=', name).executeTakeFirst();
    return row && profileOf(row);
  }

  /** Newest first. */
  async revisions(id: string): Promise<RevisionRecord[]> {
    const rows = await this.#db
      .selectFrom('profile_revision')
      .selectAll()
      .where('profile_id', '=', id)
      .orderBy('number', 'desc')
      .execute();
    return rows.map(revisionOf);
  }

  async revision(id: string, number: number): Promise<RevisionRecord | undefined> {
    const row = await this.#db
      .selectFrom('profile_revision')
      .selectAll()
      .where('profile_id', '=', id)
      .where('number', '=', number)
      .executeTakeFirst();
    return row && revisionOf(row);
  }

  /** Makes an empty profile. `conflict` when the name is taken. */
  async insert(profile: { id: string; name: string; description: string; createdAt: number }): Promise<void> {
    const { createdAt, ...rest } = profile;
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('profile')
      .values({ ...rest, draft: null, version: 1, published_revision: null, created_at: createdAt })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    if (Number(numInsertedOrUpdatedRows) === 0) {
      throw new CodedError('conflict', `There is already a profile named “${profile.name}”. Choose another name.`);
    }
  }

  /** Replaces the draft (`null`: throws it away). `changed-meanwhile` unless `version` is the newest. */
  async saveDraft(id: string, draft: ProfileContent | null, version: number): Promise<void> {
    await advance(this.#db, { kind: 'profile', id }, version, { draft: draft && JSON.stringify(draft) });
  }

  async setDescription(id: string, description: string, version: number): Promise<void> {
    await advance(this.#db, { kind: 'profile', id }, version, { description });
  }

  /** Every assignment of every published revision. */
  async assignments(): Promise<Assignment[]> {
    return (await this.list()).flatMap(({ id, name, published }) =>
      published === null ? [] : assignmentsOf({ id, name }, published),
    );
  }

  /** Names of the units, people and classes that selectors name by sourcedId; what is not in the roster is absent. */
  async namesOf(selectors: readonly Selector[]): Promise<{
    orgs: Map<string, string>;
    people: Map<string, string>;
    classes: Map<string, string>;
  }> {
    const leaves = selectors.flatMap(leavesOf);
    const orgIds = [...new Set(leaves.flatMap((leaf) => (leaf.kind === 'org' ? [leaf.org] : [])))];
    const personIds = [...new Set(leaves.flatMap((leaf) => (leaf.kind === 'person' ? [leaf.person] : [])))];
    const classIds = [...new Set(leaves.flatMap((leaf) => (leaf.kind === 'class' ? [leaf.class] : [])))];
    const orgs = await inChunks(orgIds, (chunk) =>
      this.#db.selectFrom('org').select(['sourced_id', 'name']).where('sourced_id', 'in', chunk).execute(),
    );
    const people = await inChunks(personIds, (chunk) =>
      this.#db
        .selectFrom('person')
        .select(['sourced_id', 'given_name', 'family_name'])
        .where('sourced_id', 'in', chunk)
        .execute(),
    );
    const classes = await inChunks(classIds, (chunk) =>
      this.#db.selectFrom('class').select(['sourced_id', 'title']).where('sourced_id', 'in', chunk).execute(),
    );
    return {
      orgs: new Map(orgs.map((row) => [row.sourced_id, row.name])),
      people: new Map(people.map((row) => [row.sourced_id, `${row.given_name} ${row.family_name}`.trim()])),
      classes: new Map(classes.map((row) => [row.sourced_id, row.title])),
    };
  }
}

/** A revision's assignments as resolution takes them. */
export function assignmentsOf(
  profile: { id: string; name: string },
  revision: Pick<RevisionRecord, 'number' | 'settings' | 'assignments'> & Pick<ProfileContent, 'locked'>,
): Assignment[] {
  return revision.assignments.map((assignment) => ({
    ...assignment,
    ...(revision.locked && { locked: true as const }),
    profileId: profile.id,
    profile: profile.name,
    revision: revision.number,
    settings: revision.settings,
  }));
}

/** `publishNext` of a profile. */
export async function publishProfile(
  trx: Transaction<Database>,
  id: string,
  revision: NewRevision,
  frozenAt: number,
): Promise<number> {
  return await publishNext(trx, { kind: 'profile', id }, frozenAt, (number) =>
    trx
      .insertInto('profile_revision')
      .values(newRow(id, number, revision))
      .execute(),
  );
}

function withPublished(db: Kysely<Database>) {
  return db
    .selectFrom('profile')
    .leftJoin('profile_revision as revision', (join) =>
      join.onRef('revision.profile_id', '=', 'profile.id').onRef('revision.number', '=', 'profile.published_revision'),
    )
    .select(['profile.id', 'profile.name', 'profile.description', 'profile.draft', 'profile.version'])
    .select(['revision.number', 'revision.settings', 'revision.assignments', 'revision.locked'])
    .select(['revision.published_at', 'revision.by_actor', 'revision.note']);
}

type ProfileRow = Awaited<ReturnType<ReturnType<typeof withPublished>['executeTakeFirstOrThrow']>>;

function profileOf(row: ProfileRow): ProfileRecord {
  const { id, name, description, draft, version } = row;
  return {
    id,
    name,
    description,
    draft: draft === null ? null : (JSON.parse(draft) as ProfileContent),
    version,
    published: publishedOf(row),
  };
}

function publishedOf(row: ProfileRow): RevisionRecord | null {
  const { number, settings, assignments, locked, published_at, by_actor, note } = row;
  if (number === null || settings === null || assignments === null || locked === null) return null;
  if (published_at === null || by_actor === null || note === null) return null;
  return revisionOf({ number, settings, assignments, locked, published_at, by_actor, note });
}

function revisionOf(row: Omit<Selectable<Database['profile_revision']>, 'profile_id'>): RevisionRecord {
  return {
    number: row.number,
    settings: JSON.parse(row.settings) as ProfileSettings,
    assignments: JSON.parse(row.assignments) as AssignmentInput[],
    ...(row.locked === 1 && { locked: true }),
    publishedAt: row.published_at,
    by: row.by_actor,
    note: row.note,
  };
}

function newRow(id: string, number: number, revision: NewRevision): Selectable<Database['profile_revision']> {
  return {
    profile_id: id,
    number,
    settings: JSON.stringify(revision.settings),
    assignments: JSON.stringify(revision.assignments),
    locked: revision.locked ? 1 : 0,
    published_at: revision.publishedAt,
    by_actor: revision.by,
    note: revision.note,
  };
}
