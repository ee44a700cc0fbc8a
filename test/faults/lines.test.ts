import { afterEach, describe, expect, it } from 'vitest';
import { Dice } from '../../server/demo/dice.ts';
import { type AgentServer, startAgentServer } from '../fakes/agent-server.ts';
import { FakeClock } from '../fakes/clock.ts';
import { ConnectedAgent } from '../fakes/connected-agent.ts';
import { PoorLine, type Quality } from '../fakes/poor-line.ts';
import { until } from '../fakes/programs.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
const heartbeatSeconds = 1;
/** Two and a half heartbeats, and how often the server looks. */
const noticedWithinMs = 2_500 + 5_000;

describe(`an agent on a bad line (ROLLCALL_SEED=${seed})`, () => {
  const dice = new Dice(seed);
  /** The server's: it moves when the test says so. */
  const clock = new FakeClock(Date.now());
  let server: AgentServer;
  let line: PoorLine;
  let agent: ConnectedAgent;

  async function begin(quality: Quality = {}): Promise<void> {
    server = await startAgentServer({ clock, heartbeatSeconds });
    line = await PoorLine.to(server.agentPort, quality);
    agent = await ConnectedAgent.enrol(server, 'laptop', line.port);
    await agent.start();
    await until('a connection', 20_000, () => agent.isConnected);
  }
  afterEach(async () => {
    await agent.dispose();
    await line.stop();
    await server.stop();
  });
  const emit = (most: number) => {
    for (let left = 1 + Math.floor(dice.unit() * most); left > 0; left--) agent.emit();
  };

  it('that vanishes without a word: both sides notice, the agent is back, nothing is lost or doubled', async () => {
    await begin();
    emit(20);
    await until('the first reports held', 10_000, async () => (await agent.held(server)).length > 0);
    emit(20);
    line.vanish();
    emit(20);
    await until('the agent notices', 20_000, () => agent.agent?.status().whyNotConnected === 'the server is silent');
    expect(server.gateway.isConnected(agent.deviceId)).toBe(true);
    line.heal();
    await until('the agent back', 30_000, () => agent.isConnected);
    emit(20);
    await until('everything acknowledged', 20_000, () => agent.agent?.status().spooled === 0);
    expect(await agent.held(server)).toEqual(agent.expected);
    expect(server.gateway.connectedCount()).toBe(1);
    clock.advance(2_000);
    await until('the old connection gone', 10_000, () => line.connections === 1);
    line.vanish();
    clock.advance(noticedWithinMs);
    await until('the server notices', 20_000, () => !server.gateway.isConnected(agent.deviceId));
  });

  it('that is slow: a large section comes whole over one connection, however long heartbeats wait behind it', async () => {
    await begin({ bytesPerSecond: 60_000 });
    const desired = {
      blockedUrls: Array.from({ length: 900 }, (_, n) => `${seed}-${n}.example/${'page/'.repeat(45)}`),
    };
    server.desired.set(JSON.stringify(desired), agent.deviceId, 'browser');
    server.bus.publish('desired-changed', { deviceIds: [agent.deviceId] });
    await until('the section in force', 30_000, () =>
      agent.agent?.status().sections.some(({ status }) => status === 'verified'),
    );
    expect(line.carried.back).toBeGreaterThan(60_000 * 2.5);
    expect(server.gateway.connectedCount()).toBe(1);
    const ends = agent.log.said.filter(({ words }) => words === 'Not connected to the server.');
    expect(ends).toEqual([]);
  });
});
