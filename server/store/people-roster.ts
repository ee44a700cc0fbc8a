import { type Insertable, type Kysely, sql, type Transaction } from 'kysely';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { inChunks } from './chunks.ts';
import type { KindChanges, PersonEntry, RosterChanges, StoredRoster } from './roster-entries.ts';
import { readStoredRoster } from './roster-rows.ts';
import type { Database } from './schema.ts';

const versionName = 'roster.version';
/** Rows of an insert; times the columns it stays below SQLite's 32,766 parameters. */
const rowsAtOnce = 1000;

type Ids = ReadonlyMap<string, string>;

/** Reads and writes the roster as a whole. */
export class RosterStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What is known, left people included. Classes, enrolments and sessions are read only where `kinds` asks. */
  async read(kinds: { classes: boolean; enrollments: boolean; sessions: boolean }): Promise<StoredRoster> {
    const version = await this.#db.selectFrom('setting').select('value').where('name', '=', versionName).execute();
    return { version: version[0]?.value ?? '', ...(await readStoredRoster(this.#db, kinds)) };
  }

  /**
   * Writes all changes in one transaction, or none: `changed-meanwhile` when another import wrote since `version` was
   * read. Rows are never deleted; what left becomes inactive.
   */
  async apply(changes: RosterChanges, version: { was: string; becomes: string }, at: number): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await moveVersion(trx, version);
      const orgs = await saveOrgs(trx, changes.orgs);
      await savePeople(trx, changes.people, orgs, at);
      await saveClasses(trx, changes.classes, orgs);
      await saveEnrollments(trx, changes.enrollments);
      await saveSessions(trx, changes.sessions);
    });
  }
}

/** The transaction's first statement: it takes the write lock, and fails the import that comes second. */
async function moveVersion(trx: Transaction<Database>, version: { was: string; becomes: string }): Promise<void> {
  const [result] = await trx
    .insertInto('setting')
    .values({ name: versionName, value: version.becomes })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ value: version.becomes }).where('setting.value', '=', version.was),
    )
    .execute();
  if (result?.numInsertedOrUpdatedRows !== 1n) {
    throw new CodedError('changed-meanwhile', 'Another import was written meanwhile. Nothing was imported; try again.');
  }
}

async function saveOrgs(trx: Transaction<Database>, { save, deactivate }: RosterChanges['orgs']): Promise<Ids> {
  const ids = await idsOf(trx, 'org');
  for (const { id, entry } of save) ids.set(entry.sourcedId, id);
  await upsert(trx, 'org', save, ({ id, entry }) => ({
    id,
    sourced_id: entry.sourcedId,
    name: entry.name,
    type: entry.type,
    parent_id: entry.parent === null ? null : (ids.get(entry.parent) ?? null),
    identifier: entry.identifier,
    active: 1,
  }));
  await setInactive(trx, 'org', deactivate);
  return ids;
}

async function savePeople(
  trx: Transaction<Database>,
  { save, deactivate }: KindChanges<PersonEntry>,
  orgs: Ids,
  at: number,
): Promise<void> {
  await upsert(trx, 'person', save, ({ id, entry }) => ({
    id,
    sourced_id: entry.sourcedId,
    role: entry.role,
    given_name: entry.givenName,
    family_name: entry.familyName,
    username: entry.username,
    email: entry.email,
    org_id: entry.org === null ? null : (orgs.get(entry.org) ?? null),
    grade: entry.grade,
    active: 1,
    updated_at: at,
  }));
  await saveMemberships(trx, save, orgs);
  await setInactive(trx, 'person', deactivate);
  await inChunks(deactivate, (ids) =>
    trx.updateTable('person').set({ updated_at: at }).where('id', 'in', ids).execute(),
  );
}

