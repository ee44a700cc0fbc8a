import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ImportResult } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Bus } from '../bus.ts';
import type { Actor, EventLog, ImportOptions, Rosters } from '../services.ts';
import type { RosterStore } from '../store/people-roster.ts';
import type { StoredRoster } from '../store/roster-entries.ts';
import { brakeShare, measureMovement } from './brake.ts';
import { diffRoster, type RosterDiff } from './diff.ts';
import { readOneRoster } from './oneroster/read.ts';
import { readPlainPeople } from './plain-people.ts';
import { ProblemLog } from './problems.ts';
import { settle } from './resolve.ts';
import { nothingStated, type StatedRoster } from './roster.ts';
import { largestFile, openFolder, pieces, type RosterSource, tooLarge } from './source.ts';
import { openZip } from './zip-source.ts';

interface Parts {
  store: RosterStore;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
}

type Upload = { path: string } | { bytes: Uint8Array };

/** What an import would do: everything the caller is told, and what is to be written. */
interface Prospect {
  result: ImportResult;
  changes: RosterDiff['changes'];
  version: string;
}

/**
 * Imports rosters: read, look up, compare, measure, write. A dry run does all but the last. An import that is refused
 * answers `applied: false` and its problems; only an upload that is no roster at all is a `CodedError`.
 */
export class RosterService implements Rosters {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async importOneRoster(upload: Upload, options: ImportOptions, actor: Actor): Promise<ImportResult> {
    const source = 'path' in upload && (await isFolder(upload.path)) ? openFolder(upload.path) : openZip(upload);
    return await this.importFiles(await source, options, actor);
  }

  /** As `importOneRoster`, from files wherever they are. Closes the source. */
  async importFiles(source: RosterSource, options: ImportOptions, actor: Actor): Promise<ImportResult> {
    const log = new ProblemLog(options.mode);
    const today = new Date(this.#parts.clock.now()).toISOString().slice(0, 10);
    try {
      const stated = (await readOneRoster(source, log, today)) ?? unreadable;
      return await this.#import(stated, await this.#readStored(stated), log, options, actor);
    } finally {
      await source.close();
    }
  }

  async importPeople(upload: Upload, options: ImportOptions, actor: Actor): Promise<ImportResult> {
    const log = new ProblemLog(options.mode);
    const name = 'path' in upload ? upload.path : 'people.csv';
    const bytes = 'path' in upload ? await openFile(upload.path) : pieces(upload.bytes);
    const stored = await this.#readStored(unreadable);
    const stated = await readPlainPeople(name, bytes, stored.orgs, log);
    return await this.#import(stated, stored, log, options, actor);
  }

  async #readStored(stated: StatedRoster): Promise<StoredRoster> {
    return await this.#parts.store.read({
      classes: stated.classes.mode !== 'absent',
      enrollments: stated.enrollments.mode !== 'absent',
      sessions: stated.sessions.mode !== 'absent' || stated.classes.mode !== 'absent',
    });
  }

  async #import(
    stated: StatedRoster,
    stored: StoredRoster,
    log: ProblemLog,
    options: ImportOptions,
    actor: Actor,
  ): Promise<ImportResult> {
    const { result, changes, version } = this.#prospect(stated, stored, log, options);
    if (!result.applied) return result;
    const { store, clock, random, events, bus } = this.#parts;
    const isChange = result.changes.some((kind) => kind.added + kind.changed + kind.removed > 0);
    if (isChange) await store.apply(changes, { was: version, becomes: random.uuid() }, clock.now());
    await events.add({ actor, code: 'roster-imported', words: eventWords(result) });
    if (isChange) bus.publish('roster-changed', {});
    return result;
  }

  /** `applied` says whether it goes on. */
  #prospect(stated: StatedRoster, stored: StoredRoster, log: ProblemLog, options: ImportOptions): Prospect {
    noteGaps(stated, log);
    const diff = diffRoster(settle(stated, stored, log), stored, () => this.#parts.random.uuid());
    const movement = measureMovement(diff, stored);
    const stopped = movement.stops && !options.confirm;
    const refused = log.errorCount > 0 && (options.mode === 'strict' || saysNothing(stated));
    if (stopped) log.error({ file: stated.people.file, row: null, column: null }, brakeWords(movement));
    const result: ImportResult = {
      applied: !refused && !stopped && !options.dryRun,
      dryRun: options.dryRun,
      mode: options.mode,
      format: stated.format,
      problems: log.list(),
      changes: diff.counts,
      moved: movement.moved,
      movedShare: movement.share,
      sample: diff.sample,
    };
    return { result, changes: diff.changes, version: stored.version };
  }
}

/** States nothing, so that an upload nobody could read changes nothing. */
const unreadable: StatedRoster = {
  format: 'unknown',
  orgs: nothingStated('orgs.csv'),
  people: nothingStated('users.csv'),
  roles: undefined,
  classes: nothingStated('classes.csv'),
  enrollments: nothingStated('enrollments.csv'),
  sessions: nothingStated('academicSessions.csv'),
};

/** Where rows were lost, absence proves nothing: people should know why nobody was taken away. */
function noteGaps(stated: StatedRoster, log: ProblemLog): void {
  for (const { file, mode, complete } of [stated.orgs, stated.people, stated.classes, stated.enrollments]) {
    if (mode !== 'bulk' || complete) continue;
    const words = 'Rows of this file could not be read, so nothing counts as gone because it is missing here.';
    log.warn({ file, row: null, column: null }, words);
  }
}

/** Whether nothing in the upload could be used: then lenient mode has nothing to go on with. */
function saysNothing({ orgs, people, roles, classes, enrollments, sessions }: StatedRoster): boolean {
  const kinds = [orgs, people, classes, enrollments, sessions];
  return kinds.every((kind) => kind.entries.size + kind.removed.size === 0) && !roles?.rows.length;
}

function brakeWords({ moved, share }: { moved: number; share: number }): string {
  const percent = (share * 100).toFixed(1);
  return (
    `This import would remove or move ${moved} people, ${percent} % of all; above ${brakeShare * 100} % it stops. ` +
    'Look at the differences, and confirm it if they are right.'
  );
}

function eventWords({ format, mode, changes, problems }: ImportResult): string {
  const counted = changes
    .filter((kind) => kind.added + kind.changed + kind.removed > 0)
    .map((kind) => `${kind.kind} +${kind.added} ~${kind.changed} −${kind.removed}`);
  const done = counted.length > 0 ? counted.join(', ') : 'nothing changed';
  return `Roster imported (${format}, ${mode}): ${done}; ${problems.length} problems listed.`;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new CodedError('bad-file', `There is no file or folder ${path} that can be read.`, [], cause);
  }
}

async function openFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (await isFolder(path)) throw new CodedError('bad-file', `${path} is a folder. Name the CSV file in it.`);
  const { size } = await stat(path);
  if (size > largestFile) throw tooLarge(path);
  return createReadStream(path);
}
