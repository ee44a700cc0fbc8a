import { describe, expect, it, vi } from 'vitest';
import type { AgentSession } from '../../../../server/gateway/agent-session.ts';
import { DesiredFeed } from '../../../../server/gateway/desired-feed.ts';
import type { GivenState } from '../../../../server/services.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const hash = 'b'.repeat(64);
const sections = { browser: hash };
const manifest = JSON.stringify({ format: 1, audience: 'a'.repeat(64), generation: 7, issuedAt: 7, sections });
const state: GivenState = { generation: 7, signed: { manifest, signature: 'A'.repeat(86), keyId: 'k' } };

function sessionOf(deviceId: string) {
  const frames: Buffer[] = [];
  const none = new Set<string>();
  const post = (frame: Buffer) => void frames.push(frame);
  const session = { deviceId, isLive: true, held: { generation: 0, sections: {} }, allowed: [none, none], post };
  return { frames, session: session as unknown as AgentSession };
}

/** So many, and what all of them hear, in order. */
function fleetOf(size: number) {
  const heard: string[] = [];
  const sessions = Array.from({ length: size }, (_, index) => {
    const { session } = sessionOf(`d${index}`);
    const post = (frame: Buffer) => void heard.push((JSON.parse(String(frame)) as { type: string }).type);
    return Object.assign(session, { post, sendFrame: async (frame: Buffer) => post(frame), maySend: () => true });
  });
  /** Each kind with how often it came in a row. */
  const runs = () => {
    const found: [string, number][] = [];
    for (const type of heard) {
      const last = found.at(-1);
      if (last?.[0] === type) last[1] += 1;
      else found.push([type, 1]);
    }
    return found;
  };
  return { heard, sessions, runs };
}

/** `damaged` devices make every question in which they are fail. */
function openFeed(...damaged: string[]) {
  const asked: string[][] = [];
  const section = vi.fn(async (_hash: string) => '{}');
  const failed = vi.fn<(about: { deviceId: string }) => void>();
  const onAllGiven = vi.fn();
  const clock = new FakeClock();
  const during: { onGroup: (groups: number) => unknown } = { onGroup: () => undefined };
  const forDevices = async (held: ReadonlyMap<string, number>) => {
    asked.push([...held.keys()]);
    during.onGroup(asked.length);
    if (damaged.some((id) => held.has(id))) throw new Error('the row is damaged');
    return new Map([...held.keys()].map((id) => [id, state]));
  };
  const feed = new DesiredFeed({
    desired: { forDevices, forDevice: () => Promise.reject(new Error('one by one')), section },
    stateKeys: { version: 0, statementsAfter: () => [] },
    onAllGiven,
    metrics: { statesSent: { inc: () => undefined } } as never,
    clock,
    log: { error: failed as never },
  });
  return { feed, asked, section, failed, clock, during, onAllGiven };
}

