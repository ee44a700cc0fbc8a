import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../../../agent/filter/limits.ts';
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
