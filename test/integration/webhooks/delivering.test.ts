import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secrets } from '../../../server/access/secrets.ts';
import { Bus } from '../../../server/bus.ts';
import { systemRandom } from '../../../server/clock.ts';
import type { NewEvent } from '../../../server/services.ts';
import { openStore } from '../../../server/store/open.ts';
import type { Database } from '../../../server/store/schema.ts';
import { SealingKeys } from '../../../server/store/sealed.ts';
import { WebhookDeliveryStore } from '../../../server/store/webhook-deliveries.ts';
import { WebhookNoticeStore } from '../../../server/store/webhook-notices.ts';
import { WebhookStore } from '../../../server/store/webhooks.ts';
import { usualSendLimits, webhookSender } from '../../../server/webhooks/send.ts';
import { WebhookService } from '../../../server/webhooks/webhooks.ts';
import type { WebhookInput } from '../../../shared/api/schemas.ts';
import { webhookPayloads } from '../../../shared/api/webhook-events.ts';
import { validator } from '../../../shared/schema.ts';
import { FakeClock, SeededRandom } from '../../fakes/clock.ts';
import { fits, WebhookReceiver } from '../../fakes/webhook-receiver.ts';

const hour = 3_600_000;
const day = 24 * hour;
const everything: WebhookInput['events'] = [
  ...(['verdict-changed', 'rollout-halted', 'device-silent', 'tamper', 'unblock-request'] as const),
];

let db: Kysely<Database>;
let clock: FakeClock;
let bus: Bus;
let said: NewEvent[];
let errors: unknown[];
let receiver: WebhookReceiver;
let service: WebhookService;
let sealing: SealingKeys;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A server on the same database, as after a restart. */
async function startService(): Promise<void> {
  bus = new Bus((error) => errors.push(error));
  service = new WebhookService({
    stores: {
      webhooks: new WebhookStore(db),
      deliveries: new WebhookDeliveryStore(db),
      notices: new WebhookNoticeStore(db),
    },
    send: webhookSender({ ...usualSendLimits, allowPrivate: true, totalMs: 5_000 }),
    allowPrivate: true,
    sealer: sealing,
    events: { add: async (event) => void said.push(event) },
    ...{ bus, clock, random: new SeededRandom(7), onError: (error) => errors.push(error) },
  });
  await service.start();
  await service.settled();
}

beforeEach(async () => {
  db = await openStore(':memory:');
  sealing = SealingKeys.open(join(folder, 'secrets.key'), systemRandom);
  clock = new FakeClock();
  said = [];
  errors = [];
  receiver = await WebhookReceiver.start();
  await startService();
});
afterEach(async () => {
  await service.stop();
  await db.destroy();
  await receiver.stop();
  expect(errors).toEqual([]);
});

const make = async (input: Partial<WebhookInput> = {}) =>
  await service.create(
    { name: 'desk', url: receiver.url, events: everything, active: true, ...input },
    'staff:Ada Admin',
  );
const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: object });
const states = async (id: string) => (await service.deliveries(id, {})).items.map(({ state }) => state);
const only = async (id: string) => {
  const [delivery] = (await service.deliveries(id, {})).items;
  if (!delivery) throw new Error('there is no delivery');
  return delivery;
};

async function verdict(subjectId: string, state: string, at = clock.now(), kind = 'device'): Promise<void> {
  await db
    .updateTable('verdict')
    .set({ to_at: at })
    .where('subject_id', '=', subjectId)
    .where('to_at', 'is', null)
    .execute();
  const rest = { custody_id: null, until_at: null, org_id: '' };
  const row = { subject_kind: kind, subject_id: subjectId, state, reasons: '[]', from_at: at, to_at: null, ...rest };
  await db.insertInto('verdict').values(row).execute();
}

async function heard(): Promise<void> {
  bus.publish('verdict-changed', { deviceIds: [], personIds: [] });
  await service.settled();
}

