import { describe, expect, it } from 'vitest';
import { encode } from '../../../../shared/protocol/codec.ts';
import type { Credential } from '../../../bench/load/credentials.ts';
import { Moments } from '../../../bench/load/moments.ts';
import { type Company, SimulatedAgent } from '../../../bench/load/simulated-agent.ts';
import { newStats, sumOf } from '../../../bench/load/stats.ts';
import { slopeOf } from '../../../bench/steady.ts';

const credential = { deviceId: 'load-000007' } as Credential;

/** A company whose timers are run by hand; notes how long each was to wait. */
class Alone implements Company {
  readonly behaviour: Company['behaviour'];
  readonly stats = newStats();
  readonly moments = new Moments();
  readonly waits: number[] = [];
  readonly contexts: Company['contexts'] = {
    of: () => {
      throw new Error('Nobody connects here.');
    },
  };
  #next: () => void = () => undefined;

  constructor(seed: number) {
    const farEnd = { host: '127.0.0.1', port: 1, speaks: 'rollcall' } as const;
    const joining = { atOnce: 1, spreadSeconds: 0, bareHeartbeatSeconds: 60 };
    this.behaviour = { seed, farEnd, reportEverySeconds: 60, events: true, ...joining };
  }

  after(ms: number, work: () => void): () => void {
    this.waits.push(ms);
    this.#next = work;
    return () => undefined;
  }

  tick(): void {
    this.#next();
  }

  joinNext(): void {
    this.stats.tried += 1;
  }

  addressOf(): string {
    return '127.0.0.1';
  }

  manifestOf(text: string): ReturnType<Company['manifestOf']> {
    return JSON.parse(text);
  }
}

function tenWaits(seed: number, index: number): number[] {
  const alone = new Alone(seed);
  new SimulatedAgent(alone, index, credential).begin();
  for (let time = 0; time < 10; time++) alone.tick();
  return alone.waits;
}

function hear(agent: SimulatedAgent, ...[type, id, body]: Parameters<typeof encode>): void {
  agent.message(Buffer.from(encode(type, id, body)));
}

describe('a simulated agent', () => {
  it('does the same with the same seed, and something else with another or in another place', () => {
    expect(tenWaits(1, 7)).toEqual(tenWaits(1, 7));
    expect(tenWaits(2, 7)).not.toEqual(tenWaits(1, 7));
    expect(tenWaits(1, 8)).not.toEqual(tenWaits(1, 7));
  });

  it('counts a report as acknowledged when the server says so of this very one, however often it does', () => {
    const alone = new Alone(1);
    const agent = new SimulatedAgent(alone, 7, credential);
    const welcome = { deviceId: credential.deviceId, serverTime: 1, heartbeatSeconds: 60 };
    hear(agent, 'welcome', 's1', { ...welcome, acknowledged: 0 });
    agent.report(2);
    hear(agent, 'ack', 's2', { epoch: 'of another', sequence: 1 });
    hear(agent, 'ack', 's3', { epoch: 'load-1', sequence: 2 });
    expect([alone.stats.acknowledged, agent.acknowledged]).toEqual([0, []]);
    for (const id of ['s4', 's5']) hear(agent, 'ack', id, { epoch: 'load-1', sequence: 1 });
    expect(alone.stats.acknowledged).toBe(1);
    expect(agent.acknowledged).toEqual([{ deviceId: 'load-000007', epoch: 'load-1', sequence: 1 }]);
    expect(agent.isBusy).toBe(true);
  });

  it('counts what the server held already when the connection comes back', () => {
    const alone = new Alone(1);
    const agent = new SimulatedAgent(alone, 7, credential);
    const welcome = { deviceId: credential.deviceId, serverTime: 1, heartbeatSeconds: 60 };
    hear(agent, 'welcome', 's1', { ...welcome, acknowledged: 0 });
    agent.report(1);
    agent.ended({ code: 1006, reason: 'ECONNRESET' });
    hear(agent, 'welcome', 's1', { ...welcome, acknowledged: 1 });
    expect(alone.stats).toMatchObject({ acknowledged: 1, reports: 1, ends: { 1006: 1 }, connected: 1 });
    expect(agent.isBusy).toBe(false);
  });
});

describe('figures of several processes', () => {
  it('are added up, reasons too', () => {
    const one = { ...newStats(), agents: 2, failures: { ECONNRESET: 1 } };
    const other = { ...newStats(), agents: 3, failures: { ECONNRESET: 2, ECONNREFUSED: 1 } };
    expect(sumOf([one, other])).toMatchObject({ agents: 5, failures: { ECONNRESET: 3, ECONNREFUSED: 1 } });
  });

  it.each([
    ['nothing', [5, 5, 5], 0],
    ['two an hour', [1, 3, 5], 2],
  ])('grow by %s', (_words, values, slope) => {
    expect(slopeOf(values.map((value, hour) => [hour, value] as const))).toBeCloseTo(slope);
  });
});
