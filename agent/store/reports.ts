import type { DatabaseSync } from 'node:sqlite';
import { type ReportedRecord, type ReportRecord, ReportRecordSchema } from '../../shared/protocol/messages.ts';
import { validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { parseJson } from './durable-file.ts';
import type { Spool } from './spool.ts';

const schema = validator(ReportRecordSchema);
/** A record must fit into a report with room to spare. */
const recordBytes = 400_000;

/**
 * What the agent has to say, said once: a section or a finding goes to the spool only when it differs from what was
 * last said about it. Reporting never throws: enforcement goes on when the disk is full.
 */
export class Reports {
  readonly #database: DatabaseSync;
  readonly #spool: Spool;
  readonly #log: Log;

  constructor(database: DatabaseSync, spool: Spool, log: Log) {
    this.#database = database;
    this.#spool = spool;
    this.#log = log;
  }

  /** Health, observations and events: their makers send only changes. */
  emit(record: ReportRecord): void {
    this.#add(record);
  }

  /** Reports a section unless the last report of it said the same; true when it did not. */
  reportSection(record: ReportedRecord): boolean {
    const last = this.lastReported(record.section);
    if (last && same(last, record)) return false;
    this.#add(record, () =>
      this.#database
        .prepare('INSERT OR REPLACE INTO section (name, reported) VALUES (?, ?)')
        .run(record.section, JSON.stringify(record)),
    );
    return true;
  }

  lastReported(section: string): ReportedRecord | undefined {
    const row = this.#database.prepare('SELECT reported FROM section WHERE name = ?').get(section);
    return row && readable(row.reported);
  }

  /** The last report of every section, in order of name. */
  sections(): ReportedRecord[] {
    const rows = this.#database.prepare('SELECT reported FROM section ORDER BY name').all();
    return rows.map((row) => readable(row.reported)).filter((record) => record !== undefined);
  }

  /** Opens a finding, or changes its detail. */
  openFinding(code: string, detail: string, at: number): void {
    const known = this.#database.prepare('SELECT detail FROM finding WHERE code = ?').get(code);
    if (known?.detail === detail) return;
    this.#add({ kind: 'finding', at, code, open: true, detail }, () =>
      this.#database.prepare('INSERT OR REPLACE INTO finding (code, detail) VALUES (?, ?)').run(code, detail),
    );
  }

  /** Closes a finding that is open. */
  closeFinding(code: string, at: number): void {
    const known = this.#database.prepare('SELECT detail FROM finding WHERE code = ?').get(code);
    if (!known) return;
    this.#add({ kind: 'finding', at, code, open: false, detail: String(known.detail) }, () =>
      this.#database.prepare('DELETE FROM finding WHERE code = ?').run(code),
    );
  }

  #add(record: ReportRecord, also: () => void = () => undefined): void {
    const problem = problemOf(record);
    if (problem) {
      this.#log.error({ kind: record.kind, problem }, 'A report was not sent because it breaks the protocol.');
      return;
    }
    try {
      this.#spool.add(record, also);
    } catch (error) {
      this.#log.error({ err: error, kind: record.kind }, 'A report could not be kept. Is the disk full?');
    }
  }
}

/** Undefined where the disk has damaged it: it is then reported anew. */
function readable(kept: unknown): ReportedRecord | undefined {
  const record = parseJson(String(kept));
  return schema.check(record) && record.kind === 'reported' ? record : undefined;
}

/** One record that breaks the protocol would hold up all that follow: the server refuses the whole report. */
function problemOf(record: ReportRecord): string | undefined {
  if (!schema.check(record)) return schema.problems(record).join('; ');
  const bytes = Buffer.byteLength(JSON.stringify(record));
  return bytes > recordBytes ? `${bytes} bytes; at most ${recordBytes} fit` : undefined;
}

function same(a: ReportedRecord, b: ReportedRecord): boolean {
  return comparable(a) === comparable(b);
}

function comparable({ section, generation, hash, status, failure, evidence }: ReportedRecord): string {
  return JSON.stringify([section, generation, hash, status, failure?.code, failure?.message, evidence.map(line)]);
}

function line({ item, expected, seen, ok }: ReportedRecord['evidence'][number]): unknown[] {
  return [item, expected, seen, ok];
}
