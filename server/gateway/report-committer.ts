import { setTimeout as pause, setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.ts';
import type { Bus } from '../bus.ts';
import type { Metrics } from '../metrics.ts';
import type { DeviceReport, ReportOutcome, ReportStore } from '../store/reports.ts';
import { troubleOf } from '../store/trouble.ts';
import type { StoreHealth } from '../store-health.ts';
import { Budgets } from './budget.ts';
import { reportedOf } from './reported.ts';
import type { Room } from './room.ts';

interface Waiting {
  report: DeviceReport;
  bytes: number;
  arrivedAt: number;
  resolve: (outcome: ReportOutcome) => void;
  reject: (error: unknown) => void;
}

export interface CommitterParts {
  store: ReportStore;
  /** Hears when the store fails as a whole; nothing is tried while it does. */
  storeHealth?: Pick<StoreHealth, 'note' | 'demand'>;
  /** Taken by what waits or is being written. */
  room: Room;
  bus: Bus;
  metrics: Pick<Metrics, 'reports' | 'reportCommitSeconds'>;
  clock: Clock;
  log: Pick<Logger, 'error'>;
}

/** From some hundreds on a commit costs no less for each report, and makes the next wait. */
const mostTogether = 500;
/**
 * From the begin of one commit to that of the next, at least, while fewer wait: one costs half a millisecond of processor
 * however few are in it. Whoever comes alone does not wait.
 */
const gapMs = 5;

/**
 * How often what a device says of one fact may change: each change may be three intervals on disk, and checks of a broken
 * or hostile device turn as often as it likes. Generous for one that was off line for weeks.
 */
const changes = { burst: 2_000, perSecond: 0.01 };

/**
 * Commits reports in groups: whatever arrived in the same turn of the loop, or while the last transaction was written and
 * shortly after, goes into the next one. A report is answered only when it is on disk. The order of each device's batches is kept.
 */
export class ReportCommitter {
  readonly #parts: CommitterParts;
  readonly #changes: Budgets;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #begunAt = Number.NEGATIVE_INFINITY;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
    this.#changes = new Budgets(parts.clock, changes);
  }

  /**
   * Resolves after the commit. Rejects when the store failed: nothing is held then, and the device must send again. `bytes`:
   * what it came as. It takes whatever comes: whoever hears devices looks at the room.
   */
  commit(report: DeviceReport, bytes: number): Promise<ReportOutcome> {
    this.#parts.room.take(bytes);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ report, bytes, arrivedAt: this.#parts.clock.monotonic(), resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#gather();
        await this.#finish(this.#waiting.splice(0, mostTogether));
      }
    } finally {
      this.#running = undefined;
    }
  }

  /** Whatever happens, each of the group is answered and its room is free again. */
  async #finish(group: Waiting[]): Promise<void> {
    try {
      await this.#commitGroup(group);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'a group of reports could not be brought to its end');
      for (const { reject } of group) reject(error);
    } finally {
      this.#parts.room.release(group.reduce((sum, { bytes }) => sum + bytes, 0));
    }
  }

  /** Whatever comes in this turn of the loop, and until the next commit may begin. */
  async #gather(): Promise<void> {
    const { clock } = this.#parts;
    await turnOfTheLoop();
    const waitMs = this.#begunAt + gapMs - clock.monotonic();
    if (waitMs > 0 && this.#waiting.length < mostTogether) await pause(Math.ceil(waitMs));
    this.#begunAt = clock.monotonic();
  }

  async #commitGroup(group: Waiting[]): Promise<void> {
    let outcomes: ReportOutcome[];
    try {
      outcomes = await this.#commit(group);
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === undefined || trouble === 'damaged') await this.#commitApart(group, error);
      else this.#refuse(group, error);
      return;
    }
    this.#settle(group.map((waiting, index) => ({ ...waiting, outcome: outcomes[index] ?? { kind: 'refused' } })));
  }

  #commit(group: readonly Waiting[]): Promise<ReportOutcome[]> {
    const { store, clock, storeHealth } = this.#parts;
    storeHealth?.demand();
    const reports = group.map(({ report }) => report);
    return store.commit(reports, clock.now(), (id, fact) => this.#changes.take(`${id} ${fact}`, 1));
  }

  /** It is the store and none of the reports: each of them alone would fail as well. */
  #refuse(group: readonly Waiting[], error: unknown): void {
    this.#parts.storeHealth?.note(error);
    for (const { reject } of group) reject(error);
  }

  /** One report that the store cannot take must not hold up the others. */
  async #commitApart(group: Waiting[], error: unknown): Promise<void> {
    const [only, ...others] = group;
    if (only && others.length === 0) {
      this.#parts.log.error({ err: error, deviceId: only.report.deviceId }, 'a report could not be committed');
      only.reject(error);
      return;
    }
    const half = Math.ceil(group.length / 2);
    await this.#commitGroup(group.slice(0, half));
    await this.#commitGroup(group.slice(half));
  }

  #settle(group: readonly (Waiting & { outcome: ReportOutcome })[]): void {
    const { bus, metrics, clock } = this.#parts;
    const now = clock.monotonic();
    for (const [outcome, own] of Map.groupBy(group, ({ outcome: { kind } }) => kind))
      metrics.reports.inc({ outcome }, own.length);
    for (const { outcome, arrivedAt, resolve } of group) {
      metrics.reportCommitSeconds.observe((now - arrivedAt) / 1000);
      resolve(outcome);
    }
    const reported = reportedOf(group);
    if (reported) bus.publish('reported', reported);
    const latest = group.findLast(
      ({ outcome }) => outcome.kind === 'committed' && outcome.eventIds.length > 0,
    )?.outcome;
    if (latest?.kind === 'committed') bus.publish('event-added', { eventId: latest.eventIds.at(-1) ?? 0 });
  }
}
