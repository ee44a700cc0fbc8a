import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../programs.ts';
import type { Scope } from '../scope.ts';
import type { Credentials } from './credentials.ts';
import type { Behaviour, CrowdOptions } from './crowd.ts';
import { mergedTimes, type Timed } from './moments.ts';
import { type Acknowledged, type CrowdStats, sumOf } from './stats.ts';

export type Ask =
  | { what: 'leave' | 'stats' | 'take' | 'acknowledged' }
  | { what: 'join' | 'cut' | 'pause' | 'resume'; each: number }
  | { what: 'report'; each: number; events: number }
  | { what: 'beat'; seconds: number };

export interface FleetOptions extends Partial<Omit<Behaviour, 'farEnd'>>, Pick<Behaviour, 'farEnd'> {
  credentials: Credentials;
  /** Devices 0 to `count`, without the latter; with `from`, those after it. */
  count: number;
  from?: number;
  /** Each holds 19,000 sockets at most. */
  processes?: number;
}

const usual: Omit<Behaviour, 'farEnd'> = {
  ...{ seed: 1, reportEverySeconds: 0, events: false, atOnce: 100, spreadSeconds: 0, bareHeartbeatSeconds: 60 },
};
/** Below the 20,000 files a process may open here. */
const mostOfAProcess = 19_000;
const lookEveryMs = 50;

/** So many simulated agents in processes of their own, which behave as real ones do, told what to do over IPC. */
export class Fleet {
  readonly #children: readonly ChildProcess[];
  readonly pids: readonly number[];
  #asked = 0;

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
    this.pids = children.map(({ pid }) => pid ?? 0);
  }

  /** Starts the processes; nobody connects before `join`. The scope ends them. Certificates must be there (`ensure`). */
  static async start(scope: Scope, options: FleetOptions): Promise<Fleet> {
    const { credentials, count, from = 0, processes = Math.ceil(count / mostOfAProcess), ...behaviour } = options;
    const each = Math.ceil(count / processes);
    if (each > mostOfAProcess)
      throw new Error(`${processes} processes hold no more than ${processes * mostOfAProcess} agents.`);
    const path = fileURLToPath(new URL('./generator.ts', import.meta.url));
    const starts = Array.from({ length: processes }, (_, process) => from + process * each);
    const programs = await Promise.all(
      starts.map((start) => {
        const range = { from: start, to: Math.min(start + each, from + count) };
        const crowd: CrowdOptions = { ...usual, ...behaviour, ...range, folder: credentials.folder };
        return startProgram(scope, 'agents', [path, JSON.stringify(crowd)]);
      }),
    );
    return new Fleet(programs.map(({ child }) => child));
  }

  /** Every `each`-th agent that has not yet connects; resolves at once. */
  async join(each = 1): Promise<void> {
    await this.#askAll({ what: 'join', each });
  }

  /** Resolves with the statistics when `holds` is true of them; throws them when it takes longer than `seconds`. */
  async until(holds: (stats: CrowdStats) => boolean, seconds = 900): Promise<CrowdStats> {
    const end = performance.now() + seconds * 1_000;
    for (;;) {
      const stats = await this.stats();
      if (holds(stats)) return stats;
      if (performance.now() > end)
        throw new Error(`The agents did not get there in ${seconds} s: ${JSON.stringify(stats)}`);
      await delay(lookEveryMs);
    }
  }

  /** Connects everybody and waits until all have been welcomed. */
  async joined(seconds?: number): Promise<CrowdStats> {
    await this.join();
    return await this.until(({ connected, agents }) => connected === agents, seconds);
  }

  /** Waits until what came with the connections is done: states applied and reported, and nothing new for a second. */
  async quiet(): Promise<void> {
    for (let before = Number.NaN; ; ) {
      const { manifests, acknowledged } = await this.until(({ busy }) => busy === 0);
      if (manifests + acknowledged === before) return;
      before = manifests + acknowledged;
      await delay(1_000);
    }
  }

  /** Everybody goes, for good. */
  async leave(): Promise<void> {
    await this.#askAll({ what: 'leave' });
  }

  async stats(): Promise<CrowdStats> {
    return sumOf(await this.#askAll<CrowdStats>({ what: 'stats' }));
  }

  /** What was timed since it was asked last. */
  async take(): Promise<Timed> {
    return mergedTimes(await this.#askAll<Timed>({ what: 'take' }));
  }

  /** Of each device the last report that the server said it holds: by content, whatever connections there were. */
  async acknowledged(): Promise<Acknowledged[]> {
    return (await this.#askAll<Acknowledged[]>({ what: 'acknowledged' })).flat();
  }

  /** Each of every `each`-th agent reports so many events, one report at a time. */
  async report(events: number, each = 1): Promise<void> {
    await this.#askAll({ what: 'report', events, each });
  }

  /** Breaks the connections of every `each`-th agent; they come back by back-off. */
  async cut(each = 1): Promise<void> {
    await this.#askAll({ what: 'cut', each });
  }

  /** Every `each`-th agent stops reading: its kernel takes what comes until it is full. */
  async pause(each = 1): Promise<void> {
    await this.#askAll({ what: 'pause', each });
  }

  async resume(each = 1): Promise<void> {
    await this.#askAll({ what: 'resume', each });
  }

  /** Each pings once more, at some moment within so many seconds; resolves when all have been answered. */
  async beat(seconds: number): Promise<void> {
    const { pings, connected } = await this.stats();
    await this.#askAll({ what: 'beat', seconds });
    await this.until((stats) => stats.pings >= pings + connected && stats.pongs >= stats.pings);
  }

  #askAll<T>(ask: Ask): Promise<T[]> {
    return Promise.all(this.#children.map((child) => this.#ask<T>(child, ask)));
  }

  #ask<T>(child: ChildProcess, ask: Ask): Promise<T> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const settle = () => {
        child.off('message', onMessage);
        child.off('exit', onExit);
      };
      const onMessage = (message: unknown) => {
        const { id: about, answer } = message as { id?: number; answer: T };
        if (about !== id) return;
        settle();
        resolve(answer);
      };
      const onExit = () => {
        settle();
        reject(new Error('A process of simulated agents has ended.'));
      };
      child.on('message', onMessage);
      child.once('exit', onExit);
      child.send({ id, ask });
    });
  }
}
