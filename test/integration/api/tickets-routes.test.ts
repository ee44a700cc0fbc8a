import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HelpdeskSettings, TicketSummary, TicketView } from '../../../shared/api/schemas.ts';
import { FakeDevice, type Line } from '../../fakes/device.ts';
import { MailServer } from '../../fakes/mail-server.ts';
import { type Answer, TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
let cookie: string;
let forms: string;
let reader: string;
let line: Line;
let device: FakeDevice;

const codeOf = ({ status, body }: Answer) => [status, (body as { error?: { code: string } }).error?.code];
const token = async (scopes: string[]) => {
  const body = { name: scopes.join().replace(':', ' '), scopes, expiresInDays: 1 };
  return (await server.operate<{ secret: string }>('/api/api-tokens', { method: 'POST', body })).secret;
};
const intake = async (body: object, secret = forms) =>
  await server.call('/api/intake/tickets', { method: 'POST', body, headers: { authorization: `Bearer ${secret}` } });
const staff = async (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) =>
  await server.call(path, { method, ...(body !== undefined && { body }), headers: { cookie, origin: server.origin } });

beforeAll(async () => {
  server = await TestServer.start();
  cookie = await server.setUp();
  forms = await token(['helpdesk:write']);
  reader = await token(['read']);
  const body = { maxUses: 1, expiresInSeconds: 600 };
  const { token: enrolment } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
  device = await FakeDevice.make('laptop');
  await device.enroll(server.server.ports.enrolment, enrolment);
  line = await device.join(server.server.ports.agents);
});
afterAll(async () => {
  await line.cut();
  await server.stop();
});

describe('tickets over the routes', () => {
  it('come in by an API token of the helpdesk, once for each reference', async () => {
    const form = { reference: 'f-1', subject: 'No sound', words: 'None.', email: 'parent@home.example' };
    const first = await intake(form);
    expect(first).toMatchObject({ status: 200, body: { number: 1, isNew: true } });
    expect((await intake(form)).body).toMatchObject({ number: 1, isNew: false });
    expect(codeOf(await intake({ ...form, reference: 'f-2' }, reader))).toEqual([403, 'outside-scope']);
    const { body } = await staff('GET', '/api/tickets');
    expect((body as { items: TicketSummary[] }).items).toMatchObject([{ number: 1, source: 'email' }]);
  });

  it.each([
    ['no reference', { reference: '' }],
    ['too many words', { words: 'x'.repeat(20_001) }],
    ['a category nobody has', { category: 'coffee' }],
    ['more than is asked for', { priority: 'urgent' }],
  ])('are refused with %s', async (_, change) => {
    const answer = await intake({ reference: 'f-3', subject: 'No sound', words: '', ...change });
    expect(codeOf(answer)).toEqual([400, 'bad-request']);
  });

  it('are asked for on a device, and what staff write comes back to it', async () => {
    const asked = { kind: 'help-request' as const, at: Date.now(), id: 'h1', category: 'slow', words: 'Since Monday.' };
    line.send('report', device.report(asked));
    await line.next('ack');
    const told = (await line.next('tickets')).body;
    expect(told.tickets).toMatchObject([{ request: 'h1', status: 'new', answers: [] }]);
    const { body } = await staff('GET', `/api/tickets?search=${told.tickets[0]?.number}`);
    const [ticket] = (body as { items: TicketSummary[] }).items;
    const note = { words: 'Please restart it.', isToPerson: true };
    const noted = await staff('POST', `/api/tickets/${ticket?.id}/notes`, note);
    expect(noted.body as TicketView).toMatchObject({ status: 'open', source: 'device', notes: [note] });
    const after = (await line.next('tickets')).body;
    expect(after.tickets).toMatchObject([{ status: 'open', answers: [{ words: 'Please restart it.' }] }]);
  });

  it('refuse a change of what somebody else changed meanwhile', async () => {
    const { body } = await staff('POST', '/api/tickets', { subject: 'Dark beamer', category: 'screen' });
    const { id, version } = body as TicketView;
    expect((await staff('PUT', `/api/tickets/${id}`, { version, priority: 'high' })).status).toBe(200);
    expect(codeOf(await staff('PUT', `/api/tickets/${id}`, { version, priority: 'low' }))).toEqual([
      409,
      'changed-meanwhile',
    ]);
  });
});

describe('the settings of the helpdesk', () => {
  it('keep the password to themselves, and send a test to whoever asks for it', async () => {
    const read = (await staff('GET', '/api/helpdesk/settings')).body as HelpdeskSettings;
    expect(codeOf(await staff('POST', '/api/helpdesk/settings/mail-test'))).toEqual([409, 'no-mail']);
    const mailServer = await MailServer.start({ hideSTARTTLS: true });
    try {
      const mail = {
        host: '127.0.0.1',
        port: mailServer.port,
        security: 'none',
        user: null,
        from: 'help@maple.example',
      } as const;
      const saved = (await staff('PUT', '/api/helpdesk/settings', { ...read, mail })).body as HelpdeskSettings;
      expect(saved.mail).toEqual({ ...mail, hasPassword: false });
      expect((await staff('POST', '/api/helpdesk/settings/mail-test')).status).toBe(200);
      expect(mailServer.received).toHaveLength(1);
      const secret = { ...mail, security: 'tls', user: 'help', password: 'correct horse' } as const;
      const sealed = await staff('PUT', '/api/helpdesk/settings', { ...saved, mail: secret });
      expect(JSON.stringify(sealed.body)).not.toContain('correct horse');
      expect((sealed.body as HelpdeskSettings).mail).toMatchObject({ hasPassword: true });
      for (const file of ['rollcall.db', 'rollcall.db-wal'])
        expect(readFileSync(join(server.home, file)).includes('correct horse')).toBe(false);
    } finally {
      await mailServer.stop();
    }
  });

  it('are not for programs', async () => {
    const headers = { authorization: `Bearer ${forms}` };
    expect(codeOf(await server.call('/api/helpdesk/settings', { headers }))).toEqual([403, 'outside-scope']);
  });

  it('say what cannot work', async () => {
    const read = (await staff('GET', '/api/helpdesk/settings')).body as HelpdeskSettings;
    const mail = { host: 'https://smtp', port: 25, security: 'none', user: 'help', from: 'nobody' };
    const answer = await staff('PUT', '/api/helpdesk/settings', { ...read, mail });
    expect(codeOf(answer)).toEqual([422, 'bad-helpdesk-settings']);
    expect((answer.body as { error: { details: string[] } }).error.details).toHaveLength(3);
  });
});
