import { describe, expect, test } from 'vitest';
import { reconnectDelay } from '../../../server/console/src/backoff.ts';
import { addressOf } from '../../../server/console/src/request.ts';
import { parseSearch, returnPath, stringifySearch } from '../../../server/console/src/search.ts';
import { changeWords, valueWords } from '../../../server/console/src/setting-words.ts';
import { duration, relativeTime, stretch } from '../../../server/console/src/time.ts';
import { actorWords, bytes, count, gradeWords, percent } from '../../../server/console/src/words.ts';

const hour = 3_600_000;

describe('times in words', () => {
  test.each([
    ['2026-11-22T09:15', '2026-11-22T10:40', '22 Nov 2026, 09:15 – 10:40'],
    ['2026-11-22T23:59', '2026-11-23T00:01', '22 Nov 2026 – 23 Nov 2026'],
    ['2026-11-22T09:15', undefined, '22 Nov 2026 until now'],
  ])('from %s to %s is “%s”', (from, to, words) => {
    expect(stretch(Date.parse(from), to === undefined ? undefined : Date.parse(to))).toBe(words);
  });

  const now = Date.UTC(2026, 10, 22, 8);
  test.each([
    [-5_000, 'just now'],
    [5_000, 'in a moment'],
    [-90_000, '1 minute ago'],
    [-26 * hour, '1 day ago'],
    [-47 * hour, '1 day ago'],
    [6 * 24 * hour, 'in 6 days'],
    [-45 * 24 * hour, '1 month ago'],
    [-800 * 24 * hour, '2 years ago'],
  ])('a distance of %d ms is “%s”', (distance, words) => {
    expect(relativeTime(now + distance, now)).toBe(words);
  });

  test.each([
    [20_000, '1 minute'],
    [2 * hour, '2 hours'],
    [51 * 24 * hour, '51 days'],
  ])('%d ms last %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});

test.each([
  [bytes(0), '0 B'],
  [bytes(999), '999 B'],
  [bytes(1500), '1.5 kB'],
  [bytes(16.6e9), '16.6 GB'],
  [bytes(250e9), '250 GB'],
  [percent(7.44), '7.4 %'],
  [percent(99.6), '100 %'],
  [percent(0), '0 %'],
  [count(1, 'person', 'people'), '1 person'],
  [count(12_400, 'device'), '12,400 devices'],
  [gradeWords('06'), 'Grade 6'],
  [gradeWords('KG'), 'Kindergarten'],
  [actorWords('staff:Ada: the first'), 'Ada: the first'],
  [actorWords('device:lap-1'), 'Device lap-1'],
  [actorWords('token:pipeline'), 'Program pipeline'],
  [actorWords('command line'), 'Command line'],
])('%s', (said, expected) => {
  expect(said).toBe(expected);
});

describe('settings in words', () => {
  test.each([
    ['an absent value', 'webFilter', 'safeSearch', undefined, 'Left alone'],
    ['a switch', 'webFilter', 'safeSearch', false, 'Off'],
    ['a choice by its label', 'webFilter', 'blockAnswer', 'nxdomain', 'No such name'],
    [
      'an upstream',
      'webFilter',
      'upstream',
      { kind: 'dot', servers: ['9.9.9.9'], serverName: 'dns.example' },
      'DNS over TLS · 9.9.9.9 · dns.example',
    ],
    ['a setting of a newer server', 'teleport', 'beam', 'up', 'up'],
  ])('%s', (_, capability, setting, value, words) => {
    expect(valueWords(capability, setting, value)).toBe(words);
  });

  test('a change of a list says only what comes and goes', () => {
    expect(changeWords('webFilter', 'blockedDomains', ['a', 'b'], ['b', 'c'])).toEqual({
      kind: 'list',
      added: ['c'],
      removed: ['a'],
    });
    expect(changeWords('webFilter', 'blockedDomains', null, ['c'])).toEqual({
      kind: 'list',
      added: ['c'],
      removed: [],
    });
  });

  test('a change of a value says before and after', () => {
    expect(changeWords('webFilter', 'youtube', undefined, 'strict')).toEqual({
      kind: 'value',
      before: 'Left alone',
      after: 'Strict',
    });
  });
});

describe('addresses', () => {
  test('parameters are escaped and empty query values left out', () => {
    expect(addressOf('readPerson', { params: { id: 'a/b?c' } })).toBe('/api/people/a%2Fb%3Fc');
    expect(addressOf('listPeople', { query: { search: 'o’neil & co', role: undefined, grade: '' } })).toBe(
      '/api/people?search=o%E2%80%99neil+%26+co',
    );
  });

  test('a grade keeps its leading zero in the address', () => {
    expect(parseSearch(stringifySearch({ grade: '06', verdict: undefined }))).toEqual({ grade: '06' });
  });

  test.each([
    ['/people?role=student', '/people?role=student'],
    ['https://evil.example/', '/'],
    ['//evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['/sign-in?return=/', '/'],
    [undefined, '/'],
  ])('after signing in, %s leads to %s', (wanted, path) => {
    expect(returnPath(wanted)).toBe(path);
  });
});

test.each([
  [0, 0, 250],
  [0, 0.999, 749],
  [3, 0.5, 2250],
  [40, 0.999, 30_220],
])('attempt %d with chance %d waits %d ms', (attempt, unit, ms) => {
  expect(reconnectDelay(attempt, unit)).toBe(ms);
});
