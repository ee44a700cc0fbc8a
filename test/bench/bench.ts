import type { Report } from './report.ts';
import type { Scope } from './scope.ts';

/** The sizes of a bench: flag → what it is by default and what it means. Whole numbers all. */
export type Sizes = Record<string, { default: number; words: string }>;

/** One thing measured: the product, and a floor or a peer, in the same run on the same machine. */
export interface Bench<S extends Sizes = Sizes> {
  summary: string;
  sizes: S;
  /** Prints to `report`; what it starts, `scope` ends. Never judges a time: figures are for people. */
  run(sizes: Record<keyof S, number>, report: Report, scope: Scope): Promise<void>;
}

/** Keeps the names of the sizes for `run`. */
export function bench<S extends Sizes>(declared: Bench<S>): Bench<S> {
  return declared;
}
