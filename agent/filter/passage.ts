import type { Decision } from '../../shared/filter/decision.ts';
import type { Asker } from './forwarder.ts';
import type { Client } from './listener.ts';
import { type Query, udpLimit } from './wire/query.ts';
import { type Reply, writeReply } from './wire/reply.ts';

const streamLimit = 65_535;

/** What becomes of a passage when its answer has come, or has not. */
export interface Passages {
  answered(passage: Passage, answer: Buffer, stale: boolean): void;
  failed(passage: Passage, error: unknown): void;
}

/** One query on its way from a client through the resolver: what was asked, by whom, and what is to be done with the answer. */
export class Passage implements Asker {
  readonly packet: Buffer;
  readonly query: Query;
  readonly client: Client;
  readonly #passages: Passages;
  /** Why it passed. */
  asked: Decision | undefined;

  constructor(packet: Buffer, query: Query, client: Client, passages: Passages) {
    this.packet = packet;
    this.query = query;
    this.client = client;
    this.#passages = passages;
  }

  get id(): number {
    return this.query.id;
  }

  get end(): number {
    return this.query.end;
  }

  get stream(): boolean {
    return this.client.stream;
  }

  get limit(): number {
    return this.stream ? streamLimit : udpLimit(this.query);
  }

  reply(reply: Reply): void {
    this.client.reply(writeReply(this.packet, this.query, reply, this.limit));
  }

  /** A bug here costs one answer, too: it is called from the sockets of the upstream. */
  answered(answer: Buffer, stale: boolean): void {
    try {
      this.#passages.answered(this, answer, stale);
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error: unknown): void {
    this.#passages.failed(this, error);
  }
}
