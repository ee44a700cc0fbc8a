import type { FilterSchedule, Override, WebFilterSection } from '../profile/web-filter.ts';
import type { CompiledNames } from './compiled.ts';

/** The layers of a decision, the first that speaks wins; see `decideName`. */
export const layers = [
  'canary',
  'essential',
  'locked-minimum',
  'district-block',
  'override',
  'allow',
  'schedule',
  'category',
  'safe-search',
  'default',
] as const;
export type Layer = (typeof layers)[number];

/** A category whose list is open: its id, words for people, its names and what the district took out of it. */
export interface Category {
  readonly id: string;
  readonly title: string;
  readonly names: CompiledNames;
  readonly exceptions?: readonly string[];
}

/** What becomes of a name, and why. */
export interface Decision {
  readonly action: 'pass' | 'block' | 'rewrite' | 'nxdomain' | 'nodata';
  readonly layer: Layer;
  /** The category's id, when a category decided. */
  readonly category?: string;
  /** What matched: the pattern as written, the listed domain, the canary, the title of a schedule. */
  readonly rule?: string;
  /** The profile that says so, or for an override who gave it. */
  readonly assignment?: string;
  /** Epoch ms when this may end by itself (the end of an override or schedule); absent: not by the clock. */
  readonly until?: number;
  /** `rewrite`: the name whose addresses are the answer. */
  readonly target?: string;
}

/** What one layer has to say about a name; `explainName` gives all of them in order, decisive or not. */
export interface LayerView {
  readonly layer: Layer;
  /** What this layer alone would do; undefined: it has nothing to say. */
  readonly says: Decision | undefined;
  /** True for the one that decided. */
  readonly decides: boolean;
}

/** The parts of a section that decide; the rest is about how to answer. */
export type FilterSources = Pick<WebFilterSection, 'settings' | 'overrides' | 'essentials' | 'origins'>;

/** What the clock and the place bring into force: `shared/filter/in-force.ts` works it out. */
export interface InForce {
  /** Schedules that hold, with the instant at which that may end. */
  readonly schedules: readonly { schedule: FilterSchedule; until: number }[];
  /** Overrides that hold now. */
  readonly overrides: readonly Override[];
  /** Epoch ms at which this must be worked out anew; `Infinity`: never by the clock. */
  readonly until: number;
}

/** Nothing is bound to a time or place. */
export const nothingInForce: InForce = { schedules: [], overrides: [], until: Number.POSITIVE_INFINITY };