describe('the desired feed', () => {
  it('asks once for all that wait, and gives them one buffer', async () => {
    const { feed, asked } = openFeed();
    const all = Array.from({ length: 300 }, (_, i) => sessionOf(`d${i}`));
    for (const { session } of all) feed.enqueue(session);
    await vi.waitFor(() => expect(all.every(({ frames }) => frames.length === 1)).toBe(true), 30_000);
    expect(new Set(all.map(({ frames }) => frames[0])).size).toBe(1);
    expect(asked.flat()).toEqual(all.map(({ session }) => session.deviceId));
    expect(asked.length).toBeLessThan(3);
  });

  it('lets a device whose state cannot be read hold up no other', async () => {
    const { feed, failed } = openFeed('b');
    const all = ['a', 'b', 'c'].map(sessionOf);
    for (const { session } of all) feed.enqueue(session);
    await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce(), 30_000);
    await vi.waitFor(() => expect(all.map(({ frames }) => frames.length)).toEqual([1, 0, 1]), 30_000);
    expect(failed.mock.calls[0]?.[0].deviceId).toBe('b');
  });

  it('gives the states of all before the sections that the first of them ask for', async () => {
    const { feed, during } = openFeed();
    const { heard, sessions, runs } = fleetOf(1_201);
    const [first] = sessions;
    during.onGroup = (groups) => {
      if (first && groups === 2) void feed.sections(first, [hash], 'a1');
    };
    for (const session of sessions) feed.enqueue(session);
    await vi.waitFor(() => expect(heard).toHaveLength(1_202), 30_000);
    expect(runs()).toEqual([
      ['desired', 1_201],
      ['section', 1],
    ]);
  });

  it('gives the next states although those who have theirs go on asking in the same look at the sockets', async () => {
    const { feed, during, clock } = openFeed();
    const { heard, sessions } = fleetOf(1_201);
    const look = async () => {
      for (const session of sessions.slice(0, 400)) {
        void feed.sections(session, [hash], 'a1');
        heard.push('want');
        clock.advance(1);
        await Promise.resolve();
      }
    };
    during.onGroup = (groups) => {
      clock.advance(60);
      if (groups === 2) setImmediate(() => void look());
    };
    for (const session of sessions) feed.enqueue(session);
    await vi.waitFor(() => expect(heard).toHaveLength(2_001), 30_000);
    expect(heard.lastIndexOf('desired')).toBeLessThan(heard.lastIndexOf('want'));
    expect(heard.indexOf('section')).toBeGreaterThan(heard.lastIndexOf('desired'));
  });

  it('says once when all who waited were given their states', async () => {
    const { feed, onAllGiven } = openFeed();
    const { heard, sessions } = fleetOf(1_201);
    onAllGiven.mockImplementation(() => heard.push('all'));
    for (const session of sessions) feed.enqueue(session);
    await vi.waitFor(() => expect(heard).toHaveLength(1_202), 30_000);
    expect(heard.indexOf('all')).toBe(1_201);
  });

  it('lets nobody wait for a section longer than some seconds, however many states are to be given', async () => {
    const { feed, during, clock } = openFeed();
    const { heard, sessions, runs } = fleetOf(1_201);
    const [first] = sessions;
    during.onGroup = (groups) => {
      if (first && groups === 2) void feed.sections(first, [hash], 'a1');
      if (groups === 3) clock.advance(6_000);
    };
    for (const session of sessions) feed.enqueue(session);
    await vi.waitFor(() => expect(heard).toHaveLength(1_202), 30_000);
    expect(runs()).toEqual([
      ['desired', 1_001],
      ['section', 1],
      ['desired', 200],
    ]);
  });

  it('reads a section once for all who wait for it, and sends it to nobody who has gone', async () => {
    const { feed, section, during } = openFeed();
    const { heard, sessions } = fleetOf(901);
    const ask = () => {
      for (const session of sessions) void feed.sections(session, [hash], 'a1');
      Object.assign(sessions[0] ?? {}, { isLive: false });
    };
    during.onGroup = (groups) => groups === 2 && ask();
    for (const session of sessions) feed.enqueue(session);
    await vi.waitFor(() => expect(heard).toHaveLength(901 + 900), 30_000);
    expect(section).toHaveBeenCalledOnce();
  });

  it('answers at once when no state waits', async () => {
    const { feed } = openFeed();
    const { sessions, runs } = fleetOf(1);
    const [only] = sessions;
    if (only) {
      feed.enqueue(only);
      await vi.waitFor(() => expect(runs()).toEqual([['desired', 1]]), 30_000);
      await feed.sections(only, [hash], 'a1');
    }
    expect(runs()).toEqual([
      ['desired', 1],
      ['section', 1],
    ]);
  });

  it('looks at the sockets after each slice of time, not only when everything was given', async () => {
    const { feed, during, clock } = openFeed();
    const { heard, sessions, runs } = fleetOf(1_201);
    during.onGroup = () => {
      clock.advance(30);
      setImmediate(() => heard.push('socket'));
    };
    for (const session of sessions) feed.enqueue(session);
    await vi.waitFor(() => expect(heard).toHaveLength(1_205), 30_000);
    expect(runs()).toEqual([
      ['desired', 501],
      ['socket', 2],
      ['desired', 700],
      ['socket', 2],
    ]);
  });
});
