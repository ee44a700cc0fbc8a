import type { Clock, Random } from '../../shared/clock.ts';
import type { ReportedRecord } from '../../shared/protocol/messages.ts';
import type { Capability, Change } from '../capabilities/capability.ts';
import type { Log } from '../log.ts';
import type { Reports } from '../store/reports.ts';
import type { WantedSection } from './accepted-state.ts';
import { enforceOnce, type Outcome, removeOnce } from './enforce.ts';
import { nextPassDelay, recent, settleDelay } from './pace.ts';
import { PathWatcher } from './path-watcher.ts';

export interface SectionLoopOptions {
  capability: Capability;
  reports: Reports;
  /** Where a path of the host is on disk. */
  real: (path: string) => string;
  /** Between periodic passes, milliseconds. */
  periodMs: number;
  clock: Clock;
  random: Random;
  log: Log;
}

type Aim = { kind: 'enforce'; wanted: WantedSection } | { kind: 'remove'; generation: number };

/** Keeps one section as desired: passes run one after the other, woken by a new state, a changed file, or time. */
export class SectionLoop {
  readonly #options: SectionLoopOptions;
  readonly #watcher: PathWatcher;
  #aim: Aim | undefined;
  /** The aim that was reached in this process: changes that become necessary afterwards are drift. */
  #reached: Aim | undefined;
  #failures = 0;
  #corrections: number[] = [];
  #running: Promise<void> = Promise.resolve();
  #isQueued = false;
  #stopped = false;
  #cancel: (() => void) | undefined;
  #cancelSettle: (() => void) | undefined;

  constructor(options: SectionLoopOptions) {
    this.#options = options;
    this.#watcher = new PathWatcher(() => this.#changed(), options.log);
  }

  enforce(wanted: WantedSection): void {
    const next: Aim = { kind: 'enforce', wanted };
    if (this.#reached === this.#aim && sameContent(this.#aim, next)) this.#reached = next;
    this.#aim = next;
    this.wake();
  }

  /** The section is no longer desired. Repeated after each start; reported once. */
  remove(generation: number): void {
    if (this.#aim?.kind === 'remove') return;
    this.#aim = { kind: 'remove', generation };
    this.#watcher.stop();
    this.wake();
  }

  /** True when the last pass did not reach the aim. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** Asks for a pass; several wishes before it begins are one pass. */
  wake(): void {
    if (this.#isQueued || this.#stopped) return;
    this.#isQueued = true;
    this.#running = this.#running.then(() => this.#safePass());
  }

  /** Resolves when no pass is running or queued. */
  async idle(): Promise<void> {
    let seen: Promise<void>;
    do {
      seen = this.#running;
      await seen;
    } while (seen !== this.#running);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#watcher.stop();
    this.#cancel?.();
    this.#cancelSettle?.();
    await this.idle();
    await this.#options.capability.stop();
  }

  /** A fault here is logged and retried: it must neither end the agent nor the loop. */
  async #safePass(): Promise<void> {
    this.#isQueued = false;
    try {
      await this.#pass();
    } catch (error) {
      const { log, clock, random, periodMs, capability } = this.#options;
      log.error({ err: error, section: capability.name }, 'A pass failed by a fault of the agent; it is repeated.');
      this.#failures += 1;
      this.#cancel?.();
      this.#cancel = clock.after(nextPassDelay(this.#failures, random.unit(), periodMs), () => this.wake());
    }
  }

  async #pass(): Promise<void> {
    const aim = this.#aim;
    if (!aim || this.#stopped) return;
    const outcome = aim.kind === 'remove' ? await this.#remove(aim.generation) : await this.#enforce(aim);
    this.#failures = outcome.status === 'failed' ? this.#failures + 1 : 0;
    if (outcome.status !== 'failed') this.#reached = aim;
    this.#schedule(aim);
  }

  async #remove(generation: number): Promise<Outcome> {
    const { capability, reports, log } = this.#options;
    const outcome = await removeOnce(capability, log);
    const last = reports.lastReported(capability.name);
    const isGone = last === undefined || (last.hash === undefined && last.status === 'verified');
    if (!isGone || outcome.status === 'failed') this.#report({ generation }, outcome);
    return outcome;
  }

  async #enforce(aim: Extract<Aim, { kind: 'enforce' }>): Promise<Outcome> {
    const { capability, log } = this.#options;
    const { desired, problem, hash, generation } = aim.wanted;
    if (!capability.supported) return this.#report({ generation, hash }, unsupported(capability));
    const outcome: Outcome = desired
      ? await enforceOnce(capability, desired, log)
      : { status: 'failed', evidence: [], changes: [] };
    if (outcome.changes.length > 0 && this.#reached === aim) this.#drifted(outcome.changes);
    this.#report({ generation, hash }, problem ? { ...outcome, status: 'failed', failure: problem } : outcome);
    return outcome;
  }

  #report(about: Pick<ReportedRecord, 'generation' | 'hash'>, outcome: Outcome): Outcome {
    const { capability, reports, clock } = this.#options;
    const { status, failure, evidence } = outcome;
    const record = { kind: 'reported' as const, at: clock.now(), section: capability.name, ...about, status, evidence };
    reports.reportSection(failure ? { ...record, failure } : record);
    return outcome;
  }

  #drifted(changes: Change[]): void {
    const { capability, reports, clock } = this.#options;
    this.#corrections = [...recent(this.#corrections, clock.monotonic()), clock.monotonic()];
    const lines = changes.map(({ item, before, after }) => `${item}: was ${before}, set back to ${after}`);
    const detail = `${capability.name}: ${lines.join('; ')}`.slice(0, 1000);
    reports.emit({ kind: 'event', at: clock.now(), code: 'drift-corrected', detail });
  }

  #schedule(aim: Aim): void {
    const { capability, real, clock, random, periodMs } = this.#options;
    this.#cancel?.();
    if (this.#stopped || this.#aim !== aim) return;
    if (aim.kind === 'enforce' && aim.wanted.desired && capability.supported)
      this.#watcher.watch(capability.watched(aim.wanted.desired).map(real));
    if (aim.kind === 'remove' && this.#failures === 0) return;
    this.#cancel = clock.after(nextPassDelay(this.#failures, random.unit(), periodMs), () => this.wake());
  }

  #changed(): void {
    if (this.#cancelSettle || this.#stopped) return;
    const { clock } = this.#options;
    this.#cancelSettle = clock.after(settleDelay(recent(this.#corrections, clock.monotonic()).length), () => {
      this.#cancelSettle = undefined;
      this.wake();
    });
  }
}

function sameContent(a: Aim | undefined, b: Aim): boolean {
  return a?.kind === 'enforce' && b.kind === 'enforce' && a.wanted.hash === b.wanted.hash;
}

function unsupported(capability: Capability): Outcome {
  const message = capability.unsupportedWhy ?? `This system cannot do ${capability.name}.`;
  return { status: 'unsupported', failure: { code: 'unsupported', message }, evidence: [], changes: [] };
}
