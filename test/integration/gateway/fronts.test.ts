import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { frontEnvironment } from '../../../server/config.ts';
import { startFrontChild } from '../../../server/gateway/front/front-child.ts';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { type AgentServer, startAgentServer } from '../../fakes/agent-server.ts';
import { ask, FakeDevice, type Line } from '../../fakes/device.ts';
import { holders } from '../../fakes/holders.ts';

const soon = { timeout: 20_000, interval: 20 };
const event = (code: string): ReportRecord => ({ kind: 'event', at: 1_000, code, detail: '' });

async function enrolled(server: AgentServer, name: string): Promise<FakeDevice> {
  const device = await FakeDevice.make(name);
  expect((await device.enroll(server.enrolmentPort, await server.token())).status).toBe(200);
  return device;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('two fronts', () => {
  let server: AgentServer;
  const devices: FakeDevice[] = [];
  beforeAll(async () => {
    server = await startAgentServer({ processes: 2 });
    for (let n = 0; n < 8; n++) devices.push(await enrolled(server, `laptop-${n}`));
  });
  afterAll(async () => {
    const pids = server.frontPids();
    await server.stop();
    expect(pids).toHaveLength(2);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(server.failures).toEqual([]);
  });

  it('share one port, and what is for all reaches all', async () => {
    const lines: Line[] = [];
    for (const device of devices) lines.push(await device.join(server.agentPort));
    for (const line of lines) await line.next('desired');
    const hash = server.desired.set('{"block":["new.example"]}');
    server.bus.publish('desired-changed', { deviceIds: devices.map(({ deviceId }) => deviceId) });
    for (const line of lines) expect((await line.next('desired')).body.manifest).toContain(hash);
    for (const line of lines) await line.cut();
    await vi.waitFor(() => expect(server.gateway.connectedCount()).toBe(0), soon);
  });

  it('of which one is killed: its agents alone are cut off at once and come back, and nothing acknowledged is lost', async () => {
    const lines: (Line & { device: FakeDevice })[] = [];
    for (const device of devices) {
      const line = Object.assign(await device.join(server.agentPort), { device });
      line.send('report', device.report(event('before')));
      await line.next('ack');
      lines.push(line);
    }
    const [victim = 0, survivor = 0] = server.frontPids();
    process.kill(victim, 'SIGKILL');
    await vi.waitFor(
      () => expect(server.frontPids().filter((pid) => pid !== survivor && pid !== victim)).toHaveLength(1),
      soon,
    );
    await vi.waitFor(() => {
      const open = lines.filter(({ socket }) => socket.readyState === socket.OPEN);
      expect(server.gateway.connectedIds().toSorted()).toEqual(open.map(({ device }) => device.deviceId).toSorted());
    }, soon);
    for (const line of lines) {
      const { device } = line;
      const isCut = line.socket.readyState !== line.socket.OPEN;
      const open = isCut ? await joinAgain(device) : line;
      open.send('report', device.report(event('after')));
      expect((await open.next('ack')).body.sequence).toBe(device.spool.next - 1);
      await open.cut();
    }
    const codes = await server.eventCodes();
    for (const code of ['before', 'after']) expect(codes.filter((each) => each === code)).toHaveLength(devices.length);
  });

  /** While the new front starts, the kernel gives the port to the other. */
  async function joinAgain(device: FakeDevice): Promise<Line> {
    return await vi.waitFor(async () => await device.join(server.agentPort), soon);
  }

  it('count handshakes that they refuse for the server', async () => {
    const device = devices[0] as FakeDevice;
    await expect(ask(server.agentPort, '/', { ca: device.root })).rejects.toThrow();
    await vi.waitFor(async () => {
      const { values } = await server.metrics.handshakesRefused.get();
      expect(values.find(({ labels }) => labels.reason === 'no-certificate')?.value).toBe(1);
    }, soon);
  });
});

describe.each(holders)('a device that does not read, $words', ({ processes }) => {
  it('is cut off when too much waits for it, and nobody else is', async () => {
    const server = await startAgentServer({ processes });
    try {
      const [slow, other] = [await enrolled(server, 'slow'), await enrolled(server, 'other')];
      const line = await slow.join(server.agentPort);
      const bystander = await other.join(server.agentPort);
      line.socket.pause();
      const command = { text: 'x'.repeat(900_000), signature: '' } as unknown as Parameters<
        typeof server.gateway.command
      >[1];
      await vi.waitFor(() => {
        for (let n = 0; n < 4; n++) server.gateway.command(slow.deviceId, command);
        expect(server.gateway.isConnected(slow.deviceId)).toBe(false);
      }, soon);
      bystander.send('report', other.report(event('calm')));
      await bystander.next('ack');
      line.socket.terminate();
      await bystander.cut();
    } finally {
      await server.stop();
    }
  });
});

describe('a front process', () => {
  it('ends when the server is gone, however it went', async () => {
    const child = startFrontChild(frontEnvironment());
    child.link.destroy();
    expect(await child.ended).toBe('exit code 0');
  });

  it('ends when what it is told makes no sense', async () => {
    const child = startFrontChild(frontEnvironment());
    child.link.on('error', () => undefined).resume();
    child.link.write('garbage that is no record');
    expect(await child.ended).toBe('exit code 1');
  });
});
