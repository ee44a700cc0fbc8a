import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryView, EventView, WebhookView } from '../../../shared/api/schemas.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { type Answer, TestServer } from '../../fakes/running-server.ts';
import { fits, WebhookReceiver } from '../../fakes/webhook-receiver.ts';

interface Made {
  webhook: WebhookView;
  secret: string;
}
interface Items<T> {
  items: T[];
}

let server: TestServer;
let receiver: WebhookReceiver;
let made: Made;

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'rollcall-server-'));
  writeFileSync(join(home, 'config.yaml'), 'privateWebhooks: true\nconsolePort: 0\nagentPort: 0\n');
  server = await TestServer.start({ home });
  receiver = await WebhookReceiver.start();
  const body = { name: 'Help desk', url: receiver.url, events: ['unblock-request', 'tamper'], active: true };
  made = await server.operate<Made>('/api/webhooks', { method: 'POST', body });
});
afterAll(async () => {
  await receiver.stop();
  await server.stop();
});

const codeOf = ({ status, body }: Answer) => [status, (body as { error?: { code: string } }).error?.code];
const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, headers = {}) =>
  await server.call(path, {
    method,
    ...(body === undefined ? {} : { body }),
    headers: { authorization: `Bearer ${server.operatorKey}`, ...headers },
  });
const soon = { timeout: 10_000 };

describe('webhooks over the routes', () => {
  it('tell of what a device reports, signed', async () => {
    const { token } = await server.operate<{ token: string }>('/api/tokens', {
      method: 'POST',
      body: { maxUses: 1, expiresInSeconds: 600 },
    });
    const laptop = await FakeDevice.make('laptop');
    expect((await laptop.enroll(server.server.ports.enrolment, token)).status).toBe(200);
    const line = await laptop.join(server.server.ports.agents);
    const asked = { kind: 'unblock-request' as const, at: Date.now(), id: 'r1', name: 'chess.example' };
    line.send('report', laptop.report({ ...asked, category: 'games', words: 'For my essay.' }));
    await line.next('ack');
    await expect.poll(() => receiver.received.length, soon).toBe(1);
    const [heard] = receiver.received;
    if (!heard) throw new Error('nothing came');
    expect(fits(heard, made.secret)).toEqual([true]);
    expect(JSON.parse(heard.body)).toMatchObject({ type: 'unblock-request', data: { name: 'chess.example' } });
    expect(heard.body).not.toContain('essay');
    await line.cut();
  });

  it('show what was delivered, and send it again', async () => {
    const listed = async () =>
      (await server.operate<Items<DeliveryView>>(`/api/webhooks/${made.webhook.id}/deliveries?state=delivered`)).items;
    await expect.poll(async () => (await listed()).length, soon).toBe(1);
    const [delivery] = await listed();
    expect(codeOf(await call('POST', `/api/webhook-deliveries/${delivery?.id}/redeliver`, {}))[0]).toBe(200);
    await expect.poll(() => receiver.received.length, soon).toBe(2);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('are changed only as they were read', async () => {
    const path = `/api/webhooks/${made.webhook.id}`;
    const read = await call('GET', path);
    const { name, url, events } = read.body as WebhookView;
    const off = { name, url, events, active: false };
    expect(codeOf(await call('PUT', path, off, { 'if-match': '"x"' }))).toEqual([412, 'precondition-failed']);
    const saved = await call('PUT', path, off, { 'if-match': String(read.headers.etag) });
    expect(saved.body as WebhookView).toMatchObject({ active: false, problem: null });
    expect(codeOf(await call('POST', `${path}/test`, {}))).toEqual([409, 'conflict']);
  });

  const input = { name: 'x', url: 'https://desk.example.org/', events: ['tamper'], active: true };
  it.each([
    ['an address that is none', { ...input, url: 'desk.example.org' }, [400, 'bad-request']],
    ['an address with a password', { ...input, url: 'https://a:b@desk.example.org/' }, [422, 'bad-webhook']],
    ['no event', { ...input, events: [] }, [400, 'bad-request']],
    ['an event there is not', { ...input, events: ['everything'] }, [400, 'bad-request']],
    ['no name', { ...input, name: '\u200b' }, [400, 'bad-request']],
    ['more than is asked', { ...input, secret: 'whsec_mine' }, [400, 'bad-request']],
  ])('are not made with %s', async (_, body, refused) => {
    expect(codeOf(await call('POST', '/api/webhooks', body))).toEqual(refused);
  });

  it.each([
    ['GET', '/api/webhooks/none'],
    ['PUT', '/api/webhooks/none'],
    ['DELETE', '/api/webhooks/none'],
    ['POST', '/api/webhooks/none/secret'],
    ['POST', '/api/webhooks/none/test'],
    ['GET', '/api/webhooks/none/deliveries'],
    ['POST', '/api/webhook-deliveries/none/redeliver'],
  ] as const)('answer %s %s by saying that there is none', async (method, path) => {
    const body = method === 'PUT' ? input : method === 'POST' ? {} : undefined;
    expect(codeOf(await call(method, path, body))).toEqual([404, 'not-found']);
  });

  it('leave each step in the events, without the secret', async () => {
    const { items } = await server.operate<Items<EventView>>('/api/events?limit=100');
    const own = items.filter(({ subject }) => subject?.id === made.webhook.id);
    expect(own.map(({ code }) => code).toReversed()).toEqual(['webhook-made', 'webhook-saved']);
    expect(JSON.stringify(items)).not.toContain(made.secret.slice(6));
  });
});
