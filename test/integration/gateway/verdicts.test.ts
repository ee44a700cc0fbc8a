import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeCodes, type VerdictMessage } from '../../../shared/protocol/messages.ts';
import { type AgentServer, startAgentServer } from '../../fakes/agent-server.ts';
import { FakeDevice } from '../../fakes/device.ts';

const verdict: VerdictMessage = { at: 1_000, state: 'compliant', checks: [], step: 'none', obligations: [] };
let server: AgentServer;
let device: FakeDevice;
let other: FakeDevice;

beforeAll(async () => {
  server = await startAgentServer();
  server.desired.set('{}');
  device = await enrolled('one');
  other = await enrolled('other');
});
afterAll(async () => {
  await server.stop();
  expect(server.failures).toEqual([]);
});

async function enrolled(name: string): Promise<FakeDevice> {
  const made = await FakeDevice.make(name);
  expect((await made.enroll(server.enrolmentPort, await server.token())).status).toBe(200);
  return made;
}

it('a device hears how it is judged after its welcome, and when that changes; another hears nothing of it', async () => {
  const off = server.bus.subscribe('presence-changed', ({ deviceIds }) =>
    server.bus.publish('devices-judged', { deviceIds }),
  );
  server.verdicts.known.set(device.deviceId, verdict);
  const bystander = await other.join(server.agentPort);
  const line = await device.join(server.agentPort);
  expect((await line.next('verdict')).body).toEqual(verdict);
  server.verdicts.known.set(device.deviceId, { ...verdict, step: 'warn' });
  server.bus.publish('restrictions-changed', { deviceIds: [device.deviceId] });
  expect((await line.next('verdict')).body.step).toBe('warn');
  server.verdicts.holders.set('person-1', device.deviceId);
  server.verdicts.known.set(device.deviceId, { ...verdict, step: 'remind' });
  server.bus.publish('obligations-changed', { personIds: ['person-1'] });
  expect((await line.next('verdict')).body.step).toBe('remind');
  expect(bystander.received.filter(({ type }) => type === 'verdict')).toEqual([]);
  off();
  await line.cut();
  await bystander.cut();
});

it('a device that connects again before its earlier session ended is told anew', async () => {
  const first = await device.join(server.agentPort);
  const second = await device.join(server.agentPort);
  expect((await second.next('verdict')).body.step).toBe('remind');
  await first.ended;
  await second.cut();
});

it('a device that sends a verdict is cut off', async () => {
  const line = await device.join(server.agentPort);
  line.send('verdict', verdict);
  expect((await line.ended).code).toBe(closeCodes.badFrame);
});
