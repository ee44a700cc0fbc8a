import { compileAside } from '../../server/filter/compile-aside.ts';
import { compileNames } from '../../shared/filter/compiled.ts';
import { parseList } from '../../shared/filter/parse.ts';
import { bench } from './bench.ts';
import { listedName, listedNames } from './dns-names.ts';
import { listUpdate } from './dns-update.ts';
import { percentile, type Report } from './report.ts';

const rounds = 3;
const formats: [string, (name: string) => string][] = [
  ['hosts', (name) => `0.0.0.0 ${name}`],
  ['plain domains', (name) => name],
  ['wildcard', (name) => `*.${name}`],
  ['Adblock', (name) => `||${name}^`],
  ['RPZ', (name) => `${name} CNAME .`],
];

/** Importing a list on the server, and what a new version of it costs. */
export const lists = bench({
  summary: 'importing a list in every format, against splitting its text into rows, and what a new version costs',
  sizes: { names: { default: 300_000, words: 'names on the list; the documented run has 1000000' } },
  async run({ names }, report) {
    report.note('Reading, each format against splitting the same text into its rows:');
    for (const [format, rowOf] of formats) compareReading(format, textOf(names, rowOf), report);
    const all = listedNames(names);
    report.figure(
      'sorting and hashing the names',
      middle(() => compileNames(all)),
      'ms',
    );
    await compareThread(
      textOf(names, (name) => `0.0.0.0 ${name}`),
      report,
    );
    listUpdate(names, report);
  },
});

function textOf(names: number, rowOf: (name: string) => string): Uint8Array {
  return new TextEncoder().encode(Array.from({ length: names }, (_, index) => rowOf(listedName(index))).join('\n'));
}

function compareReading(format: string, content: Uint8Array, report: Report): void {
  const read = middle(() => parseList(content));
  const floor = middle(() => new Set(new TextDecoder().decode(content).split('\n')).size);
  report.compare(format, read, 'ms', 'rows into a set', floor);
}

/** The import as the server does it, and how long anything else had to wait for the event loop meanwhile. */
async function compareThread(content: Uint8Array, report: Report): Promise<void> {
  let longest = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const startedAt = performance.now();
  const { artifact } = await compileAside(content, 'bench');
  report.figure('imported in a thread of its own', performance.now() - startedAt, 'ms');
  clearInterval(watch);
  report.figure('longest stop of the event loop meanwhile', longest, 'ms');
  report.compare('artefact', artifact.byteLength / 2 ** 20, 'MB', 'text', content.byteLength / 2 ** 20);
}

function middle(work: () => unknown): number {
  const taken = Array.from({ length: rounds }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return percentile(taken, 0.5);
}
