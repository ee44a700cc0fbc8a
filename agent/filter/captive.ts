import type { Clock } from '../../shared/clock.ts';
import { rewriteLifetimes } from './cache.ts';
import { isUnhelpful, type Question, type Upstream, type Waiter } from './upstream/upstream.ts';

/** How long the upstream may be silent before the network's own servers are asked as well: systems wait a few seconds. */
const patienceMs = 1000;
/** Seconds an answer may be kept: once a person has signed in, the next one is another. */
const keptSeconds = 5;

/**
 * Asks for the hosts of captive-portal checks: the upstream, and when that fails or is silent for a second, the servers
 * of the network, which is where a portal answers while it lets nothing else through. Owns neither.
 */
export class CaptiveUpstream implements Upstream {
  readonly words: string;
  readonly #upstream: Upstream;
  readonly #network: Upstream | undefined;
  readonly #clock: Clock;

  constructor(upstream: Upstream, network: Upstream | undefined, clock: Clock) {
    this.#upstream = upstream;
    this.#network = network;
    this.#clock = clock;
    this.words = upstream.words;
  }

  ask(question: Question, waiter: Waiter): void {
    const shortLived: Waiter = {
      answered: (answer) => {
        rewriteLifetimes(answer, question.end, (ttl) => Math.min(ttl, keptSeconds));
        waiter.answered(answer);
      },
      failed: (error) => waiter.failed(error),
    };
    if (this.#network) new Inquiry(question, shortLived, this.#upstream, this.#network, this.#clock).start();
    else this.#upstream.ask(question, shortLived);
  }

  close(): void {
    // Its upstreams belong to others.
  }
}

/** One question to two upstreams, the second later: the first good answer is taken. */
class Inquiry {
  readonly #question: Question;
  readonly #waiter: Waiter;
  readonly #first: Upstream;
  readonly #second: Upstream;
  readonly #clock: Clock;
  #cancel: () => void = () => undefined;
  #underWay = 0;
  #askedSecond = false;
  #ended = false;
  /** Tells the waiter what was had instead of a good answer. */
  #giveUp: () => void = () => undefined;

  constructor(question: Question, waiter: Waiter, first: Upstream, second: Upstream, clock: Clock) {
    this.#question = question;
    this.#waiter = waiter;
    this.#first = first;
    this.#second = second;
    this.#clock = clock;
  }

  start(): void {
    this.#cancel = this.#clock.after(patienceMs, () => this.#askSecond());
    this.#ask(this.#first, this.#question);
  }

  #ask(upstream: Upstream, question: Question): void {
    this.#underWay += 1;
    upstream.ask(question, {
      answered: (answer) => {
        if (isUnhelpful(answer)) this.#ends(() => this.#waiter.answered(answer));
        else this.#end(() => this.#waiter.answered(answer));
      },
      failed: (error) => this.#ends(() => this.#waiter.failed(error)),
    });
  }

  /** With a packet of its own: each upstream writes its id there. */
  #askSecond(): void {
    if (this.#askedSecond || this.#ended) return;
    this.#askedSecond = true;
    this.#ask(this.#second, { ...this.#question, packet: Buffer.from(this.#question.packet) });
  }

  /** One of the two has nothing good. */
  #ends(giveUp: () => void): void {
    this.#underWay -= 1;
    this.#giveUp = giveUp;
    this.#askSecond();
    if (this.#underWay === 0) this.#end(this.#giveUp);
  }

  #end(tell: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancel();
    tell();
  }
}
