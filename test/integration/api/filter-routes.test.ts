import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClassView, FilterSettings, OverrideView, UnblockRequestView } from '../../../shared/api/schemas.ts';
import type { WebFilterSection } from '../../../shared/profile/web-filter.ts';
import { FakeDevice, type Line } from '../../fakes/device.ts';
import { someCalendar } from '../../fakes/filter-district.ts';
import { TestServer } from '../../fakes/running-server.ts';

interface Items<T> {
  items: T[];
}

let server: TestServer;
let cookie: string;
let device: FakeDevice;
let line: Line;
let student: string;

beforeAll(async () => {
  server = await TestServer.start({ demo: true });
  cookie = await server.setUp();
  const { items } = await server.operate<Items<{ id: string }>>('/api/people?role=student&limit=1');
  student = items[0]?.id ?? '';
  const body = { maxUses: 1, expiresInSeconds: 600, personId: student };
  const { token } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
  device = await FakeDevice.make('laptop');
  const { status } = await device.enroll(server.server.ports.enrolment, token);
  expect(status).toBe(200);
  line = await device.join(server.server.ports.agents);
  await nextSection();
});
afterAll(async () => {
  await line.cut();
  await server.stop();
});

/** As Ada Admin at the console: the answer, or the code of the error. */
async function staff<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T> {
  const answer = await server.call(path, { method, body, headers: { cookie, origin: server.origin } });
  return (answer.body as { error?: { code: string } }).error?.code === undefined
    ? (answer.body as T)
    : ((answer.body as { error: { code: string } }).error.code as T);
}

/** The web filter of the next state that is pushed. */
async function nextSection(): Promise<WebFilterSection> {
  const { manifest } = (await line.next('desired')).body;
  const { sections } = JSON.parse(manifest) as { sections: Record<string, string> };
  line.send('want', { hashes: [sections.webFilter ?? ''] });
  return JSON.parse((await line.next('section')).body.content) as WebFilterSection;
}

