import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentSession } from '../../../../server/gateway/agent-session.ts';
import { VerdictFeed } from '../../../../server/gateway/verdict-feed.ts';
import { decode } from '../../../../shared/protocol/codec.ts';
import type { VerdictMessage } from '../../../../shared/protocol/messages.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const verdict = (change: Partial<VerdictMessage> = {}): VerdictMessage => ({
  at: 1_000,
  state: 'compliant',
  checks: [],
  step: 'none',
  obligations: [],
  ...change,
});

/** A session that keeps frames until it is told to read. */
class SlowSession {
  readonly isLive = true;
  readonly deviceId: string;
  readonly got: VerdictMessage[] = [];
  isReading = true;
  #waiting: (() => void)[] = [];

  constructor(deviceId: string) {
    this.deviceId = deviceId;
  }

  sendFrame(frame: string | Buffer): Promise<void> {
    const decoded = decode(Buffer.from(frame), 'server');
    if (!decoded.ok || decoded.message.type !== 'verdict') throw new Error('no verdict');
    this.got.push(decoded.message.body);
    return this.isReading ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  read(): void {
    this.isReading = true;
    for (const done of this.#waiting.splice(0)) done();
  }
}

let clock: FakeClock;
let sessions: Map<string, SlowSession>;
let known: Map<string, VerdictMessage>;
let asked: (readonly string[])[];
let errors: unknown[];
let failure: Error | undefined;
let feed: VerdictFeed;

beforeEach(() => {
  clock = new FakeClock();
  sessions = new Map(['a', 'b'].map((id) => [id, new SlowSession(id)]));
  known = new Map([
    ['a', verdict()],
    ['b', verdict()],
  ]);
  asked = [];
  errors = [];
  failure = undefined;
  feed = new VerdictFeed({
    sessions: {
      live: (id) => sessions.get(id) as unknown as AgentSession | undefined,
      liveIds: () => [...sessions.keys()],
    },
    verdicts: {
      of: async (ids) => {
        asked.push(ids);
        if (failure) throw failure;
        return new Map([...known].filter(([id]) => ids.includes(id)));
      },
      devicesOf: async () => ['b', 'gone'],
    },
    clock,
    onError: (error) => errors.push(error),
  });
});

/** Timers and what they set going. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
const got = (id: string) => sessions.get(id)?.got ?? [];

describe('the feed of verdicts', () => {
  it('tells a connected device once, and asks nothing for one that is not connected', async () => {
    feed.look(['a', 'gone']);
    await pass(0);
    expect(asked).toEqual([['a']]);
    expect(got('a')).toEqual([verdict()]);
    feed.look(['gone']);
    await pass(5_000);
    expect(asked).toHaveLength(1);
  });

  it('does not say again what has only been judged again', async () => {
    feed.look(['a']);
    await pass(0);
    known.set('a', verdict({ at: 9_000 }));
    feed.look(['a']);
    await pass(2_000);
    expect(got('a')).toHaveLength(1);
    known.set('a', verdict({ at: 9_000, step: 'warn' }));
    feed.look(['a']);
    await pass(2_000);
    expect(got('a').map(({ step }) => step)).toEqual(['none', 'warn']);
  });

  it('tells a device at most once a second, and then the latest', async () => {
    feed.look(['a']);
    await pass(0);
    for (const seen of ['1', '2', '3']) {
      known.set('a', verdict({ contact: seen }));
      feed.look(['a']);
      await pass(100);
    }
    expect(got('a')).toHaveLength(1);
    await pass(1_000);
    expect(got('a').map(({ contact }) => contact)).toEqual([undefined, '3']);
  });

  it('keeps one verdict waiting for a device that does not read, and gives it the latest afterwards', async () => {
    const slow = sessions.get('a');
    if (slow) slow.isReading = false;
    for (const contact of ['1', '2', '3']) {
      known.set('a', verdict({ contact }));
      feed.look(['a']);
      await pass(1_100);
    }
    expect(got('a')).toHaveLength(1);
    slow?.read();
    await pass(1_100);
    await pass(1_100);
    expect(got('a').map(({ contact }) => contact)).toEqual(['1', '3']);
  });

  it('tells a new session of the device anew', async () => {
    feed.look(['a']);
    await pass(0);
    sessions.set('a', new SlowSession('a'));
    feed.look(['a']);
    await pass(1_100);
    expect(got('a')).toEqual([verdict()]);
  });

  it('judges many in groups', async () => {
    const ids = Array.from({ length: 251 }, (_, index) => `d${index}`);
    for (const id of ids) {
      sessions.set(id, new SlowSession(id));
      known.set(id, verdict());
    }
    feed.look(ids);
    await pass(0);
    expect(asked.map(({ length }) => length)).toEqual([100, 100, 51]);
    expect(ids.every((id) => got(id).length === 1)).toBe(true);
  });

  it('finds the devices of people whose obligations changed', async () => {
    await feed.lookAtPeople(['p']);
    await pass(0);
    expect(got('b')).toHaveLength(1);
    expect(got('a')).toEqual([]);
  });

  it('tries again after the store failed', async () => {
    failure = new Error('the disk is full');
    feed.look(['a']);
    await pass(0);
    expect(errors).toEqual([failure]);
    failure = undefined;
    await pass(6_000);
    expect(got('a')).toHaveLength(1);
  });
});
