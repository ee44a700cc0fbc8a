import pino from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { decodeToken } from '../../../shared/protocol/token.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { TestServer } from '../../fakes/running-server.ts';
import { signIn } from '../../fakes/staff.ts';

const people =
  'sourcedId,givenName,familyName,username,email,role\nq1,Quirina,Zappelphilipp,quizap,quizap@maple.example,student\n';
const logged: string[] = [];
let server: TestServer;
beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
  server = await TestServer.start({ log });
});
afterAll(() => server.stop());

const upload = { method: 'POST', headers: { 'content-type': 'text/csv' } } as const;
const password = 'correct horse battery';

/** A small district's day with its mishaps; returns what must stand in no log. */
async function day(): Promise<string[]> {
  const code = server.server.setUpCode ?? '';
  const cookie = await server.setUp();
  const browser = { origin: server.origin, cookie };
  const wrong = { email: 'ada@example.org', password: 'a wrong password' };
  const { origin } = server;
  expect((await server.call('/api/session', { method: 'POST', headers: { origin }, body: wrong })).status).toBe(401);
  const elsewhere = await signIn(server, 'ada@example.org', password);
  const ticket = await server.call('/api/live-ticket', { method: 'POST', headers: browser });
  expect(await server.operate('/api/import/people?mode=lenient', { ...upload, raw: people })).toMatchObject({
    applied: true,
  });
  await server.operate('/api/import/people', { ...upload, raw: `${people}q2,Broken"Row,"x\n` });
  const { items } = await server.operate<{ items: { id: string; name: string }[] }>('/api/people?search=Zappel');
  const body = { maxUses: 1, expiresInSeconds: 600, personId: items[0]?.id };
  const { token } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
  const device = await FakeDevice.make('quirinas-laptop');
  const { agents, enrolment } = server.server.ports;
  expect((await device.enroll(enrolment, token)).status).toBe(200);
  expect((await device.enroll(enrolment, token, { hardware: { id: 'f'.repeat(64) } })).status).toBe(403);
  const line = await device.join(agents);
  const detail = 'blocked.visited.example was asked for by Quirina';
  line.send('report', device.report({ kind: 'event', at: 1, code: 'odd', detail }));
  await line.next('ack');
  line.send('error', { code: 'odd', message: detail });
  line.sendRaw(JSON.stringify({ v: 1, type: 'want', id: 'x', body: { hashes: [], [detail]: 1 } }));
  await line.ended;
  const { deviceId } = device;
  await server.operate(`/api/devices/${deviceId}/revoke`, { method: 'POST', body: { reason: 'Quirina lost it' } });
  await expect(device.connect(agents)).rejects.toThrow('403');
  const { ticket: live } = ticket.body as { ticket: string };
  const secrets = [code, password, 'a wrong password', live, token, decodeToken(token).secret, server.operatorKey];
  const cookies = [cookie, elsewhere].map((text) => text.split(/[=;]/)[1] ?? '');
  const names = ['Ada Admin', 'ada@example.org', 'Quirina', 'Zappel', 'quizap', 'visited.example'];
  return [...secrets, ...cookies, ...names];
}

it('the log tells what happened by ids and codes, and holds no names, addresses, secrets or looked-up names', async () => {
  const never = await day();
  expect(never.every((word) => word.length > 5)).toBe(true);
  await vi.waitFor(() => expect(logged.join('')).toContain('a frame was refused'));
  const found = never.filter((word) => logged.join('').toLowerCase().includes(word.toLowerCase()));
  expect(found).toEqual([]);
  expect(logged.join('')).not.toMatch(/BEGIN|PRIVATE/);
});
