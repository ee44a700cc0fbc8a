import { describe, expect, test } from 'vitest';
import {
  bandsOf,
  devicesBehind,
  failedChecks,
  lineStart,
  marksOf,
  personAt,
  placeOf,
  ticksOf,
} from '../../../server/console/src/timeline.ts';
import type { CheckIntervalView, PersonHistory, VerdictIntervalView } from '../../../shared/api/schemas.ts';

const day = (number: number) => new Date(Date.UTC(2026, 9, number)).toISOString();
const span = { from: Date.parse(day(1)), to: Date.parse(day(11)) };
const verdict = (
  state: VerdictIntervalView['state'],
  from: number,
  to: number | null,
  reasons: string[] = [],
): VerdictIntervalView => ({ state, from: day(from), to: to === null ? null : day(to), reasons, until: null });
const check = (
  name: string,
  status: CheckIntervalView['status'],
  from: number,
  to: number | null,
): CheckIntervalView => ({
  ...{ check: name, title: name, status, seen: 'off' },
  ...{ from: day(from), to: to === null ? null : day(to) },
});

describe('bands on a line of ten days', () => {
  test.each<[string, [number, number | null], [number, number] | undefined]>([
    ['a stretch within it', [3, 6], [20, 30]],
    ['one that began before it', [-4, 3], [0, 20]],
    ['one that is still open', [9, null], [80, 20]],
    ['one that ended later', [9, 30], [80, 20]],
    ['one that covers it', [-4, null], [0, 100]],
    ['one that was over before', [-9, -2], undefined],
    ['one that ended as it began', [-9, 1], undefined],
    ['one that is to come', [12, null], undefined],
  ])('%s', (_, [from, to], expected) => {
    const [band] = bandsOf([verdict('compliant', from, to)], span);
    expect(band && [band.left, band.width]).toEqual(expected);
  });

  test('are in the order of time, though histories come newest first', () => {
    const bands = bandsOf([verdict('silent', 6, null), verdict('compliant', 1, 6)], span);
    expect(bands.map(({ of }) => of.state)).toEqual(['compliant', 'silent']);
    expect(bands.reduce((sum, { width }) => sum + width, 0)).toBe(100);
  });

  test('of an empty line there are none', () => {
    expect(bandsOf([verdict('compliant', 1, null)], { from: span.from, to: span.from })).toEqual([]);
    expect(placeOf(span.from, { from: span.from, to: span.from })).toBeUndefined();
  });

  test('dates stand at both ends and between', () => {
    expect(ticksOf(span).map(({ left }) => left)).toEqual([0, 25, 50, 75, 100]);
    expect(ticksOf(span).at(-1)?.at).toBe(span.to);
  });
});

describe('the checks of a device', () => {
  test('are shown when they failed, those that failed longest first, with all they did', () => {
    const lines = failedChecks(
      [
        check('short', 'fail', 2, 3),
        check('short', 'pass', 3, null),
        check('never', 'pass', 1, null),
        check('doubtful', 'unknown', 1, null),
        check('long', 'fail', 5, null),
      ],
      span.to,
    );
    expect(lines.map((line) => [line.check, line.intervals.length])).toEqual([
      ['long', 1],
      ['short', 2],
    ]);
  });
});

describe('a person at an instant', () => {
  const held = (id: string, from: number, to: number | null, given: Partial<PersonHistory['devices'][number]>) => ({
    ...{ device: { id, name: id }, from: day(from), to: to === null ? null : day(to), verdicts: [], checks: [] },
    ...given,
  });
  const history = {
    verdicts: [verdict('noncompliant', 5, null, ['Firewall: off']), verdict('compliant', 1, 5)],
    devices: [
      held('new', 5, null, {
        verdicts: [verdict('noncompliant', 5, null)],
        checks: [check('firewall-on', 'fail', 5, null), check('disk-space', 'unknown', 5, null)],
      }),
      held('old', 1, 5, { verdicts: [verdict('compliant', 1, 5)] }),
    ],
  };

  test.each([
    ['before anything', -3, undefined, []],
    ['while they held the old device', 3, 'compliant', [['old', []]]],
    ['in the moment of the exchange', 5, 'noncompliant', [['new', ['firewall-on']]]],
    ['afterwards', 9, 'noncompliant', [['new', ['firewall-on']]]],
  ])('%s', (_, on, state, devices) => {
    const standing = personAt(history, Date.parse(day(on)));
    expect(standing.verdict?.state).toBe(state);
    expect(standing.devices.map((one) => [one.device.id, one.failing.map((failing) => failing.check)])).toEqual(
      devices,
    );
  });

  test('a verdict names the devices that had it too', () => {
    const [late, early] = history.verdicts;
    expect(late && devicesBehind(late, history.devices)).toEqual([{ id: 'new', name: 'new' }]);
    expect(early && devicesBehind(early, history.devices)).toEqual([{ id: 'old', name: 'old' }]);
  });

  test('an act moves but one of two verdicts that begin soon after each other', () => {
    const soon = new Date(Date.parse(day(5)) + 20_000).toISOString();
    const [first, second] = [
      { ...verdict('unknown', 5, 6), to: soon },
      { ...verdict('compliant', 5, null), from: soon },
    ];
    const marks = [{ at: day(5), code: 'custody-opened', words: 'handed over', by: 'cli' }];
    expect(marksOf(first, marks, [second, first]).moved).toHaveLength(1);
    expect(marksOf(second, marks, [second, first])).toEqual({ moved: [], meanwhile: [] });
  });

  test.each([
    ['the first verdict that is known', [verdict('compliant', 3, null), verdict('silent', 2, 3)], day(2)],
    ['its span, where more is known', [verdict('compliant', -9, null)], day(1)],
    ['its span, where nothing is known', [], day(1)],
  ])('a line begins with %s', (_, verdicts, expected) => {
    expect(lineStart(day(1), verdicts)).toBe(expected);
  });

  test('an act at its beginning moved a verdict; another fell into it', () => {
    const mark = (at: string, words: string) => ({ at, code: 'waiver-created', words, by: 'staff:Ada Byrne' });
    const marks = [
      mark(day(8), 'in it'),
      mark(new Date(Date.parse(day(5)) - 3_000).toISOString(), 'just before'),
      mark(new Date(Date.parse(day(5)) + 60_000).toISOString(), 'a minute after'),
      mark(day(2), 'long before'),
    ];
    const { moved, meanwhile } = marksOf(verdict('waived', 5, 10), marks, [
      verdict('waived', 5, 10),
      verdict('compliant', 1, 5),
    ]);
    expect(moved.map(({ words }) => words)).toEqual(['just before', 'a minute after']);
    expect(meanwhile.map(({ words }) => words)).toEqual(['in it']);
  });
});
