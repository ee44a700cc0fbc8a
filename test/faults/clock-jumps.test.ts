import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockOut } from '../../server/access/lock-out.ts';
import { Deadlines } from '../../server/deadlines.ts';
import { openStore } from '../../server/store/open.ts';
import { PresenceStore } from '../../server/store/presence.ts';
import { SignInFailureStore } from '../../server/store/sign-in-failures.ts';
import { AgentHome } from '../fakes/agent-home.ts';
import { type AgentServer, startAgentServer } from '../fakes/agent-server.ts';
import { FakeControlServer } from '../fakes/control-server.ts';
import { FakeDevice } from '../fakes/device.ts';
import { makeDeviceKey } from '../fakes/device-keys.ts';
import { FakeMachine } from '../fakes/machine.ts';
import { until } from '../fakes/programs.ts';
import { addDevice } from '../fakes/rows.ts';

const day = 86_400_000;
const year = 365 * day;
const jumps: [string, number][] = [
  ['a year forward', year],
  ['a year back', -year],
];

describe.each(jumps)('the clock of the server jumps %s', (_words, jump) => {
  let machine: FakeMachine;
  let server: AgentServer;
  beforeEach(async () => {
    machine = new FakeMachine();
    machine.setWall(Date.now());
    server = await startAgentServer({ clock: machine.clock, perMinute: 1_000 });
  });
  afterEach(async () => await server.stop());

  const enrolled = async (name: string) => {
    const device = await FakeDevice.make(name);
    expect((await device.enroll(server.enrolmentPort, await server.token())).status).toBe(200);
    return device;
  };

  it('sessions stay, reports are acknowledged and counted once, and budgets neither starve nor swell', async () => {
    const device = await enrolled('laptop');
    const line = await device.join(server.agentPort);
    const say = async (number: number) => {
      const report = device.report({ kind: 'event', at: machine.clock.now(), code: 'numbered', detail: `${number}` });
      line.send('report', report);
      expect((await line.next('ack')).body.sequence).toBe(report.sequence);
    };
    for (let number = 1; number <= 10; number += 1) await say(number);
    machine.setWall(machine.time + jump);
    // Nobody is taken for silent by it: heartbeats go by the time that passed.
    machine.advance(10_000);
    for (let number = 11; number <= 20; number += 1) await say(number);
    machine.setWall(machine.time);
    for (let number = 21; number <= 30; number += 1) await say(number);
    expect(line.socket.readyState).toBe(line.socket.OPEN);
    const rows = await server.db.selectFrom('event').select('words').where('code', '=', 'numbered').execute();
    expect(rows.map(({ words }) => Number(words))).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    await line.cut();
  });

  it('a device comes back with its certificate, renews it, and a token keeps its end', async () => {
    const device = await enrolled('laptop');
    const token = await server.token();
    machine.setWall(machine.time + jump);
    await (await device.join(server.agentPort)).cut();
    const next = await makeDeviceKey();
    const renewed = await device.renew(server.enrolmentPort, next);
    expect(renewed.status).toBe(200);
    machine.setWall(machine.time);
    // What was issued meanwhile may not be valid yet; what the device had before still is.
    await (await device.join(server.agentPort)).cut();
    const late = await FakeDevice.make('other');
    expect((await late.enroll(server.enrolmentPort, token)).status).toBe(200);
  });
});

describe.each(jumps)('the clock jumps %s and back', (_words, jump) => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
    machine.setWall(Date.now());
  });

  it('nobody stays locked out, and a device is still seen when it is there', async () => {
    const db = await openStore(':memory:');
    await addDevice(db, 'a');
    const lockOut = new LockOut(new SignInFailureStore(db), machine.clock);
    const presence = new PresenceStore(db);
    machine.setWall(machine.time + jump);
    for (let tries = 0; tries < 5; tries += 1) await lockOut.take('ada@example.org');
    await expect(lockOut.take('ada@example.org')).rejects.toMatchObject({ code: 'locked-out' });
    await presence.seen(['a'], machine.clock.now());
    machine.setWall(machine.time);
    machine.advance(2 * 60 * 60_000);
    await lockOut.take('ada@example.org');
    await presence.seen(['a'], machine.clock.now());
    const { last_seen_at } = await db.selectFrom('device').select('last_seen_at').executeTakeFirstOrThrow();
    expect(last_seen_at).toBe(machine.clock.now());
    await db.destroy();
  });

  it('deadlines are met, each once, at the latest a day after the clock is right', () => {
    const due: string[] = [];
    const deadlines = new Deadlines(machine.clock, (ids) => due.push(...ids));
    deadlines.set('in an hour', machine.time + day / 24);
    deadlines.set('in a month', machine.time + 30 * day);
    deadlines.arm();
    machine.setWall(machine.time + jump);
    machine.advance(1_000);
    machine.setWall(machine.time);
    machine.advance(2 * day);
    expect(due).toContain('in an hour');
    machine.advance(40 * day);
    expect(due.sort()).toEqual(['in a month', 'in an hour']);
    deadlines.disarm();
  });
});

describe.each(jumps)('the clock of a device jumps %s', (_words, jump) => {
  it('it enforces, says so, comes back as soon as ever, and renews no more than once', async () => {
    const server = new FakeControlServer();
    await server.start();
    const device = new AgentHome();
    const machine = new FakeMachine();
    machine.setWall(Date.now());
    server.serverTime = () => machine.time;
    device.enrolAt(server);
    server.state = server.district.state(1, { browser: { homePage: 'https://one.example/' } });
    const random = { unit: () => 0.5, bytes: (length: number) => new Uint8Array(length), uuid: () => 'spool-1' };
    try {
      const agent = await device.start({ clock: machine.clock, boot: machine.boot, random });
      const turn = (ms: number) => {
        machine.advance(ms);
        return true;
      };
      await until('the first state verified', 20_000, () => turn(50) && server.reported('browser')?.generation === 1);
      machine.setWall(machine.time + jump);
      const isOpen = () =>
        server.records.findLast((record) => record.kind === 'finding' && record.code === 'clock-changed');
      await until('a finding', 20_000, () => turn(1_000) && isOpen());
      server.state = server.district.state(2, { browser: { homePage: 'https://two.example/' } });
      const [hellos, before] = [server.hellos.length, machine.time];
      server.cut();
      await until('it is back', 20_000, () => turn(50) && server.hellos.length > hellos);
      await until('the second state verified', 20_000, () => turn(50) && server.reported('browser')?.generation === 2);
      // Back-off goes by the time that passes: a jump back is no year of waiting.
      expect(machine.time - before).toBeLessThan(day);
      expect(server.renewals).toBeLessThanOrEqual(1);
      machine.setWall(machine.time);
      await until('the finding closed', 20_000, () => {
        const last = turn(1_000) && isOpen();
        return last && last.kind === 'finding' && !last.open;
      });
      expect(agent.status()).toMatchObject({ connected: true, generation: 2 });
      expect(device.log.errors).toEqual([]);
    } finally {
      await device.dispose();
      await server.stop();
    }
  });
});
