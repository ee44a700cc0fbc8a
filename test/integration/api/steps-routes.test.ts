import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  DeviceDetail,
  EventView,
  ObligationView,
  PersonSummary,
  RestrictionView,
  SavedCompliancePolicy,
  WaiverView,
} from '../../../shared/api/schemas.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { TestServer } from '../../fakes/running-server.ts';

interface Items<T> {
  items: T[];
}

const day = 86_400_000;
const people = 'sourcedId,givenName,familyName,username,role,org,grade\ns-1,Bo,Diaz,bo,student,Maple,06\n';
let server: TestServer;
let cookie: string;
let laptop: FakeDevice;
let device: string;
let person: string;
let restriction: string;

beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
  const upload = { method: 'POST', raw: people, headers: { 'content-type': 'text/csv' } } as const;
  await server.operate('/api/import/people?mode=lenient', upload);
  person = (await server.operate<Items<PersonSummary>>('/api/people')).items[0]?.id ?? '';
  const token = { method: 'POST', body: { maxUses: 1, expiresInSeconds: 600 } } as const;
  laptop = await FakeDevice.make('laptop');
  const secret = (await server.operate<{ token: string }>('/api/tokens', token)).token;
  expect((await laptop.enroll(server.server.ports.enrolment, secret)).status).toBe(200);
  device = laptop.deviceId;
  await operate(`/api/devices/${device}/custody`, { personId: person, kind: 'primary' });
  restriction = await publish('School sites only', { browser: { blockedUrls: ['*'] } });
  await observe('off');
});
afterAll(async () => {
  await server.stop();
});

/** As Ada Admin at the console. */
async function staff(method: 'POST' | 'PUT', path: string, body: unknown) {
  return await server.call(path, { method, body, headers: { cookie, origin: server.origin } });
}
async function operate<T>(path: string, body: unknown): Promise<T> {
  return await server.operate<T>(path, { method: 'POST', body });
}
async function publish(name: string, settings: object): Promise<string> {
  await operate('/api/profiles/apply', { name, description: '', content: { settings, assignments: [] } });
  const { items } = await server.operate<Items<{ id: string; name: string }>>('/api/profiles');
  return items.find((one) => one.name === name)?.id ?? '';
}
/** The device reports what it sees, and is gone again. */
async function observe(firewall: 'on' | 'off') {
  const line = await laptop.join(server.server.ports.agents);
  const observed = [
    ['diskEncryption', 'encrypted'],
    ['firewall', firewall],
    ['localAdmins', 'not-admin'],
  ] as const;
  for (const [name, state] of observed) {
    const value = { state, evidence: 'seen' };
    line.send('report', laptop.report({ kind: 'observation', at: Date.now(), name, value }));
  }
  await line.next('ack');
  await line.cut();
}
async function savePolicy(change: object) {
  const { version } = await server.operate<SavedCompliancePolicy>('/api/compliance/policy');
  return await staff('PUT', '/api/compliance/policy', { version, policy: { graceDays: 5, checks: [], ...change } });
}

const soon = { timeout: 40_000 };
const steps = (restrict: object | null) => ({ steps: { remindDays: 1, restrict } });
const errorOf = (answer: { body: unknown }) => (answer.body as { error?: { code: string; details: string[] } }).error;
const restrictions = async (open: boolean) =>
  (await server.operate<Items<RestrictionView>>(`/api/restrictions?open=${open}&device=${device}`)).items;
const settings = async () => (await server.operate<DeviceDetail>(`/api/devices/${device}`)).settings;
const codes = async () => {
  const { items } = await server.operate<Items<EventView>>(`/api/devices/${device}/events?limit=20`);
  return items.map(({ code }) => code).filter((code) => code.includes('restrict'));
};

