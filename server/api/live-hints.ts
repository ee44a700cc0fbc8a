import type { LiveTopic } from '../../shared/api/live.ts';
import type { Clock } from '../../shared/clock.ts';

/** Something that consoles show may have changed; without `id`, any of its topic. */
export interface Hint {
  topic: LiveTopic;
  id?: string;
}

const gapMs = 500;
/** Each hint makes every console load what it shows: while a whole fleet comes or goes that must not be all the server does. */
const crowdedGapMs = 5_000;
/** More than these of one topic are one hint of the topic. */
const idsLimit = 50;

/** Of each of these, up to one more than are told apart. */
export function hintsOf(topic: LiveTopic, ids: readonly string[]): Hint[] {
  return ids.slice(0, idsLimit + 1).map((id) => ({ topic, id }));
}

/** Hints for consoles: the first at once, those that follow together. */
export class LiveHints {
  readonly #clock: Clock;
  readonly #tell: (hint: Hint) => void;
  readonly #waiting = new Map<string, Hint>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, tell: (hint: Hint) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(hints: readonly Hint[]): void {
    for (const hint of hints) this.#waiting.set(`${hint.topic} ${hint.id ?? ''}`, hint);
    if (!this.#cancel) this.#flush();
  }

  /** What waits is dropped. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting.clear();
  }

  #flush(): void {
    const topics = Map.groupBy(this.#waiting.values(), ({ topic }) => topic);
    this.#waiting.clear();
    const isCrowded = topics.values().some((hints) => hints.length > idsLimit);
    this.#cancel = this.#clock.after(isCrowded ? crowdedGapMs : gapMs, () => this.#goOn());
    for (const [topic, hints] of topics)
      for (const hint of hints.length > idsLimit ? [{ topic }] : hints) this.#tell(hint);
  }

  #goOn(): void {
    this.#cancel = undefined;
    if (this.#waiting.size > 0) this.#flush();
  }
}