async function saveMemberships(
  trx: Transaction<Database>,
  save: KindChanges<PersonEntry>['save'],
  orgs: Ids,
): Promise<void> {
  const ids = save.map(({ id }) => id);
  await inChunks(ids, (chunk) => trx.deleteFrom('person_org').where('person_id', 'in', chunk).execute());
  const rows = save.flatMap(({ id, entry }) =>
    entry.memberships.flatMap(({ org, role, primary }) => {
      const orgId = orgs.get(org);
      return orgId === undefined ? [] : [{ person_id: id, org_id: orgId, role, is_primary: primary ? 1 : 0 }];
    }),
  );
  await inChunks(rows, (chunk) => trx.insertInto('person_org').values(chunk).execute(), rowsAtOnce);
}

async function saveClasses(
  trx: Transaction<Database>,
  { save, deactivate }: RosterChanges['classes'],
  orgs: Ids,
): Promise<void> {
  await upsert(trx, 'class', save, ({ id, entry }) => ({
    id,
    sourced_id: entry.sourcedId,
    title: entry.title,
    org_id: entry.org === null ? null : (orgs.get(entry.org) ?? null),
    grades: JSON.stringify(entry.grades),
    active: 1,
  }));
  await setInactive(trx, 'class', deactivate);
}

async function saveEnrollments(
  trx: Transaction<Database>,
  { save, deactivate }: RosterChanges['enrollments'],
): Promise<void> {
  if (save.length === 0 && deactivate.length === 0) return;
  const classes = await idsOf(trx, 'class');
  const people = await idsOf(trx, 'person');
  await upsert(trx, 'enrollment', save, ({ id, entry }) => ({
    id,
    sourced_id: entry.sourcedId,
    class_id: known(classes, entry.class),
    person_id: known(people, entry.person),
    role: entry.role,
    begins_on: entry.beginsOn,
    ends_on: entry.endsOn,
    active: 1,
  }));
  await setInactive(trx, 'enrollment', deactivate);
}

async function saveSessions(
  trx: Transaction<Database>,
  { save, deactivate }: RosterChanges['sessions'],
): Promise<void> {
  await upsert(trx, 'academic_session', save, ({ id, entry }) => ({
    id,
    sourced_id: entry.sourcedId,
    title: entry.title,
    type: entry.type,
    start_date: entry.startDate,
    end_date: entry.endDate,
    parent_sourced_id: entry.parent,
    school_year: entry.schoolYear,
    active: 1,
  }));
  await setInactive(trx, 'academic_session', deactivate);
}

type RosterTable = 'org' | 'person' | 'class' | 'enrollment' | 'academic_session';

async function idsOf(trx: Transaction<Database>, table: RosterTable): Promise<Map<string, string>> {
  const rows = await trx.selectFrom(table).select(['id', 'sourced_id']).execute();
  return new Map(rows.map((row) => [row.sourced_id, row.id]));
}

/** The importer looked every reference up, so a missing one is a bug. */
function known(ids: Ids, sourcedId: string): string {
  const id = ids.get(sourcedId);
  if (id === undefined) throw new Error('The roster refers to a row that is not there.');
  return id;
}

/** Inserts items as rows, or replaces those whose id is there; rows are made a chunk at a time. */
async function upsert<T extends RosterTable, I>(
  trx: Transaction<Database>,
  table: T,
  items: readonly I[],
  rowOf: (item: I) => Insertable<Database[T]>,
): Promise<void> {
  const [first] = items;
  if (first === undefined) return;
  const columns = Object.keys(rowOf(first));
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const replaced = sql.join(columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`));
  await inChunks(
    items,
    async (chunk) => {
      const rows = chunk.map(rowOf).map((row) => sql`(${sql.join(columns.map((column) => cellOf(row, column)))})`);
      const statement = sql`insert into ${sql.table(table)} (${names}) values ${sql.join(rows)}`;
      await sql`${statement} on conflict (id) do update set ${replaced}`.execute(trx);
      return [];
    },
    rowsAtOnce,
  );
}

const cellOf = (row: object, column: string): unknown => Reflect.get(row, column);

async function setInactive(trx: Transaction<Database>, table: RosterTable, ids: readonly string[]): Promise<void> {
  await inChunks(ids, (chunk) => trx.updateTable(table).set({ active: 0 }).where('id', 'in', chunk).execute());
}
