import { describe, expect, it } from 'vitest';
import {
  type Consent,
  consentFor,
  type Holder,
  type Hour,
  hourOf,
} from '../../../../../agent/diagnostics/session/consent.ts';
import { type Place, places } from '../../../../../shared/filter/place.ts';

const holders: Holder[] = ['student', 'staff', 'unknown'];
const hours: Hour[] = ['school', 'other'];

describe('consent to a look', () => {
  it.each<[Holder, Place, Hour, Consent]>([
    ['student', 'on-campus', 'school', 'told'],
    ['student', 'on-campus', 'other', 'asked'],
    ['student', 'off-campus', 'school', 'asked'],
    ['student', 'off-campus', 'other', 'asked'],
    ['student', 'unknown', 'school', 'asked'],
    ['staff', 'on-campus', 'school', 'asked'],
    ['staff', 'off-campus', 'other', 'asked'],
    ['unknown', 'on-campus', 'school', 'asked'],
  ])('%s %s, %s hours: %s', (holder, place, hour, consent) => {
    expect(consentFor(holder, place, hour)).toBe(consent);
  });

  it('is asked everywhere but for a student on campus in school hours', () => {
    const told = holders.flatMap((holder) =>
      places.flatMap((place) =>
        hours.flatMap((hour) => (consentFor(holder, place, hour) === 'told' ? [[holder, place, hour]] : [])),
      ),
    );
    expect(told).toEqual([['student', 'on-campus', 'school']]);
  });
});

describe('school hours', () => {
  it.each<[string, boolean, { weekday: number; hour: number }, Hour]>([
    ['on a Monday at ten, by the calendar', true, { weekday: 1, hour: 10 }, 'school'],
    ['at six in the morning, by the calendar', true, { weekday: 5, hour: 6 }, 'school'],
    ['when the calendar says nothing of the kind', false, { weekday: 1, hour: 10 }, 'other'],
    ['on a Sunday, whatever the calendar says', true, { weekday: 0, hour: 10 }, 'other'],
    ['on a Saturday, whatever the calendar says', true, { weekday: 6, hour: 10 }, 'other'],
    ['at eighteen o’clock, whatever the calendar says', true, { weekday: 2, hour: 18 }, 'other'],
    ['at night, whatever the calendar says', true, { weekday: 3, hour: 2 }, 'other'],
  ])('%s', (_name, isSchool, local, hour) => {
    expect(hourOf(isSchool, local)).toBe(hour);
  });
});
