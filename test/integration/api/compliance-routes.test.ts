import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceDetail, EventView, SavedCompliancePolicy, WaiverView } from '../../../shared/api/schemas.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { TestServer } from '../../fakes/running-server.ts';

interface Items<T> {
  items: T[];
}

let server: TestServer;
let cookie: string;
let device: string;

beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
  const { token } = await server.operate<{ token: string }>('/api/tokens', {
    method: 'POST',
    body: { maxUses: 1, expiresInSeconds: 600 },
  });
  const laptop = await FakeDevice.make('laptop');
  expect((await laptop.enroll(server.server.ports.enrolment, token)).status).toBe(200);
  const line = await laptop.join(server.server.ports.agents);
  const evidence = 'seen';
  const observed = [
    ['diskEncryption', 'not-encrypted'],
    ['firewall', 'on'],
    ['localAdmins', 'not-admin'],
  ] as const;
  for (const [name, state] of observed)
    line.send('report', laptop.report({ kind: 'observation', at: Date.now(), name, value: { state, evidence } }));
  await line.next('ack');
  device = (await server.operate<Items<{ id: string }>>('/api/devices')).items[0]?.id ?? '';
  await line.cut();
});
afterAll(async () => {
  await server.stop();
});

/** As Ada Admin at the console. */
async function staff(method: 'POST' | 'PUT', path: string, body: unknown) {
  return await server.call(path, { method, body, headers: { cookie, origin: server.origin } });
}
/** Verdicts are judged at most once in a second. */
const soon = { timeout: 40_000 };
const codeOf = (answer: { body: unknown }) => (answer.body as { error?: { code: string } }).error?.code;
const detail = () => server.operate<DeviceDetail>(`/api/devices/${device}`);
const lastEvents = async () => (await server.operate<Items<EventView>>('/api/events?limit=5')).items;

describe('compliance over the routes', () => {
  it('waives a failing check of a device and ends that, and the events say who', async () => {
    await expect.poll(async () => (await detail()).device.verdict.state, soon).toBe('noncompliant');
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const wanted = { check: null, target: { kind: 'device', id: device }, reason: 'parts on order', until };
    const made = await staff('POST', '/api/waivers', wanted);
    expect(made.status).toBe(200);
    const waiver = made.body as WaiverView;
    expect(waiver).toMatchObject({ ...wanted, by: 'staff:Ada Admin', inForce: true, checkTitle: 'Every check' });
    await expect.poll(async () => (await detail()).device.verdict, soon).toMatchObject({ state: 'waived', until });
    const failed = (await detail()).checks.find(({ check }) => check === 'disk-encrypted');
    expect(failed).toMatchObject({ status: 'fail', waiver: { until, words: expect.stringContaining('by Ada Admin') } });
    expect((await server.operate<Items<WaiverView>>('/api/waivers?inForce=true')).items).toEqual([waiver]);
    expect((await staff('POST', `/api/waivers/${waiver.id}/end`, {})).status).toBe(200);
    await expect.poll(async () => (await detail()).device.verdict.state, soon).toBe('noncompliant');
    const said = (await lastEvents()).filter(({ code }) => code.startsWith('waiver'));
    expect(said.map(({ actor, code, subject }) => [actor, code, subject?.id])).toEqual([
      ['staff:Ada Admin', 'waiver-ended', device],
      ['staff:Ada Admin', 'waiver-made', device],
    ]);
  });

  it('saves the policy, by which the device is judged anew, and refuses an older version', async () => {
    const read = await server.operate<SavedCompliancePolicy>('/api/compliance/policy');
    expect(read).toMatchObject({ version: 0, policy: { graceDays: 5, checks: [] } });
    const rule = { check: 'disk-encrypted', counts: true, graceDays: 4, severity: 'major' };
    const saved = await staff('PUT', '/api/compliance/policy', {
      version: 0,
      policy: { graceDays: 5, checks: [rule] },
    });
    expect([saved.status, (saved.body as SavedCompliancePolicy).version]).toEqual([200, 1]);
    await expect.poll(async () => (await detail()).device.verdict.state, soon).toBe('in-grace');
    const late = await staff('PUT', '/api/compliance/policy', { version: 0, policy: { graceDays: 1, checks: [] } });
    expect(codeOf(late)).toBe('changed-meanwhile');
    expect((await lastEvents()).find(({ code }) => code === 'compliance-policy-saved')?.actor).toBe('staff:Ada Admin');
  });

  const waiver = { check: 'firewall-on', reason: 'why not', until: '2999-01-01T00:00:00Z' };
  it.each<[string, 'POST' | 'PUT', string, (id: string) => unknown, string]>([
    [
      'a waiver of more than a year',
      'POST',
      '/api/waivers',
      (id) => ({ ...waiver, target: { kind: 'device', id } }),
      'bad-waiver',
    ],
    [
      'a waiver for a class',
      'POST',
      '/api/waivers',
      (id) => ({ ...waiver, target: { kind: 'class', id } }),
      'bad-request',
    ],
    [
      'a waiver without a reason',
      'POST',
      '/api/waivers',
      (id) => ({ ...waiver, reason: '', target: { kind: 'device', id } }),
      'bad-request',
    ],
    ['the end of a waiver that is not', 'POST', '/api/waivers/none/end', () => ({}), 'not-found'],
    [
      'a check there is not',
      'PUT',
      '/api/compliance/policy',
      () => ({
        version: 1,
        policy: { graceDays: 1, checks: [{ check: 'x', counts: true, graceDays: null, severity: null }] },
      }),
      'bad-compliance-policy',
    ],
    [
      'grace for ever',
      'PUT',
      '/api/compliance/policy',
      () => ({ version: 1, policy: { graceDays: 1e9, checks: [] } }),
      'bad-request',
    ],
  ])('refuses %s', async (_, method, path, body, code) => {
    expect(codeOf(await staff(method, path, body(device)))).toBe(code);
    expect((await server.operate<SavedCompliancePolicy>('/api/compliance/policy')).version).toBe(1);
    expect((await server.operate<Items<WaiverView>>('/api/waivers?inForce=true')).items).toEqual([]);
  });
});
