import type { Decision } from '../../shared/filter/decision.ts';
import type { Place } from '../../shared/filter/place.ts';
import type { RecordingLevel, WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { Evidence } from '../../shared/protocol/messages.ts';

/** What the filter tells the device's own pages and its records. */
export interface FilterView {
  /** What the filter makes of a name now; undefined while no policy is in force. */
  decide(name: string): Decision | undefined;
  /** The section in force; undefined while there is none. */
  readonly section: WebFilterSection | undefined;
  readonly place: Place;
  /** What may be recorded here and now. */
  readonly recording: RecordingLevel;
  /** The time schedules go by, which cannot be turned back (epoch ms). */
  now(): number;
}

/** Hears of every name that was decided, on the hot path: it must not throw, wait or allocate much. */
export interface QueryObserver {
  decided(name: string, decision: Decision): void;
  /**
   * Names the agent is about to ask for itself, to measure what it enforces: they are not the person's until the returned
   * function is called.
   */
  ownQuestions?(names: Iterable<string>): () => void;
}

/** What lives beside a filter in force: the device's own pages, its records. See `agent/filter/accompanied.ts`. */
export interface Companion {
  /** A policy came into force; repeated with every further one. Never rejects: what could not be had is `evidence`. */
  begin(view: FilterView): Promise<void>;
  /** None is in force any more. */
  end(): Promise<void>;
  /** A fresh look: lines beside the filter's own. */
  evidence(): Promise<Evidence[]>;
}