describe('what is noticed', () => {
  it('is told in the form that is documented, without a name of a person', async () => {
    const { webhook } = await make();
    await verdict('d1', 'compliant', clock.now() - hour);
    await verdict('d1', 'noncompliant');
    await verdict('p1', 'silent', clock.now(), 'person');
    await verdict('d2', 'silent');
    const finding = { detail: 'browser: home page', closed_at: null, opened_at: clock.now() };
    await db
      .insertInto('finding')
      .values({ device_id: 'd1', code: 'tamper', ...finding })
      .execute();
    await db
      .insertInto('finding')
      .values({ device_id: 'd1', code: 'vpn', ...finding })
      .execute();
    const request = { reported_id: 'r', person_id: 'p1', org_id: null, rule: null, words: 'Ann asks', outcome: '' };
    const asked = { ...request, asked_at: clock.now(), due_at: clock.now() + hour, state: 'open' };
    const open = { decided_at: null, decided_by: null, override_id: null, category: 'games' };
    await db
      .insertInto('unblock_request')
      .values({ id: 'u1', device_id: 'd1', name: 'game.example', ...asked, ...open })
      .execute();
    await heard();
    expect(bodies().map(({ type }) => type)).toEqual(['verdict-changed', 'device-silent', 'tamper', 'unblock-request']);
    for (const body of bodies())
      expect(validator(webhookPayloads[body.type as keyof typeof webhookPayloads]).problems(body)).toEqual([]);
    const since = new Date(clock.now()).toISOString();
    expect(bodies()[0]?.data).toEqual({
      verdicts: [
        { subject: { kind: 'device', id: 'd1' }, state: 'noncompliant', before: 'compliant', since },
        { subject: { kind: 'person', id: 'p1' }, state: 'silent', before: null, since },
        { subject: { kind: 'device', id: 'd2' }, state: 'silent', before: null, since },
      ],
    });
    expect(bodies()[3]?.data).toMatchObject({
      requestId: 'u1',
      deviceId: 'd1',
      name: 'game.example',
      category: 'games',
    });
    expect(JSON.stringify(bodies())).not.toMatch(/Ann|words/);
    expect(await states(webhook.id)).toEqual(Array(4).fill('delivered'));
  });

  it('of a halted rollout says which and why', async () => {
    await make({ events: ['rollout-halted'] });
    const items = '[]';
    const begun = {
      since: 0,
      reason: null,
      started_at: 0,
      ended_at: null,
      by_actor: 'server',
      change_id: null,
      returned: 0,
      ring_sizes: '[]',
    };
    await db
      .insertInto('rollout')
      .values({ id: 'ro1', kind: 'policy', title: 'T', items, plan: '{}', state: 'halted', ring: 1, ...begun })
      .execute();
    const decision = { rollout_id: 'ro1', at: clock.now(), by_actor: 'server', ring: 1, evidence: '{}' };
    await db
      .insertInto('rollout_decision')
      .values([
        { ...decision, from_state: 'draft', to_state: 'running', words: 'began' },
        { ...decision, from_state: 'running', to_state: 'halted', words: 'Sections fail on 9 of 40.' },
      ])
      .execute();
    bus.publish('rollout-halted', { rolloutId: 'ro1' });
    await service.settled();
    expect(bodies()).toMatchObject([
      { type: 'rollout-halted', data: { rolloutId: 'ro1', ring: 1, words: 'Sections fail on 9 of 40.' } },
    ]);
  });

  it('goes to those who asked for it, and a verdict that is the same as before is none', async () => {
    await make({ events: ['device-silent'] });
    await verdict('d1', 'compliant', clock.now() - hour);
    await verdict('d1', 'compliant');
    await heard();
    expect(receiver.received).toEqual([]);
    await verdict('d1', 'silent');
    await heard();
    expect(bodies().map(({ type }) => type)).toEqual(['device-silent']);
  });

  it('before there was a webhook is not told later', async () => {
    await verdict('d1', 'noncompliant');
    await heard();
    await make();
    await heard();
    expect(receiver.received).toEqual([]);
  });

  it('comes in deliveries of at most a hundred verdicts', async () => {
    await make({ events: ['verdict-changed'] });
    for (let index = 0; index < 250; index++) await verdict(`d${index}`, 'compliant');
    await heard();
    expect(bodies().map(({ data }) => (data as { verdicts: object[] }).verdicts.length)).toEqual([100, 100, 50]);
  });

  it('while the server was away is told when it is back', async () => {
    await make({ events: ['verdict-changed'] });
    await verdict('d1', 'noncompliant');
    await service.stop();
    await startService();
    expect(bodies()).toHaveLength(1);
  });
});

