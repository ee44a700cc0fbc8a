import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { closeCodes } from '../../../shared/protocol/messages.ts';
import { startAgentServer } from '../../fakes/agent-server.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { holders } from '../../fakes/holders.ts';

it.each(holders)('a planned stop tells agents when to come back, $words', async ({ processes }) => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-stop-'));
  const server = await startAgentServer({ database: join(folder, 'store.db'), processes });
  const device = await FakeDevice.make('laptop');
  await device.enroll(server.enrolmentPort, await server.token());
  const line = await device.join(server.agentPort);
  await server.stop();
  // With what the start took, by the machine's own clock.
  expect((await line.next('restarting')).body.spreadSeconds).toBeGreaterThanOrEqual(1);
  expect((await line.ended).code).toBe(closeCodes.restarting);
  await rm(folder, { recursive: true });
});

it('a planned stop does not wait for a front that hangs', async () => {
  const clock = new FakeClock(Date.now());
  const server = await startAgentServer({ clock, processes: 1 });
  const device = await FakeDevice.make('laptop');
  await device.enroll(server.enrolmentPort, await server.token());
  const line = await device.join(server.agentPort);
  const pids = server.frontPids();
  onTestFinished(() => pids.forEach(killIfThere));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  let isStopped = false;
  const stopping = server.stop().then(() => {
    isStopped = true;
  });
  // A front that says nothing for 200 s is ended in any case.
  for (let seconds = 0; seconds < 150 && !isStopped; seconds++) {
    clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await stopping;
  await line.ended;
});

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' });
  }
}

it('one timer ends the silent and those that never say hello, and notes when devices were last seen', async () => {
  const clock = new FakeClock(Date.now());
  const server = await startAgentServer({ clock, heartbeatSeconds: 30 });
  try {
    const timers = clock.pending;
    const device = await FakeDevice.make('laptop');
    const mute = await FakeDevice.make('mute');
    for (const each of [device, mute]) await each.enroll(server.enrolmentPort, await server.token());
    const line = await device.join(server.agentPort);
    const silent = await mute.connect(server.agentPort);
    expect(clock.pending).toBe(timers);
    clock.advance(36_000);
    expect((await silent.ended).reason).toBe('no hello');
    const lastSeen = async () =>
      (await server.db.selectFrom('device').select('last_seen_at').where('id', '=', device.deviceId).executeTakeFirst())
        ?.last_seen_at ?? 0;
    await vi.waitFor(async () => expect(await lastSeen()).toBeGreaterThan(0));
    const first = await lastSeen();
    for (let minute = 0; minute < 10; minute++) {
      line.socket.ping();
      await new Promise((resolve) => line.socket.once('pong', resolve));
      clock.advance(60_000);
    }
    await vi.waitFor(async () => expect(await lastSeen()).toBeGreaterThan(first));
    expect(server.gateway.isConnected(device.deviceId)).toBe(true);
    clock.advance(81_000);
    expect((await line.ended).code).toBe(1006);
    await vi.waitFor(() => expect(server.gateway.isConnected(device.deviceId)).toBe(false));
  } finally {
    await server.stop();
  }
});
