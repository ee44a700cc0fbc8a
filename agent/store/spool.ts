import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Random } from '../../shared/clock.ts';
import { type Body, type ReportRecord, ReportRecordSchema } from '../../shared/protocol/messages.ts';
import { validator } from '../../shared/schema.ts';
import { inTransaction } from './database.ts';
import { parseJson } from './durable-file.ts';

type Report = Body<'report'>;
const schema = validator(ReportRecordSchema);

export interface SpoolLimits {
  records: number;
  bytes: number;
}

const defaultLimits: SpoolLimits = { records: 20_000, bytes: 20 * 1024 * 1024 };
const batchRecords = 200;
/** Well below the frame limit of a report (524,288 bytes), envelope included. */
const batchBytes = 400_000;
/** Share of the limit that is freed at once, so that a full spool does not work for every record. */
const dropShare = 0.05;
/** What is dropped first. Findings and reported sections are dropped only where a newer one of the same says more. */
const expendable = ['health', 'observation', 'event'] as const;

/**
 * Records on disk until the server has acknowledged them, in numbered reports. A report that was handed out once is
 * handed out again with the same number and the same records until it is acknowledged, also after a crash.
 */
export class Spool {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limits: SpoolLimits;
  #count: number;
  #bytes: number;
  #onAdded: () => void = () => undefined;