describe('a restriction over the routes', () => {
  it('begins by the policy, stands in the settings, and leaves the device its way to the server', async () => {
    expect((await savePolicy(steps({ profileId: restriction, afterDays: 0 }))).status).toBe(200);
    await expect.poll(async () => (await restrictions(true)).length, soon).toBe(1);
    const [open] = await restrictions(true);
    expect(open).toMatchObject({
      person: { id: person },
      profile: { id: restriction },
      reason: expect.stringContaining('Firewall'),
    });
    await expect.poll(async () => (await settings()).length, soon).toBeGreaterThan(0);
    const source = (await settings())[0]?.from[0];
    expect(source).toMatchObject({ profile: 'School sites only', to: 'restriction until put right' });
    const line = await laptop.join(server.server.ports.agents);
    const desired = await line.next('desired');
    expect(JSON.parse(desired.body.manifest).sections).toHaveProperty('browser');
    await line.cut();
    expect(await codes()).toEqual(['device-restricted']);
  });

  it('is lifted by a waiver, comes back when that ends, and is lifted for good when it is put right', async () => {
    const until = new Date(Date.now() + day).toISOString();
    const wanted = { check: 'firewall-on', target: { kind: 'person', id: person }, reason: 'parts on order', until };
    const waiver = (await staff('POST', '/api/waivers', wanted)).body as WaiverView;
    await expect.poll(async () => (await restrictions(true)).length, soon).toBe(0);
    expect((await restrictions(false))[0]).toMatchObject({ endReason: 'waived' });
    await expect.poll(settings, soon).toEqual([]);
    await staff('POST', `/api/waivers/${waiver.id}/end`, {});
    await expect.poll(async () => (await restrictions(true)).length, soon).toBe(1);
    await observe('on');
    await expect.poll(async () => (await restrictions(true)).length, soon).toBe(0);
    expect((await restrictions(false))[0]).toMatchObject({ endReason: 'put right' });
    expect(await codes()).toEqual([
      ...['restriction-lifted', 'device-restricted', 'restriction-lifted', 'device-restricted'],
    ]);
  });

  it('can be held back by a person, who says why', async () => {
    const decide = (action: string, more: object = {}) =>
      staff('POST', '/api/restrictions/hold', { action, reason: 'exams this week', waiting: 0, ...more });
    expect((await decide('hold')).body).toMatchObject({ held: { by: 'staff:Ada Admin' }, waiting: 0, open: 0 });
    expect(errorOf(await decide('hold'))?.code).toBe('conflict');
    expect(errorOf(await decide('confirm', { reason: '' }))?.code).toBe('bad-request');
    expect(errorOf(await decide('erase'))?.code).toBe('bad-request');
    expect(errorOf(await decide('confirm', { waiting: -1 }))?.code).toBe('bad-request');
    await observe('off');
    await expect
      .poll(async () => (await server.operate<{ waiting: number }>('/api/restrictions/hold')).waiting, soon)
      .toBe(1);
    expect(await restrictions(true)).toEqual([]);
    expect(errorOf(await decide('confirm'))?.code).toBe('changed-meanwhile');
    expect((await decide('confirm', { waiting: 1 })).body).toMatchObject({ held: null, waiting: 0, open: 1 });
    expect(errorOf(await decide('confirm'))?.code).toBe('conflict');
    await observe('on');
    await expect.poll(async () => (await restrictions(true)).length, soon).toBe(0);
  });
});

describe('the compliance policy over the routes', () => {
  const rule = { check: 'disk-space', counts: true, graceDays: null, severity: null };
  const only = (change: object) => ({ checks: [{ ...rule, ...change }] });

  it('keeps whom a check binds and what it asks, and the events say what was changed', async () => {
    const bound = only({ binds: [{ kind: 'role', role: 'teacher' }], parameters: { leastFreePercent: 10 } });
    expect((await savePolicy({ ...bound, returnDays: 3 })).body).toMatchObject({ policy: { ...bound, returnDays: 3 } });
    const { items } = await server.operate<Items<EventView>>('/api/events?limit=5');
    expect(items.find(({ code }) => code === 'compliance-policy-saved')?.words).toBe(
      'The compliance policy was saved: disk space (whom it binds, parameters), no restrictions, devices of leavers back within 3 school days.',
    );
  });

  it.each<[string, () => object | Promise<object>, RegExp]>([
    [
      'a parameter out of bounds',
      () => only({ parameters: { leastFreePercent: 101 } }),
      /Disk space: leastFreePercent must be/,
    ],
    ['a parameter there is not', () => only({ parameters: { constructor: 1 } }), /Disk space:/],
    [
      'a parameter of what has none',
      () => only({ check: 'policy-verified', parameters: { x: 1 } }),
      /there is nothing to set/,
    ],
    ['a unit nobody knows', () => only({ binds: [{ kind: 'org', org: 'nowhere' }] }), /the roster has no unit nowhere/],
    ['a person nobody knows', () => only({ binds: [{ kind: 'person', person: 'x' }] }), /the roster has no person x/],
    [
      'somebody named twice',
      () => only({ binds: [{ kind: 'everyone' }, { kind: 'everyone' }] }),
      /everyone is named 2 times/,
    ],
    ['a check named twice', () => ({ checks: [rule, rule] }), /named twice/],
    ['a profile there is not', () => steps({ profileId: 'none', afterDays: 1 }), /there is no such profile/],
    ['a profile that is not published', () => draft(), /publish “Draft” first/],
    ['a profile that shuts people out', () => shut(), /also sets firewall/],
    ['a profile that sends names elsewhere', () => elsewhere(), /may not change which resolvers/],
  ])('refuses %s, and says where', async (_, change, words) => {
    const before = await server.operate<SavedCompliancePolicy>('/api/compliance/policy');
    const error = errorOf(await savePolicy(await change()));
    expect([error?.code, error?.details.join()]).toEqual(['bad-compliance-policy', expect.stringMatching(words)]);
    expect(await server.operate('/api/compliance/policy')).toEqual(before);
  });

  it.each([
    ['a reminder further away than a term', { steps: { remindDays: 21, restrict: null } }],
    ['a restriction without a delay', { steps: { remindDays: 1, restrict: { profileId: 'p' } } }],
    ['an id that is a path', steps({ profileId: '../../x', afterDays: 1 })],
    ['more selectors than anybody reads', only({ binds: Array.from({ length: 21 }, () => ({ kind: 'everyone' })) })],
    ['days of return without an end', { returnDays: 1e9 }],
  ])('takes no %s', async (_, change) => {
    expect(errorOf(await savePolicy(change))?.code).toBe('bad-request');
  });

  const draft = async () => {
    const made = await operate<{ profile: { id: string } }>('/api/profiles', { name: 'Draft', description: '' });
    return steps({ profileId: made.profile.id, afterDays: 1 });
  };
  const shut = async () => steps({ profileId: await publish('Shut', { browser: {}, firewall: {} }), afterDays: 1 });
  const elsewhere = async () => {
    const webFilter = { upstream: { kind: 'plain', servers: ['192.0.2.1'] } };
    return steps({ profileId: await publish('Elsewhere', { webFilter }), afterDays: 1 });
  };
});

