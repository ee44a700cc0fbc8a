import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

const labelWidth = 52;

/** Prints figures as they come: what was measured, the floor of the same run, and the ratio of the two. */
export class Report {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** What was run, when, on what. */
  head(name: string, sizes: Record<string, number>): void {
    const written = Object.entries(sizes).map(([size, value]) => `--${size} ${value}`);
    this.#print(`${name} ${written.join(' ')}`);
    this.#print(`${new Date().toISOString()}, ${machine()}\n`);
  }

  /** A heading, or a remark on how the figures below were taken. */
  note(words: string): void {
    this.#print(words);
  }

  figure(what: string, value: number, unit: string): void {
    this.#print(`  ${what.padEnd(labelWidth)}${withUnit(value, unit)}`);
  }

  /** `floor` names what `floorValue` was measured of; the ratio is ours to its. */
  compare(what: string, value: number, unit: string, floor: string, floorValue: number): void {
    const ratio = floorValue > 0 ? `${round(value / floorValue)} ×` : '–';
    this.#print(
      `  ${what.padEnd(labelWidth)}${withUnit(value, unit).padEnd(18)}${`${floor} ${withUnit(floorValue, unit)}`.padEnd(36)}${ratio}`,
    );
  }
}

/** The machine in one line. The load says whether it was busy with something else when the run began. */
function machine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `${model}, ${availableParallelism()} cores, ${memory}, ${type()} ${release()}, Node ${process.versions.node}, load ${load}`;
}

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function withUnit(value: number, unit: string): string {
  return `${round(value)} ${unit}`;
}

/** About three digits that mean something; thousands apart. */
function round(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
