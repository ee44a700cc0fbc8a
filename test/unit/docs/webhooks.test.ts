import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { secretOf, signatures } from '../../../server/webhooks/signature.ts';
import { webhookEvents, webhookPayloads } from '../../../shared/api/webhook-events.ts';
import { validator } from '../../../shared/schema.ts';

const page = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

type IsGenuine = (headers: Record<string, string>, body: string, secret: string, now: number) => boolean;
const { isGenuine } = (await import(`data:text/javascript,${encodeURIComponent(block('js'))}`)) as {
  isGenuine: IsGenuine;
};

const [secret, other] = [secretOf(new Uint8Array(32).fill(7)), secretOf(new Uint8Array(32).fill(8))];
const message = { id: 'msg_1', seconds: 1_790_000_000, body: '{"type":"test"}' };
const headers = {
  'webhook-id': message.id,
  'webhook-timestamp': String(message.seconds),
  'webhook-signature': signatures(message, [secret]),
};

describe('docs/webhooks.md', () => {
  it('names every event', () => {
    for (const event of webhookEvents) expect(page).toContain(`| \`${event}\` |`);
  });

  it('shows a body that is valid', () => {
    const body: unknown = JSON.parse(block('json'));
    expect(validator(webhookPayloads['unblock-request']).problems(body)).toEqual([]);
  });

  it('shows code that takes what the server signs, also beside an older secret', () => {
    expect(isGenuine(headers, message.body, secret, message.seconds)).toBe(true);
    const both = { ...headers, 'webhook-signature': signatures(message, [other, secret]) };
    expect(isGenuine(both, message.body, secret, message.seconds + 299)).toBe(true);
  });

  it.each<[string, Record<string, string>, string, string, number]>([
    ['another body', headers, '{"type":"evil"}', secret, 0],
    ['another secret', headers, message.body, other, 0],
    ['another id', { ...headers, 'webhook-id': 'msg_2' }, message.body, secret, 0],
    ['another time', { ...headers, 'webhook-timestamp': '1790000001' }, message.body, secret, 0],
    ['an old delivery', headers, message.body, secret, 301],
    ['no signature', { ...headers, 'webhook-signature': '' }, message.body, secret, 0],
    [
      'another version',
      { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') },
      message.body,
      secret,
      0,
    ],
  ])('shows code that refuses %s', (_, given, body, key, later) => {
    expect(isGenuine(given, body, key, message.seconds + later)).toBe(false);
  });

  it('signs as the specification’s own example does', () => {
    const given = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      seconds: 1_614_265_330,
      body: '{"test": 2432232314}',
    };
    expect(signatures(given, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });
});
