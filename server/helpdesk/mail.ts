import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Bus } from '../bus.ts';
import type { Metrics } from '../metrics.ts';
import type { EventLog, HelpdeskMail, LifeCycle } from '../services.ts';
import type { MailOutboxStore, MailRow } from '../store/mail-outbox.ts';
import type { MailOutcome, SendMail } from './mail-transport.ts';
import type { DistrictHelpdeskSettings, MailAccount } from './settings.ts';
import { senderOf } from './settings-problems.ts';

export interface MailParts {
  store: MailOutboxStore;
  settings: DistrictHelpdeskSettings;
  send: SendMail;
  district: string;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  metrics: Pick<Metrics, 'mails'>;
  onError: (error: unknown) => void;
}

const minuteMs = 60_000;
/** After the first failure, the second …; the last repeats. */
const waits = [1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * minuteMs);
/** What was not taken for so long is of no use any more. */
const givenUpAfterMs = 3 * 86_400_000;
const subject = 'A message from the helpdesk';

/**
 * Sends what is queued, one message after the other, beside everything else: nobody waits for a mail server. A message it
 * refuses is given up at once; any other trouble holds all of them back for a while.
 */
export class MailService implements HelpdeskMail, LifeCycle {
  readonly #parts: MailParts;
  #unsubscribe: (() => void)[] = [];
  #cancelTimer: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #isStopped = true;
  #isWokenAgain = false;
  /** Failures in a row, whatever message met them. */
  #failures = 0;
  #heldUntil = 0;

  constructor(parts: MailParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { bus, settings } = this.#parts;
    this.#isStopped = false;
    const retry = () => {
      this.#heldUntil = 0;
      this.#wake();
    };
    this.#unsubscribe = [bus.subscribe('tickets-changed', () => this.#wake()), settings.onSaved(retry)];
    this.#wake();
    await Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#cancelTimer();
    await this.#running;
  }

  /** Resolves when nothing can be sent at the moment. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async test(recipient: string): Promise<void> {
    const { settings, send, district, random } = this.#parts;
    const account = await settings.mailAccount();
    if (!account) throw new CodedError('no-mail');
    const domain = senderOf(account.from)?.address.split('@')[1] ?? district;
    const body = `This is a test of the helpdesk of ${district}. Mail works.\n`;
    const ids = { message_id: `${random.uuid()}@${domain}`, thread_id: null };
    const outcome = await send({ ...ids, recipient, subject, body }, account);
    if (outcome.kind !== 'sent') throw new CodedError('mail-refused', undefined, [outcome.problem]);
  }

  #wake(): void {
    if (this.#running !== undefined) this.#isWokenAgain = true;
    if (this.#isStopped || this.#running !== undefined) return;
    this.#cancelTimer();
    this.#isWokenAgain = false;
    this.#running = this.#round()
      .catch((error: unknown) => {
        this.#parts.onError(error);
        this.#hold();
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#isWokenAgain) this.#wake();
      });
  }

  /** Until nothing is due; then a timer for what comes next. */
  async #round(): Promise<void> {
    const { store, settings, clock } = this.#parts;
    const account = await settings.mailAccount();
    while (account && !this.#isStopped) {
      const mail = await store.next();
      if (!mail) return;
      const at = Math.max(mail.next_at ?? 0, this.#heldUntil);
      if (at > clock.now()) return this.#later(at - clock.now());
      await this.#try(mail, account);
    }
  }

  async #try(mail: MailRow, account: MailAccount): Promise<void> {
    const { send, clock, metrics } = this.#parts;
    const outcome = await send(mail, account);
    metrics.mails.inc({ outcome: outcome.kind });
    const isTooOld = clock.now() - mail.queued_at > givenUpAfterMs;
    if (outcome.kind === 'sent') await this.#sent(mail);
    else if (outcome.kind === 'refused' || isTooOld) await this.#giveUp(mail, outcome.problem);
    else await this.#tryLater(mail, outcome);
  }

  async #sent(mail: MailRow): Promise<void> {
    const { store, clock } = this.#parts;
    await store.sent(mail.number, clock.now());
    this.#changed(mail);
    const failures = this.#failures;
    this.#failures = 0;
    this.#heldUntil = 0;
    if (failures > 0) await this.#tell('mail-works', 'The mail server takes messages again.');
  }

  async #giveUp(mail: MailRow, problem: string): Promise<void> {
    const { store, clock } = this.#parts;
    await store.givenUp(mail.number, clock.now(), problem);
    this.#changed(mail);
    await this.#tell('mail-failed', `A message about a ticket could not be delivered: ${problem}`, mail);
  }

  /** Where no message is taken they wait together and keep their order. */
  async #tryLater(mail: MailRow, { kind, problem }: Exclude<MailOutcome, { kind: 'sent' }>): Promise<void> {
    const { store, clock } = this.#parts;
    const at = kind === 'delayed' ? clock.now() + this.#waitAfter(mail.attempts) : (mail.next_at ?? clock.now());
    await store.tryAgain(mail.number, mail.attempts + 1, at, problem);
    if (kind === 'delayed') return;
    this.#hold();
    if (this.#failures === 1) await this.#tell('mail-trouble', `The mail server takes no messages: ${problem}`);
  }

  /** All wait: what one message meets, the next would meet too. */
  #hold(): void {
    const wait = this.#waitAfter(this.#failures);
    this.#failures += 1;
    this.#heldUntil = this.#parts.clock.now() + wait;
    this.#later(wait);
  }

  #waitAfter(failures: number): number {
    const longest = waits[Math.min(failures, waits.length - 1)] ?? minuteMs;
    return Math.round(longest * (1 + this.#parts.random.unit() / 10));
  }

  #changed({ ticket_id: id }: MailRow): void {
    if (id !== null) this.#parts.bus.publish('tickets-changed', { ticketIds: [id] });
  }

  #later(ms: number): void {
    this.#cancelTimer();
    if (!this.#isStopped) this.#cancelTimer = this.#parts.clock.after(Math.min(ms, 86_400_000), () => this.#wake());
  }

  async #tell(code: string, words: string, mail?: MailRow): Promise<void> {
    const id = mail?.ticket_id ?? undefined;
    const about = id === undefined ? {} : { subject: { kind: 'ticket' as const, id }, ticketId: id };
    await this.#parts.events.add({ actor: 'server', code, words, ...about });
  }
}
