import { describe, expect, it } from 'vitest';
import type { SchoolCalendar } from '../../../../shared/calendar/calendar.ts';
import { schoolHoursBetween } from '../../../../shared/calendar/school-hours.ts';
import { queueRank } from '../../../../shared/helpdesk/queue-rank.ts';
import { SchoolTime } from '../../../../shared/helpdesk/school-time.ts';
import { clockAt, dueDates, type TicketStep } from '../../../../shared/helpdesk/service-clock.ts';

const week = { monday: 'Day', tuesday: 'Day', wednesday: 'Day', thursday: 'Day', friday: 'Day' };
/** 08:00 to 15:00 in Chicago: seven school hours a day. */
const calendar: SchoolCalendar = {
  zone: 'America/Chicago',
  bells: [{ name: 'Day', periods: [{ name: 'All', from: '08:00', to: '15:00' }] }],
  week: { ...week, saturday: null, sunday: null },
  terms: [],
  holidays: [{ title: 'Thanksgiving', from: '2026-11-25', to: '2026-11-27' }],
  exceptions: [],
  freezes: [{ title: 'Testing', from: '2026-11-23', to: '2026-11-24' }],
};
const at = (text: string) => Date.parse(text);
const promised = { firstReplyMinutes: 120, resolutionMinutes: 420 };
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

function due(...steps: [TicketStep['status'], string][]) {
  const facts = steps.map(([status, text]) => ({ status, at: at(text) }));
  const dates = dueDates({ openedAt: facts[0]?.at ?? 0, steps: facts, promised }, calendar);
  return { reply: iso(dates.firstReplyDueAt), solved: iso(dates.resolutionDueAt), left: dates.resolutionLeftMs };
}

describe('promises are counted in school hours', () => {
  // 14:00Z is the first bell in winter.
  it.each([
    ['on one school day', '2026-11-16T14:00:00Z', '2026-11-16T16:00:00.000Z', '2026-11-16T21:00:00.000Z'],
    ['over an evening', '2026-11-16T20:00:00Z', '2026-11-17T15:00:00.000Z', '2026-11-17T20:00:00.000Z'],
    ['over a weekend', '2026-11-20T20:00:00Z', '2026-11-23T15:00:00.000Z', '2026-11-23T20:00:00.000Z'],
    ['in a freeze as on other days', '2026-11-23T14:00:00Z', '2026-11-23T16:00:00.000Z', '2026-11-23T21:00:00.000Z'],
    ['over a holiday', '2026-11-24T20:00:00Z', '2026-11-30T15:00:00.000Z', '2026-11-30T20:00:00.000Z'],
    ['over the end of summer time', '2026-10-30T19:00:00Z', '2026-11-02T15:00:00.000Z', '2026-11-02T20:00:00.000Z'],
  ])('%s', (_, openedAt, reply, solved) => {
    expect(due(['new', openedAt])).toEqual({ reply, solved, left: null });
  });

  it('knows no deadline where the calendar names no school days any more', () => {
    const ended = { ...calendar, terms: [{ title: 'Fall', from: '2026-08-31', to: '2026-12-18' }] };
    const openedAt = at('2026-12-20T14:00:00Z');
    const dates = dueDates({ openedAt, steps: [{ at: openedAt, status: 'new' }], promised }, ended);
    expect(dates).toEqual({ firstReplyDueAt: null, resolutionDueAt: null, resolutionLeftMs: null });
  });

  it('promises nothing where nothing is promised', () => {
    const none = { firstReplyMinutes: null, resolutionMinutes: null };
    const dates = dueDates({ openedAt: 0, steps: [{ at: 0, status: 'new' }], promised: none }, calendar);
    expect(dates).toEqual({ firstReplyDueAt: null, resolutionDueAt: null, resolutionLeftMs: null });
  });
});

