import { expect, it } from 'vitest';
import { WelcomeRate } from '../../../../server/gateway/welcome-rate.ts';
import { FakeClock } from '../../../fakes/clock.ts';

function after(welcomes: readonly { perSecond: number; seconds: number }[]): WelcomeRate {
  const clock = new FakeClock();
  const rate = new WelcomeRate(clock);
  for (const { perSecond, seconds } of welcomes)
    for (let n = 0; n < perSecond * seconds; n++) {
      clock.advance(1_000 / perSecond);
      rate.note();
    }
  return rate;
}

it.each([
  ['a new server assumes a modest pace', [], 100, 500],
  ['a busy morning counts, with room to spare', [{ perSecond: 1_000, seconds: 20 }], 25, 125],
  [
    'a quiet day after it takes nothing away',
    [
      { perSecond: 1_000, seconds: 20 },
      { perSecond: 1, seconds: 60 },
    ],
    25,
    125,
  ],
  ['who came one by one says nothing of what is possible', [{ perSecond: 2, seconds: 60 }], 100, 500],
])('%s', (_words, welcomes, of20k, of100k) => {
  const rate = after(welcomes);
  expect([rate.spreadOf(0), rate.spreadOf(20_000), rate.spreadOf(100_000)]).toEqual([0, of20k, of100k]);
});

it('the time a restart takes comes before the time their return takes, and nobody is no return', () => {
  const rate = after([]);
  expect([rate.spreadOf(20_000, 4.2), rate.spreadOf(1, 4.2), rate.spreadOf(0, 4.2)]).toEqual([105, 5, 0]);
});

it('nobody is asked to wait longer than an hour', () => {
  expect(after([]).spreadOf(10_000_000)).toBe(3_600);
});
