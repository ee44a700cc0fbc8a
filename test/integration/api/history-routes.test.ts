import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OperatorClient } from '../../../server/commands/client.ts';
import { exportEvidence } from '../../../server/commands/export-evidence.ts';
import { Output } from '../../../server/commands/output.ts';
import { routes } from '../../../shared/api/routes.ts';
import type { ComplianceMap, EventView, LibraryCheck, PolicyPreview } from '../../../shared/api/schemas.ts';
import { validator } from '../../../shared/schema.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { TestServer } from '../../fakes/running-server.ts';

interface Items<T> {
  items: T[];
}

const soon = { timeout: 40_000 };
let server: TestServer;
let device: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-history-'));
  server = await TestServer.start();
  await server.setUp();
  const body = { maxUses: 1, expiresInSeconds: 600 };
  const { token } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
  const laptop = await FakeDevice.make('laptop');
  expect((await laptop.enroll(server.server.ports.enrolment, token)).status).toBe(200);
  const line = await laptop.join(server.server.ports.agents);
  const observed = [
    ['diskEncryption', 'not-encrypted'],
    ['firewall', 'on'],
    ['localAdmins', 'not-admin'],
  ] as const;
  for (const [name, state] of observed)
    line.send(
      'report',
      laptop.report({ kind: 'observation', at: Date.now(), name, value: { state, evidence: 'seen' } }),
    );
  await line.next('ack');
  device = (await server.operate<Items<{ id: string }>>('/api/devices')).items[0]?.id ?? '';
  const noncompliant = async () => (await server.operate<ComplianceMap>('/api/compliance')).devices.noncompliant;
  await vi.waitFor(async () => expect(await noncompliant()).toBe(1), soon);
  await line.cut();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('compliance over time, over the routes', () => {
  it.each<[keyof typeof routes, () => string]>([
    ['readComplianceMap', () => '/api/compliance'],
    ['readComplianceTrend', () => '/api/compliance/trend'],
    ['readComplianceMeasures', () => '/api/compliance/measures'],
    ['listChecks', () => '/api/compliance/checks'],
    ['listCheckSubjects', () => '/api/compliance/checks/disk-encrypted/devices?status=fail'],
    ['readDeviceHistory', () => `/api/devices/${device}/compliance`],
    ['listDevices', () => `/api/devices?at=${new Date().toISOString()}`],
    ['listPeople', () => `/api/people?at=${new Date().toISOString()}`],
  ])('%s answers as its contract says', async (name, path) => {
    const answer = await server.operate(path());
    expect(validator(routes[name].response).problems(answer)).toEqual([]);
  });

  it('finds the failing device under its check and in the library', async () => {
    const subjects = await server.operate<Items<{ device: { id: string } }>>(
      '/api/compliance/checks/disk-encrypted/devices?status=fail',
    );
    expect(subjects.items.map((one) => one.device.id)).toEqual([device]);
    const library = await server.operate<Items<LibraryCheck>>('/api/compliance/checks');
    expect(library.items.find(({ check }) => check === 'disk-encrypted')?.counts.fail).toBe(1);
  });

  it('previews a policy and saves nothing', async () => {
    const policy = {
      graceDays: 5,
      checks: [{ check: 'disk-encrypted', counts: false, graceDays: null, severity: null }],
    };
    const preview = await server.operate<PolicyPreview>('/api/compliance/policy/preview', {
      method: 'POST',
      body: { policy },
    });
    expect(preview.devices.before.noncompliant).toBe(1);
    expect(preview.devices.after.noncompliant).toBe(0);
    expect(preview.checks.find(({ check }) => check === 'disk-encrypted')).toMatchObject({
      failingBefore: 1,
      failingAfter: 0,
    });
    expect(await server.operate('/api/compliance/policy')).toMatchObject({ version: 0 });
  });

  it.each([
    ['/api/compliance?at=2999-01-01T00:00:00Z', 400],
    ['/api/compliance?at=then', 400],
    ['/api/compliance?org=nowhere', 404],
    ['/api/compliance/trend?of=nothing', 404],
    ['/api/devices?at=1999-01-01T00:00:00Z', 400],
    ['/api/people/nobody/compliance', 404],
    ['/api/compliance/export?what=people', 400],
    ['/api/compliance/export?what=people&format=exe', 400],
    ['/api/people/nobody/compliance/export?format=csv', 404],
    ['/api/compliance/evidence-pack?at=1999-01-01T00:00:00Z', 400],
  ])('refuses %s', async (path, status) => {
    const headers = { authorization: `Bearer ${readFileSync(join(server.home, 'operator.key'), 'utf8').trim()}` };
    expect((await server.call(path, { headers })).status).toBe(status);
  });

  it('gives files and histories to nobody who has not signed in', async () => {
    const all = Object.values(routes).filter(({ path }) => path.includes('/compliance'));
    for (const { method, path } of all.filter((route) => route.method === 'GET'))
      expect((await server.call(path.replace(':id', 'x').replace(':check', 'x'), { method })).status, path).toBe(401);
  });
});

describe('the command line', () => {
  it('writes the evidence pack for its owner alone, never over another, and the events say who', async () => {
    const client = new OperatorClient(server.home);
    const out = join(folder, 'evidence.zip');
    await exportEvidence(client, { out }, new Output(true));
    expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK');
    expect(statSync(out).mode & 0o777).toBe(0o600);
    await expect(exportEvidence(client, { out }, new Output(true))).rejects.toMatchObject({ code: 'bad-request' });
    await client.close();
    const events = await server.operate<Items<EventView>>('/api/events?limit=20');
    expect(events.items.find(({ code }) => code === 'evidence-pack-made')?.actor).toBe('command line');
  });
});
