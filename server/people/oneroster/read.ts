import type { ProblemLog } from '../problems.ts';
import { quoted } from '../problems.ts';
import {
  type FileMode,
  nothingStated,
  type Stated,
  type StatedRole,
  type StatedRoles,
  type StatedRoster,
} from '../roster.ts';
import { RowReader } from '../row-reader.ts';
import type { RosterSource } from '../source.ts';
import { readTable, type TableRow, type TableSpec } from '../table.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { readClass, readEnrollment, readOrg, readRole, readSession, readUser } from './rows.ts';
import { type FileName, statuses, tables } from './tables.ts';

/**
 * Reads a OneRoster CSV, file by file, row by row. Problems go to `log`; what could not be used is noted, so that it is
 * never taken for absence. Undefined when it is no roster that can be read. `today` as `YYYY-MM-DD`.
 */
export async function readOneRoster(
  source: RosterSource,
  log: ProblemLog,
  today: string,
): Promise<StatedRoster | undefined> {
  const manifest = await readManifest(source, log);
  if (!manifest) return undefined;
  const { version } = manifest;
  const reading = new Reading(source, manifest, log);
  return {
    format: `OneRoster ${version}`,
    sessions: await reading.entries('academicSessions', readSession),
    orgs: await reading.entries('orgs', readOrg),
    classes: await reading.entries('classes', readClass),
    people: await reading.people((row, sourcedId) => readUser(row, sourcedId, version)),
    roles:
      version === '1.2' ? await reading.roles((row, removed) => readRole(row, version, removed, today)) : undefined,
    enrollments: await reading.entries('enrollments', (row, sourcedId) => readEnrollment(row, sourcedId, version)),
  };
}

class Reading {
  readonly #source: RosterSource;
  readonly #manifest: Manifest;
  readonly #log: ProblemLog;

  constructor(source: RosterSource, manifest: Manifest, log: ProblemLog) {
    this.#source = source;
    this.#manifest = manifest;
    this.#log = log;
  }

  /** The rows of one file by sourcedId. */
  async entries<T>(file: FileName, read: (row: RowReader, sourcedId: string) => T): Promise<Stated<T>> {
    const mode = this.#manifest.modes[file];
    const stated = nothingStated<T>(`${file}.csv`, mode);
    const end = await this.#rows(file, (tableRow) => {
      const row = new RowReader(stated.file, tableRow, this.#log);
      this.#takeEntry(row, stated, mode, read);
    });
    stated.complete &&= end.complete;
    return stated;
  }

  /** A complete list of nobody is a broken export, not an empty district. */
  async people<T>(read: (row: RowReader, sourcedId: string) => T): Promise<Stated<T>> {
    const people = await this.entries('users', read);
    const named = people.entries.size + people.removed.size + people.spared.size;
    if (people.mode === 'bulk' && named === 0 && people.complete) {
      people.complete = false;
      const words = 'The file lists nobody. Everybody stays as they are. Export it again.';
      this.#log.error({ file: people.file, row: null, column: null }, words);
    }
    return people;
  }

  async roles(read: (row: RowReader, removed: boolean) => StatedRole | undefined): Promise<StatedRoles> {
    const file = 'roles.csv';
    const mode = this.#manifest.modes.roles;
    const rows: StatedRole[] = [];
    const spared = new Set<string>();
    const idle = new Set<string>();
    const end = await this.#rows('roles', (tableRow) => {
      const row = new RowReader(file, tableRow, this.#log);
      const removed = readRemoved(row, mode);
      const role = read(row, removed);
      if (row.failed) spared.add(row.text('userSourcedId'));
      else if (role) rows.push(role);
      else idle.add(row.text('userSourcedId'));
    });
    return { file, mode, rows, spared, idle, complete: end.complete };
  }

  #takeEntry<T>(
    row: RowReader,
    stated: Stated<T>,
    mode: FileMode,
    read: (row: RowReader, sourcedId: string) => T,
  ): void {
    const sourcedId = row.demanded('sourcedId');
    if (row.failed) {
      stated.complete = false;
      return;
    }
    if (stated.entries.has(sourcedId) || stated.removed.has(sourcedId)) {
      row.error('sourcedId', `${quoted(sourcedId)} appears a second time. Each may appear once; the first was used.`);
      return;
    }
    if (readRemoved(row, mode)) {
      stated.removed.add(sourcedId);
      return;
    }
    const entry = read(row, sourcedId);
    if (row.failed) stated.spared.add(sourcedId);
    else stated.entries.set(sourcedId, { row: row.number, entry });
  }

  async #rows(file: FileName, onRow: (row: TableRow) => void): Promise<{ complete: boolean }> {
    const name = this.#manifest.names[file];
    const spec: TableSpec | undefined = tables[this.#manifest.version][file];
    if (this.#manifest.modes[file] === 'absent' || name === undefined || !spec) return { complete: true };
    return await readTable(name, await this.#source.open(name), spec, this.#log, onRow);
  }
}

/** Whether the row says that what it names has left. In a bulk file the standard leaves `status` blank. */
function readRemoved(row: RowReader, mode: FileMode): boolean {
  const written = row.text('status');
  const status = row.word('status', statuses);
  if (status === undefined && written !== '')
    row.forgive('status', `${quoted(written)} is not a status; it was ignored.`);
  if (mode === 'delta' && written === '')
    row.forgive('status', 'status is blank in a delta file; it counts as active.');
  if (mode === 'delta' && row.text('dateLastModified') === '') {
    row.forgive('dateLastModified', 'dateLastModified is blank in a delta file. Fill it in.');
  }
  if (mode === 'bulk') {
    if (written !== '') row.forgive('status', `status is ${quoted(written)} in a bulk file; it should be blank.`);
    if (row.text('dateLastModified') !== '') {
      row.forgive('dateLastModified', 'dateLastModified is filled in in a bulk file; it should be blank.');
    }
  }
  if (mode === 'delta' && status === 'inactive') row.forgive('status', 'Write “tobedeleted” instead of “inactive”.');
  return status === 'tobedeleted' || status === 'inactive';
}
