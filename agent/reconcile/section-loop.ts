import type { Clock, Random } from '../../shared/clock.ts';
import type { ReportedRecord } from '../../shared/protocol/messages.ts';
import type { Capability, Change } from '../capabilities/capability.ts';
import type { Log } from '../log.ts';
import type { Reports } from '../store/reports.ts';
import type { WantedSection } from './accepted-state.ts';
import { ChangeListener } from './change-listener.ts';
import { enforceOnce, type Outcome, removeOnce } from './enforce.ts';
import { nextPassDelay } from './pace.ts';
import type { Repairs } from './repairs.ts';

export interface SectionLoopOptions {
  capability: Capability;
  reports: Reports;
  /** Where a path of the host is on disk. */
  real: (path: string) => string;
  /** A pass saw something else than the one before, put something right, or answered a change that was heard. */
  onNews?: ((section: string) => void) | undefined;
  repairs: Pick<Repairs, 'postponed' | 'corrected'>;
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
  readonly #listener: ChangeListener;
  #aim: Aim | undefined;
  /** The aim that was reached in this process: changes that become necessary afterwards are drift. */
  #reached: Aim | undefined;
  #failures = 0;
  #running: Promise<void> = Promise.resolve();
  #isQueued = false;
  #stopped = false;
  #cancel: (() => void) | undefined;

  constructor(options: SectionLoopOptions) {
    this.#options = options;
    this.#listener = new ChangeListener(options, () => this.wake());
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
    this.#listener.stop();
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
    this.#listener.stop();
    this.#cancel?.();
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
    if (outcome.status !== 'failed' || outcome.isDone) this.#reached = aim;
    this.#schedule(aim, outcome.postponedMs);
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
    const { capability, log, repairs, onNews } = this.#options;
    const { desired, problem, hash, generation } = aim.wanted;
    const heardAt = this.#listener.taken();
    if (!capability.supported) return this.#report({ generation, hash }, unsupported(capability));
    const isDrift = () => this.#reached === aim;
    const outcome: Outcome = desired
      ? await enforceOnce(capability, desired, log, (changes) =>
          isDrift() ? repairs.postponed(capability.name, changes) : undefined,
        )
      : { status: 'failed', evidence: [], changes: [], corrected: [] };
    if (outcome.corrected.length > 0 && isDrift()) this.#drifted(outcome.corrected, heardAt);
    if (heardAt !== undefined) onNews?.(capability.name);
    this.#report({ generation, hash }, problem ? { ...outcome, status: 'failed', failure: problem } : outcome);
    return outcome;
  }

  #report(about: Pick<ReportedRecord, 'generation' | 'hash'>, outcome: Outcome): Outcome {
    const { capability, reports, clock } = this.#options;
    const { status, failure, evidence } = outcome;
    const record = { kind: 'reported' as const, at: clock.now(), section: capability.name, ...about, status, evidence };
    const isNews = reports.reportSection(failure ? { ...record, failure } : record);
    if (isNews || outcome.changes.length > 0) this.#options.onNews?.(capability.name);
    return outcome;
  }

  /** One event for what was put right together. */
  #drifted(corrected: Change[], heardAt: number | undefined): void {
    const { capability, reports, clock, repairs } = this.#options;
    const told = repairs.corrected(capability.name, corrected);
    if (told.length === 0) return;
    const lines = told.map(({ item, before, after }) => `${item}: was ${short(before)}, set back to ${short(after)}`);
    const tookMs = heardAt === undefined ? undefined : clock.monotonic() - heardAt;
    const how = tookMs === undefined ? 'found by a periodic look' : `${(tookMs / 1000).toFixed(1)} s after the change`;
    const detail = `${`${capability.name}: ${lines.join('; ')}`.slice(0, longest - how.length - 3)} (${how})`;
    reports.emit({ kind: 'event', at: clock.now(), code: 'drift-corrected', detail });
  }

  #schedule(aim: Aim, postponedMs: number | undefined): void {
    const { capability, clock, random, periodMs } = this.#options;
    this.#cancel?.();
    if (this.#stopped || this.#aim !== aim) return;
    if (aim.kind === 'enforce' && aim.wanted.desired && capability.supported) this.#listener.listen(aim.wanted.desired);
    if (aim.kind === 'remove' && this.#failures === 0) return;
    const pauseMs = postponedMs ?? nextPassDelay(this.#failures, random.unit(), periodMs);
    this.#cancel = clock.after(pauseMs, () => this.wake());
  }
}

const longest = 1000;

function short(words: string): string {
  return words.length <= 300 ? words : `${words.slice(0, 299)}…`;
}

function sameContent(a: Aim | undefined, b: Aim): boolean {
  return a?.kind === 'enforce' && b.kind === 'enforce' && a.wanted.hash === b.wanted.hash;
}

function unsupported(capability: Capability): Outcome {
  const message = capability.unsupportedWhy ?? `This system cannot do ${capability.name}.`;
  return { status: 'unsupported', failure: { code: 'unsupported', message }, evidence: [], changes: [], corrected: [] };
}
