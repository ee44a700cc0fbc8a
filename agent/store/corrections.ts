import type { DatabaseSync } from 'node:sqlite';

interface Correction {
  section: string;
  item: string;
  at: number;
}

/** When which setting was put right, kept over restarts of the agent. */
export class Corrections {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Oldest first. */
  all(): Correction[] {
    const rows = this.#database.prepare('SELECT section, item, at FROM correction ORDER BY at').all();
    return rows.map(({ section, item, at }) => ({ section: String(section), item: String(item), at: Number(at) }));
  }

  add({ section, item, at }: Correction): void {
    this.#database.prepare('INSERT INTO correction (section, item, at) VALUES (?, ?, ?)').run(section, item, at);
  }

  remove({ section, item, at }: Correction): void {
    this.#database.prepare('DELETE FROM correction WHERE section = ? AND item = ? AND at = ?').run(section, item, at);
  }
}
