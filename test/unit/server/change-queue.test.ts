import { describe, expect, it } from 'vitest';
import { ChangeQueue } from '../../../server/change-queue.ts';
import { FakeClock } from '../../fakes/clock.ts';

function open(gapMs: number | ((tookMs: number) => number) = 0) {
  const clock = new FakeClock();
  const batches: (readonly string[] | 'all')[] = [];
  const errors: unknown[] = [];
  const state = { fail: false, gate: Promise.resolve() };
  const work = async (ids: readonly string[] | 'all') => {
    batches.push(ids);
    await state.gate;
    if (state.fail) throw new Error('no');
  };
  const queue = new ChangeQueue({ work, clock, onError: (error) => errors.push(error), gapMs });
  return { clock, batches, errors, state, queue };
}

describe('a queue of changes', () => {
  it('hands on at once, together, what changes in one go', async () => {
    const { queue, batches } = open();
    queue.add(['a']);
    queue.add(['b', 'a']);
    await queue.settled();
    expect(batches).toEqual([['a', 'b']]);
  });

  it('gathers what changes while a batch is at work', async () => {
    const { queue, batches, state } = open();
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    queue.add(['a']);
    await new Promise((resolve) => setTimeout(resolve, 1));
    for (let i = 0; i < 5; i++) queue.add(['b', 'a']);
    gate.resolve();
    await queue.settled();
    expect(batches).toEqual([['a'], ['b', 'a']]);
  });

  it('lets all swallow single ids', async () => {
    const { queue, batches } = open();
    queue.add(['a']);
    queue.add('all');
    await queue.settled();
    expect(batches).toEqual(['all']);
  });

  it('keeps the gap between batches, unless somebody waits for it to settle', async () => {
    const { queue, batches, clock } = open(1000);
    queue.add(['a']);
    await queue.settled();
    queue.add(['b']);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(batches).toEqual([['a']]);
    clock.advance(1000);
    await queue.settled();
    queue.add(['c']);
    await queue.settled();
    expect(batches).toEqual([['a'], ['b'], ['c']]);
    expect(clock.pending).toBe(0);
  });

  it('waits the longer the longer the last batch took, where it is told to', async () => {
    const { queue, batches, clock, state } = open((tookMs) => tookMs * 3);
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    queue.add(['a']);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(100);
    gate.resolve();
    await queue.settled();
    queue.add(['b']);
    clock.advance(199);
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches).toEqual([['a']]);
    clock.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches).toEqual([['a'], ['b']]);
  });

  it('lets everybody who waits wait for what came before, also while a batch is at work', async () => {
    const { queue, state } = open();
    let done = false;
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    queue.add(['a']);
    const waiting = [queue.settled(), queue.settled(), queue.settled()].map((settled) => settled.then(() => done));
    await new Promise((resolve) => setTimeout(resolve, 1));
    queue.add(['b']);
    const second = Promise.withResolvers<void>();
    state.gate = second.promise;
    gate.resolve();
    await new Promise((resolve) => setTimeout(resolve, 1));
    done = true;
    second.resolve();
    expect(await Promise.all(waiting)).toEqual([true, true, true]);
  });

  it('tries a batch that failed again, together with what came meanwhile', async () => {
    const { queue, batches, errors, state, clock } = open();
    state.fail = true;
    queue.add(['a']);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(errors).toHaveLength(1);
    queue.add(['b']);
    state.fail = false;
    clock.advance(5_000);
    await queue.settled();
    expect(batches.slice(1)).toEqual([['a', 'b']]);
  });

  it('settles although the work goes on failing', async () => {
    const { queue, errors, state } = open();
    state.fail = true;
    queue.add('all');
    await queue.settled();
    expect(errors.length).toBeGreaterThan(0);
    await queue.stop();
  });

  it('begins nothing after it was stopped', async () => {
    const { queue, batches, clock } = open(1000);
    queue.add(['a']);
    await queue.settled();
    queue.add(['b']);
    await queue.stop();
    queue.add(['c']);
    clock.advance(10_000);
    expect(batches).toEqual([['a']]);
    expect(clock.pending).toBe(0);
  });
});