  constructor(database: DatabaseSync, clock: Clock, random: Random, limits: SpoolLimits = defaultLimits) {
    this.#database = database;
    this.#clock = clock;
    this.#random = random;
    this.#limits = limits;
    ({ count: this.#count, bytes: this.#bytes } = measure(database));
  }

  /** Records that wait. */
  get length(): number {
    return this.#count;
  }

  /** Names this spool: a new database begins a new one. */
  get epoch(): string {
    const stored = this.#setting('spool-epoch');
    if (stored) return stored;
    const epoch = this.#random.uuid();
    this.#set('spool-epoch', epoch);
    return epoch;
  }

  /** Number of the next new report. */
  get next(): number {
    return Number(this.#setting('spool-next') ?? 1);
  }

  /** The newest record of a kind about a subject that waits to be acknowledged. */
  waiting<K extends ReportRecord['kind']>(kind: K, subject: string): Extract<ReportRecord, { kind: K }> | undefined {
    const row = this.#database
      .prepare('SELECT body FROM record WHERE kind = ? AND subject = ? ORDER BY id DESC LIMIT 1')
      .get(kind, subject);
    return row && (JSON.parse(String(row.body)) as Extract<ReportRecord, { kind: K }>);
  }

  /** Called after each addition. */
  onAdded(listener: () => void): void {
    this.#onAdded = listener;
  }

  /** The record is on disk when this returns. `also` joins the same transaction. Throws when the disk is full. */
  add(record: ReportRecord, also: () => void = () => undefined): void {
    try {
      inTransaction(this.#database, () => {
        also();
        this.#insert(record);
      });
      if (this.#isFull()) this.#makeRoom();
    } catch (error) {
      ({ count: this.#count, bytes: this.#bytes } = measure(this.#database));
      throw error;
    }
    this.#onAdded();
  }

  /**
   * The oldest report that is not acknowledged; undefined when nothing waits. What the disk has damaged is dropped and that
   * is told: the server refuses a report with it, and all that follow would wait for ever.
   */
  nextReport(): Report | undefined {
    const open = this.#database.prepare('SELECT min(batch) AS sequence FROM record').get()?.sequence;
    const sequence = typeof open === 'number' ? open : this.#makeBatch();
    if (sequence === undefined) return undefined;
    const rows = this.#database.prepare('SELECT id, body FROM record WHERE batch = ? ORDER BY id').all(sequence);
    const read = rows.map(({ id, body }) => ({ id: Number(id), record: parseJson(String(body)) }));
    const damaged = read.filter(({ record }) => !schema.check(record));
    if (damaged.length > 0) {
      this.#dropDamaged(damaged.map(({ id }) => id));
      return this.nextReport();
    }
    return { epoch: this.epoch, sequence, records: read.map(({ record }) => record as ReportRecord) };
  }

  /** The server holds everything up to this report. Another spool's acknowledgement changes nothing. */
  acknowledged(epoch: string, sequence: number): void {
    if (epoch !== this.epoch) return;
    inTransaction(this.#database, () => {
      this.#delete('batch <= ?', sequence);
      if (sequence >= this.next) this.#renumberAfter(sequence);
    });
  }

  /** The server knows later reports than this disk does (it was set back): go on after them, or they pass as resends. */
  #renumberAfter(sequence: number): void {
    this.#database.exec('UPDATE record SET batch = NULL');
    this.#set('spool-next', String(sequence + 1));
  }

  #makeBatch(): number | undefined {
    const last = this.#database
      .prepare(
        `SELECT max(id) AS id FROM (SELECT id, sum(octet_length(body)) OVER (ORDER BY id) AS bytes
         FROM (SELECT id, body FROM record ORDER BY id LIMIT ?)) WHERE bytes <= ?`,
      )
      .get(batchRecords, batchBytes)?.id;
    if (typeof last !== 'number') return undefined;
    const sequence = this.next;
    inTransaction(this.#database, () => {
      this.#database.prepare('UPDATE record SET batch = ? WHERE id <= ?').run(sequence, last);
      this.#set('spool-next', String(sequence + 1));
    });
    return sequence;
  }

  #dropDamaged(ids: readonly number[]): void {
    const detail = `${ids.length} records were damaged on the disk of this device and were dropped.`;
    inTransaction(this.#database, () => {
      for (const id of ids) this.#delete('id = ?', id);
      this.#insert({ kind: 'event', at: this.#clock.now(), code: 'spool-dropped', detail });
    });
  }

  #isFull(): boolean {
    return this.#count > this.#limits.records || this.#bytes > this.#limits.bytes;
  }

  #makeRoom(): void {
    inTransaction(this.#database, () => {
      const dropped = expendable.reduce((sum, kind) => sum + (this.#isFull() ? this.#dropOldest(kind) : 0), 0);
      const superseded = this.#isFull() ? this.#dropSuperseded() : 0;
      const detail = `The report spool is full: ${dropped + superseded} of the oldest records were dropped.`;
      this.#insert({ kind: 'event', at: this.#clock.now(), code: 'spool-dropped', detail });
    });
  }

  /** Never touches a report that has its number: a resend must be the same. */
  #dropOldest(kind: string): number {
    const most = Math.max(2, Math.ceil(this.#limits.records * dropShare));
    return this.#delete(
      'id IN (SELECT id FROM record WHERE kind = ? AND batch IS NULL ORDER BY id LIMIT ?)',
      kind,
      most,
    );
  }

  #dropSuperseded(): number {
    return this.#delete(`batch IS NULL AND kind IN ('reported', 'finding') AND EXISTS (
      SELECT 1 FROM record AS newer
      WHERE newer.id > record.id AND newer.kind = record.kind AND newer.subject = record.subject)`);
  }

  #insert(record: ReportRecord): void {
    const body = JSON.stringify(record);
    this.#database
      .prepare('INSERT INTO record (kind, subject, body) VALUES (?, ?, ?)')
      .run(record.kind, subjectOf(record), body);
    this.#count += 1;
    this.#bytes += Buffer.byteLength(body);
  }

  #delete(where: string, ...values: (string | number)[]): number {
    const gone = this.#database
      .prepare(`DELETE FROM record WHERE ${where} RETURNING octet_length(body) AS bytes`)
      .all(...values);
    this.#count -= gone.length;
    this.#bytes -= gone.reduce((sum, row) => sum + Number(row.bytes), 0);
    return gone.length;
  }

  #setting(name: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM setting WHERE name = ?').get(name);
    return row === undefined ? undefined : String(row.value);
  }

  #set(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)').run(name, value);
  }
}

function measure(database: DatabaseSync): { count: number; bytes: number } {
  const held = database.prepare('SELECT count(*) AS count, sum(octet_length(body)) AS bytes FROM record').get();
  return { count: Number(held?.count), bytes: Number(held?.bytes ?? 0) };
}

/** What a record is about: a newer one about the same says what holds now. */
function subjectOf(record: ReportRecord): string {
  switch (record.kind) {
    case 'reported':
      return record.section;
    case 'health':
      return record.collector;
    case 'observation':
      return record.name;
    case 'unblock-request':
    case 'help-request':
      return record.id;
    case 'activity':
      return String(record.at);
    case 'recovery-key':
      return record.volume;
    case 'command-result':
      return record.command;
    default:
      return record.code;
  }
}
