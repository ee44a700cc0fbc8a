import { type ProblemLog, quoted } from '../problems.ts';
import type { FileMode } from '../roster.ts';
import type { RosterSource } from '../source.ts';
import { readTable, type TableSpec } from '../table.ts';
import { type FileName, fileNames, tables, type Version } from './tables.ts';

/** What the manifest declares: the version, and how each file is to be taken. */
export interface Manifest {
  version: Version;
  modes: Record<FileName, FileMode>;
  /** File → its name as it stands in the source. */
  names: Partial<Record<FileName, string>>;
}

const file = 'manifest.csv';
const spec: TableSpec = {
  columns: ['propertyName', 'value'],
  kept: ['propertyName', 'value'],
  required: ['propertyName', 'value'],
  essential: ['propertyName', 'value'],
};

/**
 * Reads the manifest. Lenient mode does without: a file that is there is taken whole. A file the manifest declares
 * absent is not read. Undefined when nothing can be read by it.
 */
export async function readManifest(source: RosterSource, log: ProblemLog): Promise<Manifest | undefined> {
  if (source.folded) log.forgive(whole(file), 'The files stand in a folder of the zip. Pack them at its top.');
  const properties = await readProperties(source, log);
  const names = findFiles(source, log);
  const version = versionOf(properties, names, log);
  if (!version) return undefined;
  const modes = Object.fromEntries(
    fileNames.map((name) => [name, tables[version][name] ? modeOf(name, properties, names, log) : 'absent']),
  ) as Record<FileName, FileMode>;
  return { version, modes, names };
}

async function readProperties(source: RosterSource, log: ProblemLog): Promise<Map<string, string>> {
  const properties = new Map<string, string>();
  const name = findName(source, file, log);
  if (name === undefined) {
    log.forgive(whole(file), 'manifest.csv is missing. Every file that is there was taken as complete (bulk).');
    return properties;
  }
  await readTable(name, await source.open(name), spec, log, (row) => {
    const property = (row.cell('propertyName') ?? '').trim();
    if (properties.size < 200) properties.set(property.toLowerCase(), (row.cell('value') ?? '').trim());
  });
  return properties;
}

function versionOf(
  properties: ReadonlyMap<string, string>,
  names: Manifest['names'],
  log: ProblemLog,
): Version | undefined {
  const place = { file, row: null, column: 'value' };
  const written = properties.get('oneroster.version') ?? '';
  const guess: Version = names.roles === undefined ? '1.1' : '1.2';
  const meant = /^v?1[.p]([12])(\.0)?$/i.exec(written)?.[1];
  if (meant === undefined && written !== '') {
    log.error(place, `OneRoster ${quoted(written)} cannot be read. Export version 1.1 or 1.2.`);
    return undefined;
  }
  if (meant === undefined) log.forgive(place, `oneroster.version is not given; the files look like “${guess}”.`);
  return meant === undefined ? guess : meant === '2' ? '1.2' : '1.1';
}

function modeOf(
  name: FileName,
  properties: ReadonlyMap<string, string>,
  names: Manifest['names'],
  log: ProblemLog,
): FileMode {
  const place = { file, row: null, column: `file.${name}` };
  const written = properties.get(`file.${name}`.toLowerCase()) ?? '';
  const there = names[name] !== undefined;
  const declared = (['absent', 'bulk', 'delta'] as const).find((mode) => mode === written.toLowerCase());
  if (declared !== undefined && declared !== written) log.forgive(place, `Write “${declared}” in small letters.`);
  if (declared === undefined) {
    if (written !== '' || there || properties.size > 0) noteMode(name, written, there, place, log);
    return there ? 'bulk' : 'absent';
  }
  if (declared !== 'absent' && !there) {
    log.error(whole(`${name}.csv`), `The manifest declares ${name}.csv as ${declared}, but it is not there. Add it.`);
    return 'absent';
  }
  if (declared === 'absent' && there) {
    log.forgive(whole(`${name}.csv`), 'The manifest declares this file absent, so it was not read.');
  }
  return declared;
}

function noteMode(
  name: FileName,
  written: string,
  there: boolean,
  place: { file: string; row: null; column: string },
  log: ProblemLog,
): void {
  const taken = there ? 'the file is there, so it was taken as bulk' : 'the file is not there, so it counts as absent';
  const said = written === '' ? `file.${name} has no value` : `file.${name} says ${quoted(written)}`;
  log.forgive(place, `${said}; ${taken}. Write absent, bulk or delta.`);
}

function findFiles(source: RosterSource, log: ProblemLog): Manifest['names'] {
  const found = fileNames.map((name) => [name, findName(source, `${name}.csv`, log)] as const);
  return Object.fromEntries(found.filter(([, name]) => name !== undefined));
}

/** The file of this name; lenient mode forgives its case. */
function findName(source: RosterSource, wanted: string, log: ProblemLog): string | undefined {
  if (source.names.includes(wanted)) return wanted;
  const folded = source.names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (folded === undefined) return undefined;
  log.forgive(whole(wanted), `The file is named ${quoted(folded)}. Name it ${wanted}.`);
  return log.mode === 'lenient' ? folded : undefined;
}

const whole = (name: string) => ({ file: name, row: null, column: null });
