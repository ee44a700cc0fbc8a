import type { StreamKind, StreamSample } from '../../../shared/diagnostics/streams.ts';

/** Every stream but the summary, whose samples have a form of their own. */
export type Streamed = Exclude<StreamKind, 'live'>;
export type SampleOf<K extends Streamed> = Extract<StreamSample, { kind: K }> & {
  /** When it came, milliseconds since 1970, by this browser's clock. */
  at: number;
};
