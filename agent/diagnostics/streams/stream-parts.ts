import type { Clock } from '../../../shared/clock.ts';
import type { StreamSample } from '../../../shared/diagnostics/streams.ts';
import type { Platform } from '../../../shared/profile/keywords.ts';
import type { Address } from '../../../shared/protocol/enrolment.ts';
import type { TlsTrust } from '../../identity/https.ts';
import type { Log } from '../../log.ts';
import type { Commands, Follower } from '../../platform/commands.ts';
import type { RedactionContext } from '../redact.ts';
import type { Redactor } from './redactor.ts';

/** What streams are made with. */
export interface StreamParts {
  platform: Platform;
  commands: Commands;
  follower: Follower;
  clock: Clock;
  log: Log;
  /** The district's own server: the only one that is measured. */
  server: () => { address: Address; trust: TlsTrust };
  context: RedactionContext;
  redactor: Redactor;
  /** Where /proc and /sys are looked for (Linux); for tests. */
  root: string;
}

export type SampleOf<K extends StreamSample['kind']> = Extract<StreamSample, { kind: K }>;

/** Takes one sample of a stream; `isLast`: there is no more to come. */
export interface Taken<S> {
  sample: S | undefined;
  isLast?: boolean;
}

/** Samples until `stop`. `undo`: the sample did not leave, and what it took away from must be there for the next. */
export interface StreamSource<S> {
  take(): Promise<Taken<S>>;
  undo?(sample: S): void;
  stop?(): void;
}