describe('the clock to a solution', () => {
  it('stands while it waits, with what is left', () => {
    expect(due(['new', '2026-11-16T14:00:00Z'], ['waiting', '2026-11-16T16:00:00Z'])).toEqual({
      reply: '2026-11-16T16:00:00.000Z',
      solved: null,
      left: 5 * 3_600_000,
    });
  });

  it('goes on where it stood', () => {
    const waited = due(
      ['new', '2026-11-16T14:00:00Z'],
      ['waiting', '2026-11-16T16:00:00Z'],
      ['open', '2026-11-18T14:00:00Z'],
    );
    expect(waited.solved).toBe('2026-11-18T19:00:00.000Z');
  });

  it('stays late once it was late, whatever comes after', () => {
    const late = due(
      ['new', '2026-11-16T14:00:00Z'],
      ['waiting', '2026-11-17T16:00:00Z'],
      ['open', '2026-11-18T14:00:00Z'],
      ['resolved', '2026-11-18T14:30:00Z'],
    );
    expect(late).toEqual({ reply: '2026-11-16T16:00:00.000Z', solved: '2026-11-16T21:00:00.000Z', left: null });
  });

  it('is met when it was solved while waiting, although the days passed', () => {
    const solved = due(
      ['new', '2026-11-16T14:00:00Z'],
      ['waiting', '2026-11-16T16:00:00Z'],
      ['resolved', '2026-11-20T14:00:00Z'],
      ['closed', '2026-12-04T14:00:00Z'],
    );
    expect(solved.solved).toBe('2026-11-20T19:00:00.000Z');
  });

  it('goes on when what was solved is opened again', () => {
    const reopened = due(
      ['new', '2026-11-16T14:00:00Z'],
      ['resolved', '2026-11-16T15:00:00Z'],
      ['open', '2026-11-18T14:00:00Z'],
    );
    expect(reopened.solved).toBe('2026-11-18T20:00:00.000Z');
  });
});

describe('a promise at an instant', () => {
  const dueAt = at('2026-11-17T15:00:00Z');
  const running = { isPromised: true, dueAt, leftMs: null, metAt: null };
  it.each([
    ['runs, with the school time left over the night', running, '2026-11-16T20:30:00Z', 'running', 90],
    ['is late, with the school time since', running, '2026-11-17T16:30:00Z', 'late', -90],
    ['is not late at the very instant', running, '2026-11-17T15:00:00Z', 'running', 0],
    ['was met', { ...running, metAt: dueAt }, '2026-11-18T14:00:00Z', 'met', null],
    ['was met late', { ...running, metAt: dueAt + 1 }, '2026-11-18T14:00:00Z', 'met-late', null],
    ['stands', { ...running, dueAt: null, leftMs: 600_000 }, '2026-11-18T14:00:00Z', 'paused', 10],
    ['is none', { ...running, isPromised: false }, '2026-11-18T14:00:00Z', 'none', null],
    ['is none where the calendar does not tell', { ...running, dueAt: null }, '2026-11-18T14:00:00Z', 'none', null],
  ] as const)('%s', (_, promise, now, state, minutesLeft) => {
    expect(clockAt(promise, new SchoolTime(calendar), at(now))).toMatchObject({ state, minutesLeft });
  });
});

describe('school time that was looked up once', () => {
  it('is the same as looked up each time, in whatever order it is asked', () => {
    const time = new SchoolTime(calendar);
    const hour = 3_600_000;
    const start = at('2026-11-19T00:00:00Z');
    for (const [from, to] of [
      [100, 140],
      [20, 60],
      [90, 300],
      [0, 400],
      [130, 135],
      [7, 7],
      [9, 3],
    ] as const) {
      const [begin, end] = [start + from * hour, start + to * hour];
      expect(time.hoursBetween(begin, end)).toBeCloseTo(schoolHoursBetween(calendar, begin, end), 9);
    }
    expect(new SchoolTime(undefined).hoursBetween(0, 5 * hour)).toBe(5);
  });
});

describe('the queue', () => {
  const open = { status: 'open', openedAt: 1_000, firstReplyAt: null, resolvedAt: null } as const;
  const none = { firstReplyDueAt: null, resolutionDueAt: null, resolutionLeftMs: null };
  const ordered = [
    ['late', { ...open, ...none, firstReplyDueAt: 500 }],
    ['due soon', { ...open, ...none, firstReplyAt: 900, firstReplyDueAt: 500, resolutionDueAt: 5_000 }],
    ['due later', { ...open, ...none, resolutionDueAt: 9_000 }],
    ['old and not due', { ...open, ...none }],
    ['new and not due', { ...open, ...none, openedAt: 2_000 }],
    ['solved just now', { ...open, ...none, status: 'resolved', resolvedAt: 9_000 }],
    ['closed long ago', { ...open, ...none, status: 'closed', resolvedAt: 100 }],
  ] as const;

  it('has what is due first first, and what is over last', () => {
    const ranks = ordered.map(([, facts]) => queueRank(facts));
    expect(ranks.toSorted((a, b) => a - b)).toEqual(ranks);
    expect(new Set(ranks).size).toBe(ranks.length);
  });
});
