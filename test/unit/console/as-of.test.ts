import { describe, expect, test } from 'vitest';
import {
  daysBetween,
  instantBefore,
  momentWords,
  pastInstant,
  sliderScale,
  spanReaching,
  spanStart,
} from '../../../server/console/src/as-of.ts';

const dayMs = 86_400_000;
/** In whatever zone this runs: what people choose is in their own. */
const local = (year: number, month: number, day: number, hour = 0, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).getTime();
const now = local(2026, 11, 22, 14, 30);

describe('the moment of an address', () => {
  test.each([
    ['2026-10-03T14:00:00Z', '2026-10-03T14:00:00.000Z'],
    ['2026-10-03T14:00:00+02:00', '2026-10-03T12:00:00.000Z'],
    ['2126-10-03T14:00:00Z', undefined],
    ['yesterday', undefined],
    ['2026-10-03', undefined],
    ['2026-99-99T14:00:00Z', undefined],
    ['<script>', undefined],
    [17, undefined],
    [undefined, undefined],
  ])('“%s” is %s', (value, instant) => {
    expect(pastInstant(value, now)).toBe(instant);
  });

  test('is said with its weekday, day and time', () => {
    expect(momentWords(local(2026, 10, 3, 14))).toBe('Sat 3 Oct 2026, 14:00');
  });
});

describe('a day on the slider', () => {
  const since = local(2026, 1, 26, 9, 15);
  test.each([
    ['is noon where no time was chosen', 10, undefined, local(2026, 11, 12, 12)],
    [
      'keeps the time that was chosen',
      10,
      new Date(local(2026, 10, 3, 14, 5)).toISOString(),
      local(2026, 11, 12, 14, 5),
    ],
    ['is never before the first that is known', 301, undefined, since],
  ])('%s', (_, days, chosen, expected) => {
    expect(instantBefore(days, now, since, chosen)).toBe(new Date(expected).toISOString());
  });

  test('is the same number of days from today, also over a change of the clock', () => {
    for (let days = 1; days < 250; days++)
      expect(daysBetween(Date.parse(instantBefore(days, now, since, undefined)), now)).toBe(days);
  });
});

describe('the slider', () => {
  test.each([
    ['goes by days where there are enough of them', local(2026, 11, 2, 9), 20],
    ['goes by hundredths on the first days', local(2026, 11, 22, 9), 100],
  ])('%s, and each position leads back to itself', (_, since, steps) => {
    const scale = sliderScale(since, now);
    expect(scale.steps).toBe(steps);
    for (let position = 0; position <= steps; position++)
      expect(scale.positionOf(scale.instantOf(position, undefined))).toBe(position);
    expect(scale.instantOf(steps, undefined)).toBeUndefined();
    expect(scale.instantOf(0, undefined)).toBe(new Date(steps === 100 ? since : local(2026, 11, 2, 12)).toISOString());
  });

  test('stands at its beginning for what lies before it', () => {
    expect(sliderScale(local(2026, 11, 2), now).positionOf(new Date(local(2020, 1, 1)).toISOString())).toBe(0);
    expect(sliderScale(now, now).positionOf(new Date(local(2020, 1, 1)).toISOString())).toBe(0);
  });
});

describe('a span', () => {
  test.each([
    [undefined, '90', '90'],
    [10, '30', '30'],
    [60, '30', '90'],
    [200, '30', '365'],
    [200, '365', '365'],
    [900, '90', '365'],
  ] as const)('that shows %s days ago, asked for %s days, is %s', (ago, asked, expected) => {
    const at = ago === undefined ? undefined : new Date(now - ago * dayMs).toISOString();
    expect(spanReaching(at, asked, now)).toBe(expected);
  });

  test('begins at the same instant all day', () => {
    expect(spanStart('30', local(2026, 11, 22, 0, 1))).toBe(spanStart('30', local(2026, 11, 22, 23, 59)));
    expect(spanStart('30', now)).toBe(new Date(local(2026, 10, 23)).toISOString());
  });
});
