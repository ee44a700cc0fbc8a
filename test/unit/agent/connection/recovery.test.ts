import { describe, expect, it } from 'vitest';
import { type Ending, reconnectDelay } from '../../../../agent/connection/backoff.ts';
import { firstBeat, nextBeat } from '../../../../agent/connection/session.ts';
import { SeededRandom } from '../../../fakes/clock.ts';

/** Handshakes a second of the server, and how long it is gone after it was killed. */
const server = { perSecond: 1_000, goneSeconds: 3 };
const interval = 60;

interface Recovery {
  /** Tries in each second since the end of the connections. */
  tries: number[];
  /** When each agent was welcomed, in seconds. */
  welcomed: number[];
}

/** All lose their connection at once. Who comes beyond what the server can do in a second fails, and tries again. */
function recover(agents: number, ending: Ending, random: SeededRandom): Recovery {
  const due: { failures: number }[][] = [];
  const come = (from: number, why: Ending, failures: number) => {
    const at = Math.floor(from + reconnectDelay(why, failures, random.unit()) / 1_000);
    due[at] ??= [];
    due[at].push({ failures });
  };
  for (let n = 0; n < agents; n++) come(0, ending, 0);
  const recovery: Recovery = { tries: [], welcomed: [] };
  for (let second = 0; second < due.length; second++) {
    const trying = due[second] ?? [];
    recovery.tries.push(trying.length);
    const room = second < server.goneSeconds ? 0 : server.perSecond;
    for (const [index, { failures }] of trying.entries())
      if (index < room) recovery.welcomed.push(second + random.unit());
      else come(second + random.unit(), { kind: 'lost' }, failures + 1);
    delete due[second];
  }
  return recovery;
}

/** Heartbeats in each second of five minutes after all were welcomed. */
function beats({ welcomed }: Recovery, random: SeededRandom): number[] {
  const begin = Math.ceil(welcomed.reduce((latest, at) => Math.max(latest, at), 0));
  const counts = new Array<number>(5 * interval).fill(0);
  for (const at of welcomed)
    for (let beat = at + firstBeat(random) * interval; beat < begin + counts.length; ) {
      const second = Math.floor(beat) - begin;
      if (second >= 0) counts[second] = (counts[second] ?? 0) + 1;
      beat += nextBeat(random) * interval;
    }
  return counts;
}

const fleets: [string, number, Ending][] = [20_000, 100_000].flatMap((agents) => [
  [`${agents} agents after a kill`, agents, { kind: 'lost' }],
  [
    `${agents} agents after a planned restart`,
    agents,
    { kind: 'restarting', spreadSeconds: agents / (server.perSecond * 0.8) },
  ],
]);

describe.each(fleets)('%s', (_words, agents, ending) => {
  const recovery = recover(agents, ending, new SeededRandom(agents));
  const atBest = agents / server.perSecond;

  it('come back one and all, in a time that is worth naming', () => {
    expect(recovery.welcomed).toHaveLength(agents);
    const sorted = recovery.welcomed.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(agents / 2)]).toBeLessThan(2 * atBest + 10);
    expect(sorted.at(-1)).toBeLessThan(4 * atBest + 300);
  });

  it('leave no echo: no second stands out of its half minute by more than the server can take', () => {
    for (let from = 30; from < recovery.tries.length; from += 30) {
      const some = recovery.tries.slice(from, from + 30);
      const mean = some.reduce((sum, tries) => sum + tries, 0) / some.length;
      expect(Math.max(...some)).toBeLessThanOrEqual(Math.max(server.perSecond, 2.5 * mean));
    }
  });

  it('do not beat as one afterwards', () => {
    const counts = beats(recovery, new SeededRandom(agents + 1));
    const mean = agents / interval;
    expect(Math.max(...counts)).toBeLessThan(1.6 * mean);
    expect(Math.min(...counts)).toBeGreaterThan(0.4 * mean);
  });
});
