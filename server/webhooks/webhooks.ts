import type { Query } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { DeliveryView, WebhookInput, WebhookView } from '../../shared/api/schemas.ts';
import type { WebhookEvent } from '../../shared/api/webhook-events.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import type { Actor, Changed, EventLog, LifeCycle, Page } from '../services.ts';
import type { Sealer } from '../store/sealed.ts';
import type { DeliveryRow, WebhookDeliveryStore } from '../store/webhook-deliveries.ts';
import type { NewDelivery, Noticed, WebhookNoticeStore } from '../store/webhook-notices.ts';
import { aboutWebhook, type WebhookListing, type WebhookRow, type WebhookStore } from '../store/webhooks.ts';
import { Dispatcher } from './dispatcher.ts';
import { payloadsOf } from './payloads.ts';
import { type Send, type Sent, webhookAddress } from './send.ts';
import { secretOf } from './signature.ts';

export interface WebhookParts {
  stores: { webhooks: WebhookStore; deliveries: WebhookDeliveryStore; notices: WebhookNoticeStore };
  send: Send;
  sealer: Sealer;
  /** Addresses of the own network, and plain HTTP, are allowed. */
  allowPrivate: boolean;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

const dayMs = 86_400_000;
const keyBytes = 32;
const oldSecretMs = dayMs;
/** After so long without a single success a webhook is turned off. */
const failingMs = 3 * dayMs;
const gone = 410;
/** What happens within this time is noticed together. */
const gatherMs = 1_000;

/**
 * Webhooks: what the server notices goes into a queue in the database, and from there to the receivers. Nothing waits for
 * them: reports and verdicts are written before this looks.
 */
export class WebhookService implements LifeCycle {
  readonly #parts: WebhookParts;
  readonly #dispatcher: Dispatcher;
  readonly #noticing: ChangeQueue;
  readonly #unsubscribe: (() => void)[] = [];

