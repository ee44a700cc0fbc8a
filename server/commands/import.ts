import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { ImportResult, RowProblem } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { OperatorClient } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';

export interface ImportFlags {
  dryRun: boolean;
  lenient: boolean;
  yes: boolean;
}

const shownProblems = 50;
const shownDifferences = 20;

/** `rollcall import oneroster PATH` and `rollcall import people PATH`; the exit code tells what came of it. */
export async function importRoster(
  client: OperatorClient,
  kind: 'oneroster' | 'people',
  path: string,
  flags: ImportFlags,
  output: Output,
): Promise<number> {
  const query = { mode: flags.lenient ? 'lenient' : 'strict', dryRun: flags.dryRun, confirm: flags.yes } as const;
  const result =
    kind === 'oneroster'
      ? await client.call('importOneRoster', { query, upload: { bytes: await zipOf(path), type: 'application/zip' } })
      : await client.call('importPeople', { query, upload: { bytes: readInput(path), type: 'text/csv' } });
  output.result(result, inWords(result));
  if (result.applied || result.dryRun) return exitCodes.done;
  return rowErrors(result) > 0 && !flags.lenient ? exitCodes.refused : exitCodes.confirm;
}

export function inWords(result: ImportResult): string {
  const shown = result.problems.slice(0, shownProblems).map(problemInWords);
  const more = result.problems.length - shown.length;
  const changes = result.changes.map(
    (change) =>
      `  ${change.kind}: ${change.added} new, ${change.changed} changed, ${change.removed} removed, ${change.unchanged} unchanged`,
  );
  return [
    ...shown,
    ...(more > 0 ? [`… and ${more} more problems (all of them with --json)`] : []),
    `${result.format}, ${result.mode}:`,
    ...changes,
    ...result.sample.slice(0, shownDifferences).map((line) => `  ${line}`),
    ...(result.sample.length > shownDifferences ? ['  …'] : []),
    outcome(result),
  ].join('\n');
}

function outcome(result: ImportResult): string {
  if (result.applied) return 'Imported.';
  if (result.dryRun) return 'Nothing was changed (dry run).';
  const errors = rowErrors(result);
  if (errors > 0 && result.mode === 'strict')
    return `Nothing was imported: ${errors} errors. Mend them, or use --lenient to leave those rows out.`;
  const share = Math.round(result.movedShare * 100);
  return `Nothing was imported: it would remove or move ${result.moved} people (${share} %). Look with --dry-run, then confirm with --yes.`;
}

/** Errors that `--yes` does not lift: all but the brake's, which is about the file as a whole. */
function rowErrors(result: ImportResult): number {
  const braked = result.movedShare > 0.1;
  return result.problems.filter(({ severity, row }) => severity === 'error' && !(braked && row === null)).length;
}

export function problemInWords(problem: RowProblem): string {
  const place = [problem.file, problem.row === null ? '' : `row ${problem.row}`, problem.column ?? ''].filter(
    (part) => part !== '',
  );
  return `${problem.severity}: ${place.join(', ')}: ${problem.words}`;
}

function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CodedError('bad-file', `${path} cannot be read: ${(error as Error).message}`, [], error);
  }
}

/** A zip as it is; a folder's CSV files as a zip. */
async function zipOf(path: string): Promise<Uint8Array> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) return readInput(path);
  const zip = new ZipFile();
  const names = readdirSync(path).filter(
    (name) => name.toLowerCase().endsWith('.csv') && basename(name) !== 'demographics.csv',
  );
  if (names.length === 0) throw new CodedError('bad-file', `${path} holds no CSV files.`);
  for (const name of names) zip.addBuffer(readFileSync(join(path, name)), name);
  zip.end();
  return await buffer(zip.outputStream);
}
