import type { DatabaseSync } from 'node:sqlite';
import type { CommandResultRecord } from '../../shared/protocol/messages.ts';
import type { Spool } from './spool.ts';

/** A command that was begun here. */
export interface BegunCommand {
  id: string;
  /** As it was signed. */
  text: string;
  bootId: string;
  begunAt: number;
  /** What its execution keeps for itself over a restart, as JSON. */
  kept: string | undefined;
}

/**
 * Every command this device ever began, until nobody could bring it again: it is here, on disk, before anything is done, so
 * that nothing is done twice, whenever the agent or the computer goes down.
 */
export class CommandLog {
  readonly #database: DatabaseSync;
  readonly #spool: Spool;

  constructor(database: DatabaseSync, spool: Spool) {
    this.#database = database;
    this.#spool = spool;
  }

  isKnown(id: string): boolean {
    return this.#database.prepare('SELECT 1 FROM command WHERE id = ?').get(id) !== undefined;
  }

  /** True while it is not over, or its result has not reached the server. */
  isFresh(id: string): boolean {
    const row = this.#database.prepare('SELECT state FROM command WHERE id = ?').get(id);
    return row?.state === 'begun' || this.#spool.waiting('command-result', id) !== undefined;
  }

  /** Another command had this place in its day's budget. */
  isTaken(slot: string, id: string): boolean {
    return this.#database.prepare('SELECT 1 FROM command WHERE slot = ? AND id <> ?').get(slot, id) !== undefined;
  }

  /** On disk when this returns. Throws when the disk is full: then nothing may be done. */
  begin(command: Omit<BegunCommand, 'kept'> & { expiresAt: number; slot?: string | undefined }): void {
    const { id, text, expiresAt, slot, bootId, begunAt } = command;
    this.#database
      .prepare(
        'INSERT INTO command (id, state, text, expires_at, slot, boot_id, begun_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, 'begun', text, expiresAt, slot ?? null, bootId, begunAt);
  }

  keep(id: string, kept: string): void {
    this.#database.prepare('UPDATE command SET kept = ? WHERE id = ?').run(kept, id);
  }

  /** How it stands while it is not over. */
  say(record: CommandResultRecord): void {
    this.#spool.add(record);
  }

  /** The result and the end of the command are one transaction. */
  end(record: CommandResultRecord): void {
    this.#spool.add(record, () => {
      this.#database.prepare("UPDATE command SET state = 'over' WHERE id = ?").run(record.command);
    });
  }

  /** Begun, and not over: the agent ended meanwhile. */
  unfinished(): BegunCommand[] {
    const rows = this.#database.prepare("SELECT * FROM command WHERE state = 'begun' ORDER BY begun_at, id").all();
    return rows.map((row) => ({
      id: String(row.id),
      text: String(row.text),
      bootId: String(row.boot_id),
      begunAt: Number(row.begun_at),
      kept: row.kept === null ? undefined : String(row.kept),
    }));
  }

  /** Forgets those that were over before `moment`, by every clock there is. */
  prune(moment: number): void {
    this.#database.prepare("DELETE FROM command WHERE state = 'over' AND expires_at < ?").run(moment);
  }
}