describe('obligations over the routes', () => {
  const dueOn = new Date(Date.now() + 10 * day).toISOString().slice(0, 10);
  const wanted = { kind: 'agreement', title: 'Device agreement', to: { role: 'student' }, dueOn };
  const open = async () => (await server.operate<Items<ObligationView>>('/api/obligations?state=open')).items;

  it('are previewed, asked, listed by person, signed by a file, and the events say who did it', async () => {
    const preview = await staff('POST', '/api/obligations/preview', wanted);
    expect(preview.body).toMatchObject({ obligations: 1, people: 1, sample: ['Bo Diaz'] });
    expect(await open()).toEqual([]);
    expect((await staff('POST', '/api/obligations', wanted)).body).toEqual(preview.body);
    const [one] = (await server.operate<Items<ObligationView>>(`/api/obligations?person=${person}`)).items;
    expect(one).toMatchObject({ title: 'Device agreement', by: 'staff:Ada Admin', overdue: false, outcome: null });
    const file = { method: 'POST', raw: 'username\nbo\n', headers: { 'content-type': 'text/csv' } } as const;
    expect(await server.operate('/api/obligations/import?title=Device%20agreement', file)).toMatchObject({
      applied: true,
      met: 1,
    });
    expect(await open()).toEqual([]);
    const { items } = await server.operate<Items<EventView>>('/api/events?limit=5');
    expect(items.slice(0, 2).map(({ code, actor }) => [code, actor])).toEqual([
      ['signatures-imported', 'command line'],
      ['obligations-made', 'staff:Ada Admin'],
    ]);
  });

  it('are met by themselves when the device comes back', async () => {
    await staff('POST', '/api/obligations', { ...wanted, kind: 'device-return', title: 'End of year' });
    expect((await open()).map((one) => one.device?.id)).toEqual([device]);
    await server.operate(`/api/devices/${device}/custody`, { method: 'DELETE' });
    await expect.poll(open, soon).toEqual([]);
    await operate(`/api/devices/${device}/custody`, { personId: person, kind: 'primary' });
  });

  it.each<[string, string, unknown, string]>([
    ['a day that is over', '/api/obligations', { ...wanted, dueOn: '2020-01-01' }, 'bad-obligation'],
    ['a day beyond a year', '/api/obligations', { ...wanted, dueOn: '2999-01-01' }, 'bad-obligation'],
    ['a day there is not', '/api/obligations', { ...wanted, dueOn: '2027-02-30' }, 'bad-obligation'],
    ['what is no day', '/api/obligations', { ...wanted, dueOn: 'soon' }, 'bad-request'],
    ['a kind there is not', '/api/obligations', { ...wanted, kind: 'homework' }, 'bad-request'],
    ['a title longer than a line', '/api/obligations', { ...wanted, title: 'x'.repeat(201) }, 'bad-request'],
    ['an audience of another form', '/api/obligations', { ...wanted, to: { tag: 'cart-3' } }, 'bad-request'],
    ['a person nobody knows', '/api/obligations', { ...wanted, to: { person: 'nobody' } }, 'not-found'],
    ['somebody else’s words as an id', '/api/obligations/x%20y/meet', {}, 'bad-request'],
    ['to meet what nobody owes', '/api/obligations/none/meet', {}, 'not-found'],
    ['to cancel what nobody owes', '/api/obligations/none/cancel', { reason: 'a mistake' }, 'not-found'],
    ['to cancel without a reason', '/api/obligations/none/cancel', { reason: '' }, 'bad-request'],
  ])('refuse %s', async (_, path, body, code) => {
    expect(errorOf(await staff('POST', path, body))?.code).toBe(code);
    expect(await open()).toEqual([]);
  });
});
