import { describe, expect, it } from 'vitest';
import { inTurns, type Probed, summaryOf, timed } from '../../../../agent/capabilities/webFilter/probing.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const probed = (name: string, outcome: Probed['result']['outcome'], ms: number): Probed => {
  return {
    item: `category ${name}`,
    name: `${name}.test`,
    result: { outcome, seen: outcome === 'blocked' ? '0.0.0.0' : '192.0.2.7' },
    isBlocked: outcome === 'blocked',
    ms,
  };
};

describe('the summary of probes', () => {
  it.each([
    [
      'all blocked',
      [probed('a', 'blocked', 2), probed('b', 'blocked', 3)],
      '2 of 2 names blocked, no leaks, median under 10 ms',
      true,
    ],
    [
      'slow',
      [probed('a', 'blocked', 2), probed('b', 'blocked', 30), probed('c', 'blocked', 900)],
      '3 of 3 names blocked, no leaks, median under 50 ms',
      true,
    ],
    [
      'slower than any step',
      [probed('a', 'blocked', 4000)],
      '1 of 1 names blocked, no leaks, median of 1000 ms or more',
      true,
    ],
    [
      'a leak',
      [probed('a', 'blocked', 2), probed('b', 'answered', 3)],
      '1 of 2 names blocked, 1 leak: category b (b.test: 192.0.2.7), median under 10 ms',
      false,
    ],
    [
      'no answer is no leak, and no block',
      [probed('a', 'silent', 1500)],
      '0 of 1 names blocked, no leaks, median of 1000 ms or more',
      false,
    ],
  ])('%s', (_words, probes, seen, ok) => {
    const expected = `${probes.length} of ${probes.length} names blocked, no leaks`;
    expect(summaryOf('blocking', probes)).toEqual([{ item: 'blocking', expected, seen, ok }]);
  });

  it('is none when nothing has to be blocked', () => {
    expect(summaryOf('blocking', [])).toEqual([]);
  });

  it('stays within what a report may hold, however much leaks', () => {
    const probes = Array.from({ length: 100 }, (_, index) => probed(`category-${index}`, 'answered', 1));
    expect(summaryOf('blocking', probes)[0]?.seen.length).toBe(500);
  });
});

describe('working in turns', () => {
  it('does no more at once than told, and gives results in order', async () => {
    let [now, most] = [0, 0];
    const results = await inTurns([5, 1, 4, 2, 3, 0], 2, async (item) => {
      now += 1;
      most = Math.max(most, now);
      for (let i = 0; i < item; i += 1) await Promise.resolve();
      now -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30, 0]);
    expect(most).toBe(2);
  });

  it('does nothing with nothing', async () => {
    expect(await inTurns([], 4, async () => 1)).toEqual([]);
  });
});

it('takes the time of a probe', async () => {
  const clock = new FakeClock();
  const result = { outcome: 'blocked', seen: '0.0.0.0' } as const;
  const asked = timed(clock, async () => {
    clock.advance(25);
    return result;
  });
  expect(await asked).toEqual({ result, ms: 25 });
});