describe('a delivery', () => {
  it('is signed, so that the receiver knows who sent it, and not before', async () => {
    const { webhook, secret } = await make();
    await service.test(webhook.id);
    await service.settled();
    const [first] = receiver.received;
    if (!first) throw new Error('nothing came');
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(fits(first, secret)).toEqual([true]);
    expect(fits({ ...first, body: first.body.replace('test', 'evil') }, secret)).toEqual([false]);
    expect(fits(first, `whsec_${Buffer.alloc(32).toString('base64')}`)).toEqual([false]);
    expect(first.headers['webhook-id']).toMatch(/^msg_[\w-]{36}$/);
    expect(Number(first.headers['webhook-timestamp'])).toBe(Math.floor(clock.now() / 1000));
  });

  it('signs the same after the sealing key was replaced, and its secret stands nowhere in the database', async () => {
    const { webhook, secret } = await make();
    const keyBefore = sealing.seal('', 'nothing').split(':')[2];
    const secrets = new Secrets({
      keys: sealing,
      places: [new WebhookStore(db)],
      events: { add: async () => undefined },
    });
    expect(await secrets.rotate('command line')).toEqual({ resealed: 1 });
    const row = await new WebhookStore(db).find(webhook.id);
    expect(row.secret.split(':')[2]).not.toBe(keyBefore);
    expect(JSON.stringify(row)).not.toContain(secret.slice(6));
    await service.test(webhook.id);
    await service.settled();
    expect(receiver.received.map((one) => fits(one, secret))).toEqual([[true]]);
  });

  it('is sealed at the next start when an earlier version left it open', async () => {
    const { webhook, secret } = await make();
    const store = new WebhookStore(db);
    await store.update(webhook.id, { secret });
    await new Secrets({ keys: sealing, places: [store], events: { add: async () => undefined } }).start();
    expect((await store.find(webhook.id)).secret).not.toContain(secret.slice(6));
    await service.test(webhook.id);
    await service.settled();
    expect(receiver.received.map((one) => fits(one, secret))).toEqual([[true]]);
  });

  it('is signed by both secrets for a day after a change, then by the new one', async () => {
    const { webhook, secret } = await make();
    const { secret: next } = await service.rotateSecret(webhook.id, 'staff:Ada Admin');
    await service.test(webhook.id);
    await service.settled();
    expect(receiver.received.map((one) => [fits(one, secret), fits(one, next)])).toEqual([
      [
        [false, true],
        [true, false],
      ],
    ]);
    clock.advance(day + 1);
    await service.test(webhook.id);
    await service.settled();
    expect(receiver.received.map((one) => fits(one, next)).at(-1)).toEqual([true]);
  });

  it('that fails comes again with the same id until it is taken', async () => {
    receiver.reactions = [500, 503, 204];
    const { webhook } = await make();
    await service.test(webhook.id);
    await service.settled();
    expect(await only(webhook.id)).toMatchObject({
      state: 'waiting',
      attempts: 1,
      lastProblem: 'It answered with status 500.',
    });
    for (let passed = 0; passed < 200 && (await states(webhook.id))[0] === 'waiting'; passed++) {
      clock.advance(5_000);
      await service.settled();
    }
    expect(await only(webhook.id)).toMatchObject({
      state: 'delivered',
      attempts: 3,
      lastStatus: 204,
      lastProblem: null,
    });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
  });

  it('that nobody takes for a day is given up, shown, and can be sent again', async () => {
    receiver.reactions = [500];
    const { webhook } = await make();
    await service.test(webhook.id);
    for (let passed = 0; passed < 26 * 12 && (await states(webhook.id))[0] !== 'dead'; passed++) {
      await service.settled();
      clock.advance(5 * 60_000);
    }
    await service.settled();
    const dead = await only(webhook.id);
    expect(dead).toMatchObject({ state: 'dead', nextAt: null, lastStatus: 500 });
    expect(Date.parse(dead.lastAt ?? '') - Date.parse(dead.at)).toBeGreaterThanOrEqual(day);
    expect(dead.attempts).toBeGreaterThan(6);
    expect(dead.attempts).toBeLessThan(40);
    expect((await service.read(webhook.id)).dead).toBe(1);
    receiver.reactions = [200];
    expect(await service.redeliver(dead.id)).toMatchObject({ state: 'waiting', attempts: 0 });
    await service.settled();
    expect(await only(webhook.id)).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('lets others pass while it waits, and those come in order', async () => {
    receiver.reactions = [500, 204];
    const { webhook } = await make();
    await service.test(webhook.id);
    await service.settled();
    await service.test(webhook.id);
    await service.settled();
    await service.test(webhook.id);
    await service.settled();
    const numbered = (await service.deliveries(webhook.id, {})).items.toReversed();
    expect(numbered.map(({ state }) => state)).toEqual(['waiting', 'delivered', 'delivered']);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(numbered.map(({ id }) => id));
  });

  it('does not wait for a time that only a wrong clock knew', async () => {
    const years = 5 * 365 * day;
    clock.jump(years);
    const { webhook } = await make();
    receiver.reactions = [503, 204, 204];
    await verdict('d1', 'noncompliant');
    await heard();
    expect(await states(webhook.id)).toEqual(['waiting']);
    clock.jump(-years);
    await verdict('d2', 'noncompliant');
    await heard();
    expect(await states(webhook.id)).toEqual(['delivered', 'delivered']);
  });

  it('survives a restart', async () => {
    receiver.reactions = [500, 204];
    const { webhook } = await make();
    await service.test(webhook.id);
    await service.settled();
    await service.stop();
    clock.advance(day);
    await startService();
    expect(await only(webhook.id)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('that a stop interrupts is made again', async () => {
    receiver.reactions = ['hang', 204];
    const { webhook } = await make();
    await service.test(webhook.id);
    await expect.poll(() => receiver.received.length).toBe(1);
    await service.stop();
    await startService();
    expect(await only(webhook.id)).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(receiver.received).toHaveLength(2);
  });

  it.each([
    ['sends on to elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 302, /not followed/],
    ['is not found', 404, 404, /status 404/],
  ] as const)('to what %s fails', async (_, reaction, status, words) => {
    receiver.reactions = [reaction];
    const { webhook } = await make();
    await service.test(webhook.id);
    await service.settled();
    expect(await only(webhook.id)).toMatchObject({
      state: 'waiting',
      lastStatus: status,
      lastProblem: expect.stringMatching(words),
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('is taken although the answer never ends', async () => {
    receiver.reactions = [{ status: 200, body: 'x'.repeat(5_000_000) }];
    const { webhook } = await make();
    await service.test(webhook.id);
    await service.settled();
    expect(await only(webhook.id)).toMatchObject({ state: 'delivered' });
  });
});

describe('a webhook', () => {
  it('that fails for three days is turned off, which is said, and goes on when it is turned on', async () => {
    receiver.reactions = [500];
    const { webhook } = await make();
    for (let passed = 0; passed < 74; passed++) {
      if ((await service.read(webhook.id)).active) await service.test(webhook.id);
      await service.settled();
      clock.advance(hour);
    }
    expect(await service.read(webhook.id)).toMatchObject({
      active: false,
      problem: expect.stringMatching(/three days.*status 500/),
    });
    expect(said.filter(({ code }) => code === 'webhook-turned-off')).toMatchObject([
      { actor: 'server', subject: { kind: 'webhook', id: webhook.id } },
    ]);
    await expect(service.test(webhook.id)).rejects.toMatchObject({ code: 'conflict' });
    receiver.reactions = [204];
    const { name, url, events } = webhook;
    expect(await service.save(webhook.id, { name, url, events, active: true }, 'a')).toMatchObject({ problem: null });
    await service.settled();
    expect((await service.read(webhook.id)).waiting).toBe(0);
  });

  it('whose receiver says that it is gone is turned off at once', async () => {
    receiver.reactions = [410];
    const { webhook } = await make();
    await service.test(webhook.id);
    await service.settled();
    expect(await service.read(webhook.id)).toMatchObject({ active: false, problem: expect.stringMatching(/gone/) });
  });

  it('is not fallen upon with all that waits while it is down', async () => {
    receiver.reactions = [500];
    await make({ events: ['device-silent'] });
    const rest = { state: 'silent', reasons: '[]', to_at: null, custody_id: null, until_at: null, org_id: '' };
    const rows = Array.from({ length: 300 }, (_, index) => ({
      subject_kind: 'device',
      subject_id: `d${index}`,
      ...rest,
    }));
    await db
      .insertInto('verdict')
      .values(rows.map((row) => ({ ...row, from_at: clock.now() })))
      .execute();
    await heard();
    expect(receiver.received.length).toBe(1);
    clock.advance(60_000);
    await service.settled();
    expect(receiver.received.length).toBeLessThan(30);
  });

  it('that is deleted takes its deliveries along', async () => {
    const { webhook } = await make();
    await service.test(webhook.id);
    await service.settled();
    await service.delete(webhook.id, 'staff:Ada Admin');
    await expect(service.read(webhook.id)).rejects.toMatchObject({ code: 'not-found' });
    expect(await db.selectFrom('webhook_delivery').selectAll().execute()).toEqual([]);
  });
});
