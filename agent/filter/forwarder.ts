import type { Clock } from '../../shared/clock.ts';
import { AnswerCache } from './cache.ts';
import { type Question, type Upstream, UpstreamError } from './upstream/upstream.ts';

/** What the last queries told about the upstream. */
export interface UpstreamState {
  /** Undefined until something was asked. */
  reachable: boolean | undefined;
  /** Which servers, and the last failure, in words. */
  words: string;
}

const mostUnderWay = 1000;
const cacheBytes = 1_048_576;

/** Passes queries to the upstream: from memory when it was just asked, once when several ask the same, and not too many. */
export class Forwarder {
  readonly #cache: AnswerCache;
  readonly #underWay = new Map<string, Promise<Buffer>>();
  #upstream: Upstream;
  #failure: string | undefined;
  #reachable: boolean | undefined;

  constructor(upstream: Upstream, clock: Clock) {
    this.#upstream = upstream;
    this.#cache = new AnswerCache(clock, cacheBytes);
  }

  get state(): UpstreamState {
    const failure = this.#reachable === false ? ` (${this.#failure})` : '';
    return { reachable: this.#reachable, words: `${this.#upstream.words}${failure}` };
  }

  /** Changes the upstream; the earlier one closes when its queries have ended. */
  use(upstream: Upstream): void {
    if (upstream === this.#upstream) return;
    this.#upstream.close();
    this.#upstream = upstream;
    this.#reachable = undefined;
    this.#cache.clear();
    this.#underWay.clear();
  }

  close(): void {
    this.#upstream.close();
    this.#cache.clear();
  }

  /** The answer with the query's own id; a buffer of the caller's own. Rejects with `UpstreamError`. */
  async ask(question: Question): Promise<Buffer> {
    const key = AnswerCache.key(question.packet);
    const known = this.#cache.get(key, question.packet);
    if (known) return known;
    const sameKey = question.stream ? `tcp ${key}` : key;
    const same = this.#underWay.get(sameKey);
    if (same !== undefined) return withIdOf(Buffer.from(await same), question);
    if (this.#underWay.size >= mostUnderWay) throw new UpstreamError('busy', 'too many queries under way');
    const asked = this.#askUpstream(question);
    this.#underWay.set(sameKey, asked);
    try {
      const answer = await asked;
      this.#cache.put(key, answer, question.end);
      return answer;
    } finally {
      if (this.#underWay.get(sameKey) === asked) this.#underWay.delete(sameKey);
    }
  }

  async #askUpstream(question: Question): Promise<Buffer> {
    const upstream = this.#upstream;
    try {
      const answer = await upstream.ask(question);
      if (upstream === this.#upstream) this.#reachable = true;
      return answer;
    } catch (error) {
      if (upstream === this.#upstream) {
        this.#reachable = false;
        this.#failure = error instanceof Error ? error.message : String(error);
      }
      throw error;
    }
  }
}

function withIdOf(answer: Buffer, question: Question): Buffer {
  question.packet.copy(answer, 0, 0, 2);
  return answer;
}
