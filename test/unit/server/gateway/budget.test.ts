import { expect, it } from 'vitest';
import { Budget, Budgets } from '../../../../server/gateway/budget.ts';
import { FrameCache } from '../../../../server/gateway/frame-cache.ts';
import { FakeClock } from '../../../fakes/clock.ts';

it('a budget allows its burst, then its rate, and never saves more than the burst', () => {
  const clock = new FakeClock();
  const budget = new Budget(clock, { burst: 3, perSecond: 2 });
  expect([budget.take(2), budget.take(2), budget.take(1), budget.take(1)]).toEqual([true, false, true, false]);
  clock.jump(500);
  expect([budget.take(1), budget.take(1)]).toEqual([true, false]);
  clock.jump(3_600_000);
  expect([budget.take(3), budget.take(1)]).toEqual([true, false]);
});

it('budgets of different keys do not touch', () => {
  const budgets = new Budgets(new FakeClock(), { burst: 1, perSecond: 0 });
  expect([budgets.take('a', 1), budgets.take('a', 1), budgets.take('b', 1)]).toEqual([true, false, true]);
});

it('budgets that were not asked of for long are forgotten, and no others', () => {
  const budgets = new Budgets(new FakeClock(), { burst: 1, perSecond: 0 }, 2);
  const take = (...keys: string[]) => keys.map((key) => budgets.take(key, 1));
  expect(take('busy', 'b', 'c', 'busy', 'd')).toEqual([true, true, true, false, true]);
  expect(take('busy', 'c', 'd', 'busy')).toEqual([false, false, false, false]);
  expect(take('b')).toEqual([true]);
});

it('the frame cache forgets what was used longest ago, and stays within its bytes', () => {
  const cache = new FrameCache(10);
  cache.set('a', Buffer.alloc(4));
  cache.set('b', Buffer.alloc(4));
  cache.get('a');
  cache.set('c', Buffer.alloc(4));
  expect(['a', 'b', 'c'].map((hash) => cache.get(hash) !== undefined)).toEqual([true, false, true]);
  cache.set('huge', Buffer.alloc(11));
  expect(['a', 'c', 'huge'].map((hash) => cache.get(hash))).toEqual([undefined, undefined, undefined]);
});
