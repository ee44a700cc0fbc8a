import { describe, expect, it, vi } from 'vitest';
import type { AgentSession } from '../../../../server/gateway/agent-session.ts';
import { DesiredFeed } from '../../../../server/gateway/desired-feed.ts';
import type { GivenState } from '../../../../server/services.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const manifest = JSON.stringify({ format: 1, audience: 'a'.repeat(64), generation: 7, issuedAt: 7, sections: {} });
const state: GivenState = { generation: 7, signed: { manifest, signature: 'A'.repeat(86), keyId: 'k' } };

function sessionOf(deviceId: string) {
  const frames: Buffer[] = [];
  const none = new Set<string>();
  const sendFrame = async (frame: Buffer) => void frames.push(frame);
  const session = { deviceId, isLive: true, held: { generation: 0, sections: {} }, allowed: [none, none], sendFrame };
  return { frames, session: session as unknown as AgentSession };
}

/** `damaged` devices make every question in which they are fail. */
function openFeed(...damaged: string[]) {
  const asked: string[][] = [];
  const failed = vi.fn<(about: { deviceId: string }) => void>();
  const forDevices = async (held: ReadonlyMap<string, number>) => {
    asked.push([...held.keys()]);
    if (damaged.some((id) => held.has(id))) throw new Error('the row is damaged');
    return new Map([...held.keys()].map((id) => [id, state]));
  };
  const feed = new DesiredFeed({
    desired: { forDevices, forDevice: () => Promise.reject(new Error('one by one')), section: async () => undefined },
    stateKeys: { version: 0, statementsAfter: () => [] },
    metrics: { statesSent: { inc: () => undefined } } as never,
    clock: new FakeClock(),
    log: { error: failed as never },
  });
  return { feed, asked, failed };
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
});
