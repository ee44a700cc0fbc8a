import type { Clock, Random } from '../../shared/clock.ts';
import {
  type HealthCollectorName,
  healthSchemas,
  type ObservationName,
  observationSchemas,
} from '../../shared/protocol/health.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';
import { type Validator, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import type { Commands } from '../platform/commands.ts';
import { cadenceOf } from './cadence.ts';
import type { HealthReaders, PostureReaders } from './collector.ts';
import { readFootprint } from './footprint.ts';
import { linuxReaders } from './linux/index.ts';
import { portableReaders } from './portable/index.ts';
import { postureReaders } from './posture/index.ts';
import { type Job, Schedule } from './schedule.ts';
import { same, steady, steps } from './steady.ts';

export interface HealthOptions {
  commands: Commands;
  clock: Clock;
  random: Random;
  platform: 'linux' | 'darwin' | 'win32';
  agentVersion: string;
  /** How many records wait in the spool. */
  spooled: () => number;
  /** When the agent last began after a run that had crashed. */
  crashedAt?: () => number | undefined;
  /** Takes each change; `value` has been checked against its schema. */
  emit: (record: ReportRecord) => void;
  log: Log;
  /** Where /proc, /sys and /etc are looked for (Linux); for tests. */
  root?: string;
}

export interface HealthReporter {
  start(): Promise<void>;
  /** Reads these, or everything, at once; resolves when what changed was emitted. */
  look(names?: readonly string[]): Promise<void>;
  /** Nothing is emitted any more; a program that is being asked ends by itself. */
  stop(): Promise<void>;
}

/**
 * Reads the device's health and posture by cadence and emits what changed since the agent started: each value once within
 * seconds of `start`, then only changes beyond the noise (`steps`). Values are held in memory, so a restart sends all again.
 */
export function createHealth(options: HealthOptions): HealthReporter {
  const schedule = new Schedule(healthJobs(options, healthReaders(options), posture(options)), options);
  return {
    start: async () => schedule.start(),
    look: (names) => schedule.runNow(names),
    stop: async () => schedule.stop(),
  };
}

/** The jobs of given readers; apart from `createHealth` so that tests can pass their own readers. */
export function healthJobs(options: HealthOptions, health: HealthReaders, facts: PostureReaders): Job[] {
  const { platform } = options;
  const collectors = (Object.keys(health) as HealthCollectorName[]).map((name): Job => {
    const check = validator(healthSchemas[name]);
    const accept = changes(name, steps[name], check, options, (at, value) => ({
      kind: 'health',
      at,
      collector: name,
      value,
    }));
    return { name, ...cadenceOf(platform, name), collect: health[name], accept };
  });
  const observations = (Object.keys(facts) as ObservationName[]).map((name): Job => {
    const check = validator(observationSchemas[name]);
    const accept = changes(name, {}, check, options, (at, value) => ({ kind: 'observation', at, name, value }));
    return { name, ...cadenceOf(platform, name), collect: facts[name], accept };
  });
  return [...collectors, ...observations];
}

function healthReaders(options: HealthOptions): HealthReaders {
  const { platform, commands, clock, root = '/', crashedAt = () => undefined } = options;
  const own = platform === 'linux' ? linuxReaders(root, commands, clock) : portableReaders(platform, commands, clock);
  return { ...own, agent: readFootprint(clock, options.agentVersion, options.spooled, crashedAt) };
}

function posture(options: HealthOptions): PostureReaders {
  return postureReaders(options.platform, options.commands, options.root);
}

/** Holds the last value sent; emits a fresh one when it differs by more than noise and fits its schema. */
function changes(
  name: string,
  limits: Readonly<Record<string, number>>,
  schema: Validator<unknown>,
  { clock, emit, log }: HealthOptions,
  record: (at: number, value: unknown) => ReportRecord,
): (fresh: unknown) => void {
  let last: unknown;
  return (fresh) => {
    if (fresh === undefined) return;
    const value = steady(limits, last, fresh);
    if (same(value, last)) return;
    if (!schema.check(value)) {
      log.warn(
        { collector: name, problems: schema.problems(value) },
        'a health value does not fit its schema and is not sent',
      );
      return;
    }
    emit(record(clock.now(), value));
    last = value;
  };
}
