import { routes } from '../../../../../shared/api/routes.ts';
import type { ImportResult } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';

export type ImportKind = 'importOneRoster' | 'importPeople';

export interface ImportForm {
  kind: ImportKind;
  mode: 'strict' | 'lenient';
  file: File | null;
}

export const importKinds = {
  importOneRoster: {
    accept: '.zip,application/zip',
    type: 'application/zip',
    words: 'The OneRoster 1.1 or 1.2 CSV export, as one zip',
    limitBytes: routes.importOneRoster.upload?.limitBytes ?? 0,
  },
  importPeople: {
    accept: '.csv,text/csv',
    type: 'text/csv',
    words: 'A CSV file with one person per row and a header',
    limitBytes: routes.importPeople.upload?.limitBytes ?? 0,
  },
} as const;

/** Sends the file. A dry run changes nothing; `confirm` then only keeps the brake from counting as a problem. */
export async function importFile(
  { kind, mode, file }: ImportForm,
  step: { dryRun: boolean; confirm?: boolean },
): Promise<ImportResult> {
  if (!file) throw new Error('Choose a file first.');
  return call(kind, { query: { mode, ...step }, upload: { bytes: file, type: importKinds[kind].type } });
}
