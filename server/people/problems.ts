import type { RowProblem } from '../../shared/api/schemas.ts';

export type ImportMode = 'strict' | 'lenient';

/** Where in the upload: the header is row 1; `null` when the file or the row as a whole is meant. */
export interface Place {
  file: string;
  row: number | null;
  column: string | null;
}

const perKind = 5;
const mostKinds = 400;
const longestWords = 600;

/**
 * Collects what is wrong with an upload. A hundred thousand rows with the same fault give five problems and a sum, so
 * that the list stays readable and memory bounded. Words quote a value only between “ and ”.
 */
export class ProblemLog {
  readonly mode: ImportMode;
  readonly #kinds = new Map<string, { shown: RowProblem[]; count: number }>();
  #errors = 0;

  constructor(mode: ImportMode) {
    this.mode = mode;
  }

  /** What cannot be imported. */
  error(place: Place, words: string): void {
    this.#errors += 1;
    this.#add({ severity: 'error', ...place, words });
  }

  warn(place: Place, words: string): void {
    this.#add({ severity: 'warning', ...place, words });
  }

  /** What the standard forbids but the meaning is plain: an error in strict mode, a warning in lenient. */
  forgive(place: Place, words: string): void {
    if (this.mode === 'strict') this.error(place, words);
    else this.warn(place, words);
  }

  get errorCount(): number {
    return this.#errors;
  }

  /** Errors first; each kind with its first rows and how many more there are. */
  list(): RowProblem[] {
    const all = [...this.#kinds.values()].flatMap(({ shown, count }) => {
      const [first] = shown;
      if (!first || count <= shown.length) return shown;
      const more = count - shown.length;
      const rows = more === 1 ? 'One more row' : `${more.toLocaleString('en')} more rows`;
      const words = `${rows} with this problem: not listed.`;
      return [...shown, { ...first, row: null, words }];
    });
    return [...all.filter((p) => p.severity === 'error'), ...all.filter((p) => p.severity === 'warning')];
  }

  #add(problem: RowProblem): void {
    const words = problem.words.slice(0, longestWords);
    const key = `${problem.severity}|${problem.file}|${problem.column}|${words.replaceAll(/“[^”]*”/g, '')}`;
    const kind = this.#kinds.get(key) ?? { shown: [], count: 0 };
    if (kind.count === 0 && this.#kinds.size < mostKinds) this.#kinds.set(key, kind);
    kind.count += 1;
    if (kind.shown.length < perKind)
      kind.shown.push({ ...problem, column: problem.column?.slice(0, 255) ?? null, words });
  }
}

/** A value of the upload, made safe to show: short, without control characters. Never used for names of people. */
export function quoted(value: string): string {
  return `“${value.slice(0, 60).replaceAll(/[\p{Cc}\p{Cf}“”]/gu, '?')}”`;
}