describe('the web filter over the routes', () => {
  it('tells a student’s device the calendar, the campus and whom it belongs to', async () => {
    await line.cut();
    device.holds = { generation: 0, sections: {} };
    line = await device.join(server.server.ports.agents);
    expect(await nextSection()).toMatchObject({
      settings: { blockAnswer: 'page', holdDns: false },
      calendar: { zone: 'America/Chicago' },
      campus: [{ name: 'Maple County schools' }],
      essentials: expect.arrayContaining(['maple-county.example', '=accounts.google.com']),
      origins: { blockedCategories: [{ profile: 'Student web filter', count: 1 }] },
    });
  });

  it('opens on the device well within a second what was asked there and granted at the console', async () => {
    const asked = { kind: 'unblock-request' as const, at: Date.now(), id: 'r1', name: 'casino-history.example' };
    line.send('report', device.report({ ...asked, category: 'games-sample', words: 'For my essay.' }));
    await line.next('ack');
    const [request] = (await server.operate<Items<UnblockRequestView>>('/api/requests?state=open')).items;
    expect(request).toMatchObject({ name: 'casino-history.example', person: { id: student }, words: 'For my essay.' });
    const began = performance.now();
    const decision = { outcome: 'granted', reason: 'Your teacher agrees.', minutes: 30 };
    const decided = await staff<UnblockRequestView>('POST', `/api/requests/${request?.id}/decide`, decision);
    const section = await nextSection();
    const took = performance.now() - began;
    expect(decided).toMatchObject({ state: 'granted', decidedBy: 'staff:Ada Admin' });
    expect(section).toMatchObject({
      overrides: [{ kind: 'allow', domains: ['casino-history.example'], by: 'Ada Admin' }],
      outcomes: [{ id: 'r1', name: 'casino-history.example', state: 'granted', reason: 'Your teacher agrees.' }],
    });
    expect(took).toBeLessThan(1000);
    const again = staff('POST', `/api/requests/${request?.id}/decide`, decision);
    expect(await again).toBe('conflict');
  });

  it('lets a teacher close everything else for a class, and open it again', async () => {
    const { items } = await server.operate<Items<ClassView>>('/api/classes?limit=200');
    expect(items.every(({ teachers, students }) => teachers.length > 0 && students > 0)).toBe(true);
    const own = items.find(({ devices }) => devices === 1);
    const input = { target: { kind: 'class', id: own?.id }, kind: 'only', domains: ['exam.example'], categories: [] };
    const body = { ...input, minutes: 50, reason: 'The test in period 3.' };
    const view = await staff<OverrideView>('POST', '/api/overrides', body);
    expect(view).toMatchObject({ targetName: own?.title, devices: 1, inForce: true, by: 'staff:Ada Admin' });
    expect((await nextSection()).overrides).toContainEqual(expect.objectContaining({ id: view.id, kind: 'only' }));
    const shown = await server.operate<Items<ClassView>>(`/api/classes?search=${encodeURIComponent(own?.title ?? '')}`);
    expect(shown.items.find(({ id }) => id === own?.id)?.overrides).toMatchObject([{ id: view.id }]);
    await staff('POST', `/api/overrides/${view.id}/end`, {});
    expect((await nextSection()).overrides).not.toContainEqual(expect.objectContaining({ id: view.id }));
    const inForce = await server.operate<Items<OverrideView>>('/api/overrides?inForce=true');
    expect(inForce.items.map(({ domains }) => domains)).toEqual([['casino-history.example']]);
  });

  it('gives devices the calendar of their school once it has one', async () => {
    const { items } = await server.operate<Items<{ id: string; name: string }>>('/api/orgs');
    const { person } = await server.operate<{ person: { orgId: string } }>(`/api/people/${student}`);
    const saved = await staff('PUT', `/api/calendars/${person.orgId}`, {
      calendar: someCalendar({ zone: 'America/Denver' }),
    });
    expect(saved).toMatchObject({ orgId: person.orgId, orgName: items.find(({ id }) => id === person.orgId)?.name });
    expect((await nextSection()).calendar?.zone).toBe('America/Denver');
    const headers = { cookie, origin: server.origin };
    await server.call(`/api/calendars/${person.orgId}`, { method: 'DELETE', headers });
    expect((await nextSection()).calendar?.zone).toBe('America/Chicago');
    const wrong = staff('PUT', '/api/calendars/district', { calendar: someCalendar({ zone: 'America/Nowhere' }) });
    expect(await wrong).toBe('bad-calendar');
  });

  it('shows what a calendar file and the roster’s sessions would make of the calendar, to staff alone', async () => {
    const headers = { cookie, origin: server.origin, 'content-type': 'text/calendar' };
    const day = 'BEGIN:VEVENT\r\nSUMMARY:Break\r\nDTSTART:20270315\r\nEND:VEVENT';
    const raw = Buffer.from(`BEGIN:VCALENDAR\r\n${day}\r\nEND:VCALENDAR\r\n`);
    const send = (path: string, change: object = {}) =>
      server.call(path, { method: 'POST', raw, headers: { ...headers, ...change } });
    const path = '/api/calendars/district/import?holidays=break';
    const calendar = { holidays: expect.arrayContaining([expect.objectContaining({ title: 'Break' })]) };
    expect(await send(path)).toMatchObject({ status: 200, body: { calendar } });
    expect(await send(path, { cookie: '' })).toMatchObject({ status: 401 });
    expect(await send(path, { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await send(path, { 'content-type': 'text/html' })).toMatchObject({ status: 400 });
    const terms = await staff('POST', '/api/calendars/district/propose-terms', {
      type: 'semester',
      endsOn: 'last-day',
    });
    expect(terms).toMatchObject({ summary: expect.stringContaining('of the type semester') });
  });

  it('keeps the settings of two people apart, and refuses wrong ones', async () => {
    const { settings, version } = await server.operate<{ settings: FilterSettings; version: number }>(
      '/api/filter/settings',
    );
    const both = await Promise.all([
      staff('PUT', '/api/filter/settings', { settings: { ...settings, requestHours: 2 }, version }),
      staff('PUT', '/api/filter/settings', { settings: { ...settings, requestHours: 3 }, version }),
    ]);
    expect(both.filter((answer) => answer === 'changed-meanwhile')).toHaveLength(1);
    const wrong = { ...settings, essentials: ['com'] };
    expect(await staff('PUT', '/api/filter/settings', { settings: wrong, version: version + 1 })).toBe(
      'bad-filter-settings',
    );
  });

  const target = { kind: 'person', id: 'x' };
  const override = { target, kind: 'allow', domains: ['a.example'], categories: [], minutes: 5, reason: 'because' };
  const hostile: [string, 'POST' | 'PUT', string, unknown][] = [
    ['no minutes', 'POST', '/api/overrides', { ...override, minutes: 0 }],
    ['minutes without end', 'POST', '/api/overrides', { ...override, minutes: 1e12 }],
    ['a target of another kind', 'POST', '/api/overrides', { ...override, target: { kind: 'everyone', id: 'x' } }],
    ['a web address for a domain', 'POST', '/api/overrides', { ...override, domains: ['https://a.example/'] }],
    ['too many domains', 'POST', '/api/overrides', { ...override, domains: Array(201).fill('a.example') }],
    ['a key nobody knows', 'POST', '/api/overrides', { ...override, by: 'staff:Somebody Else' }],
    ['no reason', 'POST', '/api/overrides', { ...override, reason: '' }],
    ['an outcome of another kind', 'POST', '/api/requests/x/decide', { outcome: 'expired', reason: 'because' }],
    ['a calendar without bells', 'PUT', '/api/calendars/district', { calendar: { ...someCalendar(), bells: [] } }],
    ['an id that leaves the path', 'PUT', '/api/calendars/..%2F..', { calendar: someCalendar() }],
    ['settings without a version', 'PUT', '/api/filter/settings', { settings: {} }],
  ];
  it.each(hostile)('refuses %s', async (_, method, path, body) => {
    expect(await staff(method, path, body)).toBe('bad-request');
  });

  it.each([
    ['an override for nobody', '/api/overrides', override],
    ['the end of no override', '/api/overrides/none/end', {}],
    ['a decision on no request', '/api/requests/none/decide', { outcome: 'refused', reason: 'because' }],
  ])('does not find %s', async (_, path, body) => {
    expect(await staff('POST', path, body)).toBe('not-found');
  });

  it('records each act with its reason', async () => {
    await vi.waitFor(async () => {
      const { items } = await server.operate<Items<{ code: string; words: string }>>('/api/events?limit=50');
      const codes = items.map(({ code }) => code);
      expect(codes).toEqual(
        expect.arrayContaining([
          ...['unblock-requested', 'request-granted', 'override-begun', 'override-ended'],
          ...['calendar-saved', 'calendar-deleted', 'filter-settings-saved'],
        ]),
      );
      expect(items.find(({ code }) => code === 'request-granted')?.words).toContain('Your teacher agrees.');
    });
  });
});
