import { describe, expect, it } from 'vitest';
import { type PersonInputs, personTimeline } from '../../../shared/compliance/person-timeline.ts';

const units = [{ orgId: 'maple', from: 0, to: null }];
const device = (state: 'compliant' | 'unknown', from: number, to: number | null): PersonInputs['devices'][number] => ({
  ...{ name: 'lap-1', state, reasons: [], custodyId: 'c', orgId: 'maple' },
  ...{ from, to },
});
const debt = (from: number, dueAt: number, to: number | null = null) => ({ title: 'Agreement', from, dueAt, to });

describe('when a person is judged', () => {
  it.each<[string, Partial<PersonInputs>, string[], number | null]>([
    ['nobody who holds nothing and owes nothing', {}, [], null],
    ['not while something they owe is not due yet, without a device', { obligations: [debt(10, 900)] }, [], 900],
    ['from the day it was due, without a device', { obligations: [debt(10, 50)] }, ['50– noncompliant'], null],
    ['until it is met', { obligations: [debt(10, 50, 70)] }, ['50–70 noncompliant'], null],
    ['while they hold a device', { devices: [device('compliant', 20, 60)] }, ['20–60 compliant'], null],
    ['also one of which nothing is known', { devices: [device('unknown', 20, null)] }, ['20– unknown'], null],
    [
      'by the worse of both',
      { devices: [device('compliant', 20, 60)], obligations: [debt(10, 40, 80)] },
      ['20–40 compliant', '40–80 noncompliant'],
      null,
    ],
  ])('%s', (_, inputs, spans, deadline) => {
    const timeline = personTimeline({ devices: [], obligations: [], units, ...inputs }, 0, 100);
    expect(timeline.spans.map(({ from, to, state }) => `${from}–${to ?? ''} ${state}`)).toEqual(spans);
    expect(timeline.deadline).toBe(deadline);
  });
});
