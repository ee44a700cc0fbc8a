import type { FileAnswer } from '../../shared/api/contract.ts';
import type { AuditSettings } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { ExportUseStore } from '../store/export-use.ts';

export interface QuotaParts {
  store: Pick<ExportUseStore, 'addFile' | 'addRows'>;
  settings: () => Promise<AuditSettings>;
  clock: Clock;
}

/** How much anybody takes out of the house on a day (UTC): so many files, and so many rows in all of them. */
export class ExportQuota {
  readonly #parts: QuotaParts;

  constructor(parts: QuotaParts) {
    this.#parts = parts;
  }

  /** The file counts as soon as it is asked for, its rows before it is given away. Throws `export-quota`. */
  async within(who: string, work: () => Promise<FileAnswer>): Promise<FileAnswer> {
    const { store, settings, clock } = this.#parts;
    const { exportFilesPerDay: files, exportRowsPerDay: rows } = await settings();
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    if (!(await store.addFile(who, day, files)))
      throw new CodedError('export-quota', `You took ${files} files today already. Go on tomorrow, or ask an owner.`);
    const file = await work();
    if (!(await store.addRows(who, day, file.rows ?? 0, rows)))
      throw new CodedError(
        'export-quota',
        `With this file you would take more than ${rows} rows today. Choose fewer, or ask an owner.`,
      );
    return file;
  }
}
