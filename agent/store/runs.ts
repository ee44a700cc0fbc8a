import type { DatabaseSync } from 'node:sqlite';

const running = 'run-in-boot';
const crashed = 'run-crashed-at';

/**
 * Tells an agent that ended without being told to from one that was stopped, or that went down with the computer: a run is
 * noted with the boot it began in, and the note is taken away when it ends. Whoever finds a note of the same boot comes
 * after a crash.
 */
export class Runs {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** `bootId`: the same as long as the computer runs. */
  begin(bootId: string, now: number): void {
    if (this.#read(running) === bootId) this.#write(crashed, String(now));
    this.#write(running, bootId);
  }

  /** It ends because it was told to. */
  end(): void {
    this.#database.prepare('DELETE FROM setting WHERE name = ?').run(running);
  }

  /** When a run last began after one that had crashed; epoch ms. */
  get crashedAt(): number | undefined {
    const at = this.#read(crashed);
    return at === undefined ? undefined : Number(at);
  }

  #read(name: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM setting WHERE name = ?').get(name);
    return row === undefined ? undefined : String(row.value);
  }

  #write(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)').run(name, value);
  }
}
