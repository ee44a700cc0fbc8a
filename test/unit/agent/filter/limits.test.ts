import { describe, expect, it } from 'vitest';
import { RateLimit, SurgeWatch } from '../../../../agent/filter/limits.ts';
import { FakeClock } from '../../../fakes/clock.ts';

describe('the limit of a rate', () => {
  const taken = (limit: RateLimit, tries: number) =>
    Array.from({ length: tries }, () => limit.take()).filter(Boolean).length;

  it('lets a burst through, then refuses', () => {
    const limit = new RateLimit(new FakeClock(), { perSecond: 10, burst: 25 });
    expect(taken(limit, 100)).toBe(25);
  });
  it('lets the rate through afterwards', () => {
    const clock = new FakeClock();
    const limit = new RateLimit(clock, { perSecond: 10, burst: 25 });
    taken(limit, 100);
    clock.advance(500);
    expect(taken(limit, 100)).toBe(5);
    clock.advance(99);
    expect(limit.take()).toBe(false);
    clock.advance(1);
    expect(limit.take()).toBe(true);
  });
  it('saves up no more than a burst', () => {
    const clock = new FakeClock();
    const limit = new RateLimit(clock, { perSecond: 10, burst: 25 });
    taken(limit, 25);
    clock.advance(3_600_000);
    expect(taken(limit, 100)).toBe(25);
  });
  it('never refuses when there is no limit', () => {
    const limit = new RateLimit(new FakeClock(), { perSecond: Infinity, burst: Infinity });
    expect(taken(limit, 10_000)).toBe(10_000);
  });
});

describe('the watch for a surge', () => {
  function watched() {
    const clock = new FakeClock();
    let told = 0;
    const watch = new SurgeWatch(clock, () => told++);
    const queries = (count: number, inMs: number) => {
      clock.advance(inMs);
      for (let i = 0; i < count; i++) watch.note();
    };
    return { queries, told: () => told };
  }

  it('tells of a thousand queries within a second', () => {
    const { queries, told } = watched();
    queries(999, 999);
    expect(told()).toBe(0);
    queries(1, 0);
    expect(told()).toBe(1);
  });
  it('tells once, however long it lasts', () => {
    const { queries, told } = watched();
    queries(50_000, 10);
    queries(50_000, 3_600_000);
    queries(50_000, 10);
    expect(told()).toBe(1);
  });
  it('says nothing of what people ask for, however long', () => {
    const { queries, told } = watched();
    for (let second = 0; second < 3600; second++) queries(200, 1000);
    expect(told()).toBe(0);
  });
  it('counts anew after a calm thousand', () => {
    const { queries, told } = watched();
    queries(1000, 60_000);
    expect(told()).toBe(0);
    queries(1000, 500);
    expect(told()).toBe(1);
  });
});