  constructor(parts: WebhookParts) {
    this.#parts = parts;
    const { stores, clock, random, onError, send, sealer } = parts;
    this.#noticing = new ChangeQueue({ work: () => this.#notice(), clock, onError, gapMs: gatherMs });
    this.#dispatcher = new Dispatcher({
      ...{ webhooks: stores.webhooks, deliveries: stores.deliveries, send, sealer, clock, random, onError },
      onTried: (webhook, sent) => this.#tried(webhook, sent),
    });
  }

  /** Tells what happened while the server was away, and goes on with what waits. */
  async start(): Promise<void> {
    const { bus } = this.#parts;
    const look = () => this.#noticing.add('all');
    this.#unsubscribe.push(
      bus.subscribe('verdict-changed', look),
      bus.subscribe('rollout-halted', look),
      bus.subscribe('audit-head-made', look),
      bus.subscribe('reported', ({ byKind }) => {
        if (byKind.finding ?? byKind['unblock-request']) look();
      }),
    );
    await this.#notice();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    await this.#noticing.stop();
    await this.#dispatcher.stop();
  }

  /** Resolves when all that happened is queued, and all that is due was tried. */
  async settled(): Promise<void> {
    await this.#noticing.settled();
    await this.#dispatcher.settled();
  }

  async list(): Promise<{ items: WebhookView[] }> {
    return { items: (await this.#parts.stores.webhooks.list()).map((row) => this.#view(row)) };
  }

  async read(id: string): Promise<WebhookView> {
    return this.#view(await this.#parts.stores.webhooks.find(id));
  }

  /** `bad-webhook` when nothing could be sent there. */
  async create(input: WebhookInput, actor: Actor): Promise<{ webhook: WebhookView; secret: string }> {
    const { stores, clock, random } = this.#parts;
    const { id, secret } = { id: random.uuid(), secret: this.#newSecret() };
    const columns = this.#columns(input);
    await this.#skipUnlessActive();
    await stores.webhooks.insert({
      ...{ id, secret: this.#sealed(id, secret), ...columns, created_at: clock.now(), created_by: actor },
      ...{ old_secret: null, old_secret_until: null },
    });
    await this.#tell('webhook-made', id, 'A webhook was made.', actor, { before: {}, after: input });
    return { webhook: await this.read(id), secret };
  }

  async save(id: string, input: WebhookInput, actor: Actor): Promise<WebhookView> {
    const { webhooks } = this.#parts.stores;
    const before = await webhooks.find(id);
    const columns = this.#columns(input);
    await this.#skipUnlessActive();
    await webhooks.update(id, columns);
    await this.#tell('webhook-saved', id, `A webhook was saved${input.active ? '' : ', and is off'}.`, actor, {
      ...{ before: { ...inputOf(before) }, after: input },
    });
    this.#dispatcher.wakeNow(id);
    return await this.read(id);
  }

  async delete(id: string, actor: Actor): Promise<void> {
    await this.#parts.stores.webhooks.delete(id);
    await this.#tell('webhook-deleted', id, 'A webhook was deleted with its deliveries.', actor);
  }

  async rotateSecret(id: string, actor: Actor): Promise<{ secret: string; oldSecretUntil: string }> {
    const { stores, clock } = this.#parts;
    const before = await stores.webhooks.find(id);
    const [secret, until] = [this.#newSecret(), clock.now() + oldSecretMs];
    const sealed = { secret: this.#sealed(id, secret), old_secret: before.secret };
    await stores.webhooks.update(id, { ...sealed, old_secret_until: until });
    await this.#tell('webhook-secret-rotated', id, 'A webhook got another secret.', actor);
    return { secret, oldSecretUntil: new Date(until).toISOString() };
  }

  /** `conflict` while the webhook is off. */
  async test(id: string): Promise<DeliveryView> {
    const { stores, clock } = this.#parts;
    await this.#demandActive(id);
    const timestamp = new Date(clock.now()).toISOString();
    const body = { type: 'test', timestamp, data: { words: 'A test event, sent by hand.' } };
    const delivery = this.#delivery(id, 'test', JSON.stringify(body));
    await stores.deliveries.queue([delivery], clock.now());
    return await this.#queued(delivery.id);
  }

  async deliveries(id: string, query: Query<Routes['listDeliveries']>): Promise<Page<DeliveryView>> {
    const { webhooks, deliveries } = this.#parts.stores;
    await webhooks.find(id);
    const page = await deliveries.page(id, query);
    return { ...page, items: page.items.map(deliveryView) };
  }

  /** The same delivery with the same id, whatever became of it before. */
  async redeliver(id: string): Promise<DeliveryView> {
    const { stores, clock } = this.#parts;
    const delivery = await stores.deliveries.find(id);
    if (!delivery) throw new CodedError('not-found', 'There is no such delivery.');
    await this.#demandActive(delivery.webhook_id);
    const now = clock.now();
    await stores.deliveries.note(id, { state: 'waiting', attempts: 0, next_at: now, queued_at: now });
    return await this.#queued(id);
  }

  async #notice(): Promise<void> {
    const { stores, clock } = this.#parts;
    const webhooks = await stores.webhooks.active();
    if (webhooks.length === 0) return;
    for (let isMore = true; isMore; )
      isMore = await stores.notices.tell((noticed) => this.#deliveriesFor(webhooks, noticed), clock.now());
    for (const { id } of webhooks) {
      await stores.deliveries.prune(id, clock.now());
      this.#dispatcher.wake(id);
    }
  }

  #deliveriesFor(webhooks: readonly WebhookRow[], noticed: Noticed): NewDelivery[] {
    return payloadsOf(noticed, this.#parts.clock.now()).flatMap((payload) => {
      const body = JSON.stringify(payload);
      const wanting = webhooks.filter(({ events }) => eventsOf(events).includes(payload.type as never));
      return wanting.map(({ id }) => this.#delivery(id, payload.type, body));
    });
  }

  #delivery(webhookId: string, event: WebhookEvent, body: string): NewDelivery {
    return { id: `msg_${this.#parts.random.uuid()}`, webhookId, event, body };
  }

  async #queued(id: string): Promise<DeliveryView> {
    const delivery = await this.#parts.stores.deliveries.find(id);
    if (!delivery) throw new CodedError('not-found', 'There is no such delivery.');
    this.#parts.bus.publish('webhooks-changed', {});
    this.#dispatcher.wakeNow(delivery.webhook_id);
    return deliveryView(delivery);
  }

  /** What happened while nobody listened is not told later. */
  async #skipUnlessActive(): Promise<void> {
    const { webhooks, notices } = this.#parts.stores;
    if ((await webhooks.active()).length === 0) await notices.skip();
  }

  async #demandActive(id: string): Promise<void> {
    const { active } = await this.#parts.stores.webhooks.find(id);
    if (active === 0) throw new CodedError('conflict', 'The webhook is off. Turn it on first.');
  }

  async #tried(webhook: WebhookRow, { status, problem }: Sent): Promise<void> {
    const { stores, clock, bus } = this.#parts;
    const now = clock.now();
    const since = problem === null ? null : (webhook.failing_since ?? now);
    if (since !== webhook.failing_since) await stores.webhooks.update(webhook.id, { failing_since: since });
    if (status === gone) await this.#turnOff(webhook.id, 'The receiver says that it is gone (status 410).');
    else if (since !== null && now - since >= failingMs)
      await this.#turnOff(webhook.id, `Nothing could be delivered for three days. ${problem ?? ''}`.trim());
    bus.publish('webhooks-changed', {});
  }

  async #turnOff(id: string, problem: string): Promise<void> {
    await this.#parts.stores.webhooks.update(id, { active: 0, problem });
    await this.#tell('webhook-turned-off', id, `A webhook was turned off. ${problem}`, 'server');
  }

  #newSecret(): string {
    return secretOf(this.#parts.random.bytes(keyBytes));
  }

  #sealed(id: string, secret: string): string {
    return this.#parts.sealer.seal(secret, aboutWebhook(id));
  }

  #columns({ name, url, events, active }: WebhookInput) {
    const plain = plainText(name, '');
    if (plain === '') throw new CodedError('bad-request', 'Give a name.');
    const address = webhookAddress(url, this.#parts).href;
    const listed = JSON.stringify(events);
    return { name: plain, url: address, events: listed, active: active ? 1 : 0, failing_since: null, problem: null };
  }

  async #tell(code: string, id: string, words: string, actor: Actor, changed: Changed = {}): Promise<void> {
    await this.#parts.events.add({ actor, code, words, ...changed, subject: { kind: 'webhook', id } });
    this.#parts.bus.publish('webhooks-changed', {});
  }

  #view(row: WebhookListing): WebhookView {
    const isOld = (row.old_secret_until ?? 0) > this.#parts.clock.now();
    return {
      id: row.id,
      name: row.name,
      url: row.url,
      events: eventsOf(row.events),
      active: row.active === 1,
      createdAt: new Date(row.created_at).toISOString(),
      createdBy: row.created_by,
      problem: row.problem,
      waiting: row.waiting,
      dead: row.dead,
      deliveredAt: isoOrNull(row.delivered_at),
      oldSecretUntil: isOld ? isoOrNull(row.old_secret_until) : null,
    };
  }
}

/** As it was given. */
function inputOf({ name, url, events, active }: WebhookRow): WebhookInput {
  return { name, url, events: eventsOf(events), active: active === 1 };
}

function eventsOf(events: string): WebhookInput['events'] {
  return JSON.parse(events) as WebhookInput['events'];
}

function deliveryView(row: DeliveryRow): DeliveryView {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    event: row.event as DeliveryView['event'],
    at: new Date(row.at).toISOString(),
    state: row.state as DeliveryView['state'],
    attempts: row.attempts,
    nextAt: isoOrNull(row.next_at),
    lastAt: isoOrNull(row.last_at),
    lastStatus: row.last_status,
    lastProblem: row.last_problem,
    body: row.body,
  };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
