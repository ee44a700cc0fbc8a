import type { Clock, Random } from '../../shared/clock.ts';
import { Deadlines } from '../deadlines.ts';
import type { Sealer } from '../store/sealed.ts';
import type { DeliveryOutcome, DeliveryRow, WebhookDeliveryStore } from '../store/webhook-deliveries.ts';
import { aboutWebhook, type WebhookRow, type WebhookStore } from '../store/webhooks.ts';
import { dueAt, pauseAfter, restAfter, triedForMs } from './back-off.ts';
import type { Send, Sent } from './send.ts';
import { signatures } from './signature.ts';

export interface DispatcherParts {
  webhooks: WebhookStore;
  deliveries: WebhookDeliveryStore;
  send: Send;
  sealer: Pick<Sealer, 'open'>;
  clock: Clock;
  random: Random;
  /** After each try: `sent` is what came of it. */
  onTried: (webhook: WebhookRow, sent: Sent) => Promise<void>;
  onError: (error: unknown) => void;
}

const again = { afterErrorMs: 30_000 };

/**
 * Sends what waits: of each webhook one delivery after the other, oldest first; one that failed comes again after a pause
 * and lets the others pass. All waiting is one timer. At least once: a try that a stop interrupts is made again.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #moments: Deadlines;
  /** The webhooks that are being sent to, and whether to look at them once more. */
  readonly #atWork = new Map<string, { done: Promise<void>; again: boolean }>();
  /** Failures in a row, and until when the webhook rests. */
  readonly #rests = new Map<string, { failures: number; until: number }>();
  readonly #gone = new AbortController();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#moments = new Deadlines(parts.clock, (ids) => {
      for (const id of ids) this.wake(id);
    });
  }

  /** Looks at a webhook for what is due. */
  wake(id: string): void {
    const running = this.#atWork.get(id);
    if (running) running.again = true;
    if (running || this.#gone.signal.aborted) return;
    const turn = { done: Promise.resolve(), again: false };
    this.#atWork.set(id, turn);
    turn.done = this.#work(id).then(() => {
      this.#atWork.delete(id);
      if (turn.again) this.wake(id);
    });
  }

  /** A person asks for it: what was failing is tried without a rest. */
  wakeNow(id: string): void {
    this.#rests.delete(id);
    this.wake(id);
  }

  async stop(): Promise<void> {
    this.#gone.abort();
    this.#moments.disarm();
    await Promise.all([...this.#atWork.values()].map(({ done }) => done));
    this.#moments.disarm();
  }

  /** Resolves when nothing that is due now is left. */
  async settled(): Promise<void> {
    while (this.#atWork.size > 0) await Promise.all([...this.#atWork.values()].map(({ done }) => done));
  }

  async #work(id: string): Promise<void> {
    try {
      while (await this.#next(id));
    } catch (error) {
      this.#parts.onError(error);
      this.#expect(id, this.#parts.clock.now() + again.afterErrorMs);
    }
  }

  /** False when nothing is due. */
  async #next(id: string): Promise<boolean> {
    const { webhooks, deliveries, clock } = this.#parts;
    const webhook = (await webhooks.active()).find((each) => each.id === id);
    const delivery = webhook && (await deliveries.next(id));
    if (!webhook || !delivery || this.#gone.signal.aborted) return false;
    const now = clock.now();
    const due = dueAt({ pause: delivery.next_at ?? 0, rest: this.#rests.get(id)?.until ?? 0 }, now);
    if (due > now) {
      this.#expect(id, due);
      return false;
    }
    await this.#try(webhook, delivery);
    return true;
  }

  #expect(id: string, at: number): void {
    if (this.#gone.signal.aborted) return;
    this.#moments.set(id, at);
    this.#moments.arm();
  }

  async #try(webhook: WebhookRow, delivery: DeliveryRow): Promise<void> {
    const { send, deliveries, onTried, clock } = this.#parts;
    const headers = headersOf(delivery, this.#secretsOf(webhook), clock.now());
    const sent = await send(webhook.url, headers, delivery.body, this.#gone.signal);
    if (this.#gone.signal.aborted) return;
    await deliveries.note(delivery.id, this.#outcome(delivery, sent));
    this.#rest(webhook.id, sent);
    await onTried(webhook, sent);
  }

  /** The one in use first, then the one before for as long as it counts. */
  #secretsOf({ id, secret, old_secret, old_secret_until }: WebhookRow): string[] {
    const { sealer, clock } = this.#parts;
    const old = (old_secret_until ?? 0) > clock.now() ? old_secret : null;
    return [secret, ...(old === null ? [] : [old])].map((sealed) => sealer.open(sealed, aboutWebhook(id)));
  }

  #rest(id: string, { problem }: Sent): void {
    const failures = problem === null ? 0 : (this.#rests.get(id)?.failures ?? 0) + 1;
    const until = this.#parts.clock.now() + restAfter(failures, this.#parts.random);
    if (failures === 0) this.#rests.delete(id);
    else this.#rests.set(id, { failures, until });
  }

  #outcome(delivery: DeliveryRow, { status, problem }: Sent): DeliveryOutcome {
    const now = this.#parts.clock.now();
    const attempts = delivery.attempts + 1;
    const tried = { attempts, last_at: now, last_status: status, last_problem: problem };
    if (problem === null) return { ...tried, state: 'delivered', next_at: null };
    const until = delivery.queued_at + triedForMs;
    if (now >= until) return { ...tried, state: 'dead', next_at: null };
    return { ...tried, state: 'waiting', next_at: Math.min(until, now + pauseAfter(attempts, this.#parts.random)) };
  }
}

/** https://github.com/standard-webhooks/standard-webhooks: the time is that of the try, the id that of the delivery. */
function headersOf({ id, body }: DeliveryRow, secrets: string[], now: number): Record<string, string> {
  const seconds = Math.floor(now / 1000);
  return {
    'content-type': 'application/json',
    'user-agent': 'Rollcall',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures({ id, seconds, body }, secrets),
  };
}
