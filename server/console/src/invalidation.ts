import type { QueryClient } from '@tanstack/react-query';
import type { LiveTopic } from '../../../shared/api/live.ts';

const gatherMs = 400;

/** Topics of which each one is read by itself. */
const byIdTopics: ReadonlySet<LiveTopic> = new Set(['device', 'profile', 'ticket']);

/**
 * Makes what the console shows stale when the server says it changed. Notices of a moment are gathered, so that a
 * thousand changing devices cost each page one request.
 */
export class Invalidation {
  readonly #client: QueryClient;
  readonly #keys = new Map<string, readonly string[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  changed(topic: LiveTopic, id: string | undefined): void {
    const byId = id !== undefined && byIdTopics.has(topic);
    const key = byId ? [topic, id] : [topic];
    this.#keys.set(key.join('/'), key);
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  everything(): void {
    void this.#client.invalidateQueries();
  }

  #flush(): void {
    this.#timer = undefined;
    const keys = [...this.#keys.values()];
    this.#keys.clear();
    for (const queryKey of keys) void this.#client.invalidateQueries({ queryKey });
  }
}
