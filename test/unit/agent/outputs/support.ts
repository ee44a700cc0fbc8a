import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Check, checks, type OutputCase, readSystems, type Source, type SystemCases } from './cases.ts';

/*
 * The tables of docs/support.md, made from the indexes below test/golden/outputs:
 *   node test/unit/agent/outputs/support.ts
 */

export const supportFile = fileURLToPath(new URL('../../../../docs/support.md', import.meta.url));
const [begin, end] = ['<!-- generated: begin -->', '<!-- generated: end -->'];

/** Systems that the product is for, so that one without a single text is named too. */
const meant: readonly (readonly [system: string, version: string])[] = [
  ['Debian', '11'],
  ['Debian', '12'],
  ['Debian', '13'],
  ['Ubuntu', '22.04'],
  ['Ubuntu', '24.04'],
  ['Fedora', '40 and later'],
  ['Linux Mint', '21 and later'],
  ['openSUSE', 'Leap 15 and later'],
  ['Windows', '10'],
  ['Windows', '11'],
  ['macOS', '13'],
  ['macOS', '14'],
  ['macOS', '15'],
];
const kinds: readonly Source['kind'][] = ['run-here', 'vendor-documentation', 'public-capture'];

/** The document with its tables made anew. */
export function withTables(text: string, systems: readonly SystemCases[]): string {
  const [before = '', rest = ''] = text.split(begin);
  const [, after = ''] = rest.split(end);
  return `${before}${begin}\n\n${tables(systems)}\n${end}${after}`;
}

function tables(systems: readonly SystemCases[]): string {
  const all = systems.flatMap(({ cases }) => cases);
  return [
    '### Systems',
    '',
    table(['System', 'Ran here', 'Documented', 'Published by others', 'Languages', 'In short'], systemRows(systems)),
    '',
    '### Checks',
    '',
    table(['Check', 'Linux', 'Windows', 'macOS'], checkRows(systems)),
    '',
    `${all.length} cases in all: ${kinds.map((kind) => `${count(all, kind)} ${kind}`).join(', ')}.`,
    '',
  ].join('\n');
}

function systemRows(systems: readonly SystemCases[]): string[][] {
  const found = systems.map(({ system, version, cases }) => systemRow(`${system} ${version}`, cases));
  const missing = meant.filter(
    ([system, version]) => !systems.some((one) => one.system === system && one.version === version),
  );
  return [...found, ...missing.map(([system, version]) => systemRow(`${system} ${version}`, []))];
}

function systemRow(name: string, cases: readonly OutputCase[]): string[] {
  const [ran = 0, documented = 0, published = 0] = kinds.map((kind) => count(cases, kind));
  const languages = [...new Set(cases.flatMap(({ locales }) => locales.map(language)))].sort();
  const short =
    ran > 0
      ? 'programs run here'
      : documented + published > 0
        ? '**never run**, texts of others'
        : '**never run**, no text';
  return [name, ...[ran, documented, published].map(cell), languages.join(', '), short];
}

function checkRows(systems: readonly SystemCases[]): string[][] {
  const cellOf = (check: Check, family: SystemCases['family']) => {
    const cases = systems.filter((one) => one.family === family).flatMap((one) => one.cases);
    return cell(cases.filter((one) => one.check === check).length);
  };
  return checks.map((check) => [check, cellOf(check, 'linux'), cellOf(check, 'win32'), cellOf(check, 'darwin')]);
}

function count(cases: readonly OutputCase[], kind: Source['kind']): number {
  return cases.filter(({ source }) => source.kind === kind).length;
}

function language(locale: string): string {
  return locale === 'C' ? 'en' : locale.slice(0, 2);
}

function cell(number: number): string {
  return number === 0 ? '–' : String(number);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(supportFile, withTables(readFileSync(supportFile, 'utf8'), readSystems()));
