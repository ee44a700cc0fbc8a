import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentServer, startAgentServer } from '../../fakes/agent-server.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { makeDeviceKey } from '../../fakes/device-keys.ts';

const month = 30.5 * 86_400_000;
let clock: FakeClock;
let server: AgentServer;

beforeAll(async () => {
  clock = new FakeClock(Date.now());
  server = await startAgentServer({ clock });
});
afterAll(async () => await server.stop());

it('a laptop that lay in a drawer for 14 months after its certificate expired renews by itself; after 25 it does not', async () => {
  const device = await FakeDevice.make('drawer');
  await device.enroll(server.enrolmentPort, await server.token());
  const expires = new X509Certificate(device.certificate).validToDate.getTime();
  expect(expires - clock.now()).toBeGreaterThan(12.9 * month);
  clock.jump(expires - clock.now() + 14 * month);
  const answer = await device.renew(server.enrolmentPort, await makeDeviceKey());
  expect(answer.status).toBe(200);
  const renewed = new X509Certificate(answer.body.certificateChain);
  expect(renewed.validToDate.getTime()).toBeGreaterThan(clock.now() + 12 * month);
  clock.jump(11 * month);
  const late = await device.renew(server.enrolmentPort, await makeDeviceKey());
  expect(late.body.error?.code).toBe('certificate-too-old');
});

it('a challenge older than five minutes is refused', async () => {
  const device = await FakeDevice.make('slow');
  await device.enroll(server.enrolmentPort, await server.token());
  const challenge = await device.challenge(server.enrolmentPort);
  clock.jump(5 * 60_000 + 1);
  const next = await makeDeviceKey();
  const answer = await device.renew(server.enrolmentPort, next, {
    challenge,
    signature: device.proof(challenge, next.csr),
  });
  expect(answer.body.error).toMatchObject({ code: 'proof-invalid', message: expect.stringContaining('expired') });
});
