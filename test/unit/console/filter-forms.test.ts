import { describe, expect, test } from 'vitest';
import { emptySchedule, entryProblem, entryWords } from '../../../server/console/src/entries.ts';
import { overrideWords, untilWords } from '../../../server/console/src/filter-words.ts';
import { fieldSchema, kindOf } from '../../../server/console/src/form-fields.ts';
import { minutesOf, minutesProblem, overrideProblem, spansAt } from '../../../server/console/src/override-form.ts';
import { placeOf, problemsOf, renameBells } from '../../../server/console/src/pages/calendar/calendar-form.ts';
import {
  numberProblem,
  settingsProblems,
  strengthOf,
  withProof,
} from '../../../server/console/src/pages/filter-settings/settings-form.ts';
import { lastDays, rangeOf, rangeProblem } from '../../../server/console/src/pages/report/report-range.ts';
import { fromLocal, plainDate, toLocal } from '../../../server/console/src/time.ts';
import { daysWords, windowProblem, windowWords } from '../../../server/console/src/window-words.ts';
import { filterSettingsDefaults, OverrideInput } from '../../../shared/api/schemas.ts';
import { type Weekday, type Window, weekdays } from '../../../shared/calendar/calendar.ts';
import { freshCalendar } from '../../../shared/calendar/fresh.ts';
import { FilterSchedule, type SplitDomain } from '../../../shared/profile/web-filter.ts';
import type { WifiNetwork } from '../../../shared/profile/wifi.ts';
import { validator } from '../../../shared/schema.ts';

const workdays = weekdays.slice(0, 5);

describe('when something holds, in words', () => {
  test.each<[readonly Weekday[], string]>([
    [workdays, 'Mon–Fri'],
    [weekdays, 'daily'],
    [['saturday', 'sunday'], 'Sat, Sun'],
    [['friday', 'monday', 'tuesday', 'wednesday'], 'Mon–Wed, Fri'],
    [[], ''],
  ])('%j → %s', (days, words) => {
    expect(daysWords(days)).toBe(words);
  });

  test.each<[Window, string]>([
    [{ kind: 'always' }, 'always'],
    [{ kind: 'school-hours' }, 'in school hours'],
    [{ kind: 'outside-school-hours' }, 'outside school hours'],
    [{ kind: 'school-days' }, 'on school days'],
    [{ kind: 'days-off' }, 'on days off'],
    [{ kind: 'freeze' }, 'on exam days'],
    [{ kind: 'periods', periods: ['Lunch', 'Homeroom'] }, 'in Lunch, Homeroom'],
    [{ kind: 'times', from: '12:00', to: '12:45', days: workdays }, 'Mon–Fri 12:00–12:45'],
    [{ kind: 'times', from: '22:00', to: '06:00', days: ['sunday'] }, 'Sun 22:00–06:00 (next day)'],
    [
      { kind: 'times', from: '08:00', to: '15:00', days: workdays, schoolDaysOnly: true },
      'Mon–Fri 08:00–15:00 on school days',
    ],
  ])('%j → %s', (when, words) => {
    expect(windowWords(when)).toBe(words);
    expect(windowProblem(when)).toBeUndefined();
  });

  test.each<[Window, string]>([
    [{ kind: 'periods', periods: [] }, 'Name at least one period.'],
    [{ kind: 'times', from: '', to: '10:00', days: workdays }, 'Write both times.'],
    [{ kind: 'times', from: '24:00', to: '10:00', days: workdays }, 'It begins at 24:00; write 00:00.'],
    [{ kind: 'times', from: '09:00', to: '10:00', days: [] }, 'Choose at least one day.'],
  ])('%j is not finished: %s', (when, words) => {
    expect(windowProblem(when)).toBe(words);
  });
});

describe('schedules and split domains', () => {
  const schedule: FilterSchedule = { ...emptySchedule, title: 'Lunch', domains: ['social.example'] };
  const accepts = validator(FilterSchedule);

  test.each([
    ['schedules', 'entries'],
    ['splitDomains', 'entries'],
    ['lockedCategories', 'categories'],
    ['resolverAddresses', 'lines'],
    ['failMode', 'choice'],
    ['holdDns', 'switch'],
    ['recordingOffCampus', 'choice'],
  ])('%s is edited as %s', (name, kind) => {
    expect(kindOf(fieldSchema('webFilter', name) ?? {})).toBe(kind);
  });

  test.each<[string, Partial<FilterSchedule>, string | undefined]>([
    ['what the server takes', {}, undefined],
    ['no title', { title: ' ' }, 'It has no title.'],
    ['nothing to block', { domains: [] }, 'Choose a category or name a domain.'],
    ['an address for a domain', { domains: ['https://a.example'] }, '“https://a.example” is not of the expected form.'],
    ['no period', { when: { kind: 'periods', periods: [] } }, 'Name at least one period.'],
  ])('%s', (_, change, words) => {
    const entry = { ...schedule, ...change };
    expect(entryProblem(entry)).toBe(words);
    if (words === undefined) expect(accepts.check(entry)).toBe(true);
  });

  test.each<[string, FilterSchedule | SplitDomain | string, string]>([
    ['a block', { ...schedule, place: 'off-campus' }, 'Lunch: social.example blocked in school hours off campus'],
    [
      'an opening',
      { ...schedule, action: 'allow', categories: ['social'], when: { kind: 'periods', periods: ['Lunch'] } },
      'Lunch: social, social.example open in Lunch',
    ],
    [
      'many names',
      { ...schedule, domains: ['a.example', 'b.example', 'c.example', 'd.example', 'e.example'] },
      'Lunch: a.example, b.example, c.example and 2 more blocked in school hours',
    ],
    ['a split domain', { domain: 'in.example', servers: ['10.0.0.1'] }, 'in.example at 10.0.0.1'],
    ['a plain text', 'a.example', 'a.example'],
  ])('%s in words', (_, entry, words) => {
    expect(entryWords(entry)).toBe(words);
  });

  test.each<[SplitDomain, string | undefined]>([
    [{ domain: 'in.example', servers: ['10.0.0.1'] }, undefined],
    [{ domain: '', servers: ['10.0.0.1'] }, 'It has no domain.'],
    [{ domain: '*.in.example', servers: ['10.0.0.1'] }, '“*.in.example” is not of the expected form.'],
    [{ domain: 'in.example', servers: [] }, 'Give one to four servers.'],
    [{ domain: 'in.example', servers: ['1', '2', '3', '4', '5'] }, 'Give one to four servers.'],
  ])('%j: %s', (split, words) => {
    expect(entryProblem(split)).toBe(words);
  });
});

describe('for how long', () => {
  const now = new Date('2026-11-23T10:00:00').getTime();
  const lesson = new Date('2026-11-23T10:22:30').toISOString();

  test.each([
    [{ kind: 'lesson' } as const, 23],
    [{ kind: 'hour' } as const, 60],
    [{ kind: 'today' } as const, 14 * 60],
    [{ kind: 'week' } as const, 7 * 24 * 60],
    [{ kind: 'minutes', minutes: 12 } as const, 12],
    [{ kind: 'minutes', minutes: undefined } as const, undefined],
  ])('%j is %s minutes', (span, minutes) => {
    expect(minutesOf(span, now, lesson)).toBe(minutes);
  });

  test('the lesson is on offer only while one is on', () => {
    const kinds = (ends: string | null) => spansAt(now, ends).map(({ value }) => value);
    expect(kinds(lesson)).toContain('lesson');
    expect(kinds(new Date(now - 1).toISOString())).not.toContain('lesson');
    expect(kinds(null)).not.toContain('lesson');
  });

  test.each([
    [undefined, 'Write for how many minutes.'],
    [0, 'At least one minute, in whole minutes.'],
    [1.5, 'At least one minute, in whole minutes.'],
    [44_641, 'At most 31 days (44,640 minutes).'],
    [44_640, undefined],
  ])('%s minutes: %s', (minutes, words) => {
    expect(minutesProblem(minutes)).toBe(words);
  });
});

describe('an override', () => {
  const input: OverrideInput = {
    target: { kind: 'person', id: 'p1' },
    kind: 'allow',
    domains: ['museum.example'],
    categories: [],
    minutes: 60,
    reason: 'Essay',
  };
  const accepts = validator(OverrideInput);

  test.each<[string, Partial<Omit<OverrideInput, 'minutes'>> & { minutes?: number | undefined }, string | undefined]>([
    ['what the server takes', {}, undefined],
    ['everything needs no name', { domains: [], everything: true }, undefined],
    ['no site', { domains: [] }, 'Name at least one site or category.'],
    ['a web address', { domains: ['https://a.example'] }, '“https://a.example” is no site.'],
    ['no reason', { reason: ' a ' }, 'At least 3 characters.'],
    ['no time', { minutes: undefined }, 'Write for how many minutes.'],
  ])('%s', (_, change, words) => {
    expect(overrideProblem({ ...input, ...change })).toBe(words);
    if (words === undefined) expect(accepts.check({ ...input, ...change })).toBe(true);
  });

  test.each([
    [{ kind: 'allow', domains: ['a.example'], categories: ['games'] }, 'Opens a.example, category games'],
    [{ kind: 'only', domains: ['a', 'b', 'c', 'd', 'e'], categories: [] }, 'Only a, b, c, d and 1 more'],
    [{ kind: 'block', domains: [], categories: ['games'] }, 'Closes category games'],
    [{ kind: 'allow', domains: [], categories: [], everything: true }, 'Opens everything but the locked minimum'],
  ] as const)('%j → %s', (view, words) => {
    expect(
      overrideWords({ everything: false, ...view, domains: [...view.domains], categories: [...view.categories] }),
    ).toBe(words);
  });

  test('says the day only of another day', () => {
    const now = new Date('2026-11-23T10:00:00').getTime();
    expect(untilWords(new Date('2026-11-23T15:05:00').toISOString(), now)).toBe('until 15:05');
    expect(untilWords(new Date('2026-11-24T15:05:00').toISOString(), now)).toBe('until 24 Nov, 15:05');
  });
});

describe('the calendar form', () => {
  const calendar = freshCalendar('America/Chicago');

  test('what it begins with can be saved', () => {
    expect(problemsOf(calendar)).toEqual([]);
  });

  test.each([
    ['There is no time zone "Mars/North". Write one such as America/Chicago.', 'zone'],
    ['There is no bell schedule "Holiday", which the week\'s monday names.', 'week'],
    ['There is no bell schedule "X", which the exception of 2026-12-18 names.', 'exceptions'],
    ['The period "Term 1" of the bell schedule "Week" ends at 08:00, not after it begins at 09:00.', 'bells'],
    ['The holiday "Bell week" ends on 2026-11-20, before it begins on 2026-11-25.', 'holidays'],
    ['The terms "Fall" and "Spring" overlap. Change one.', 'terms'],
    ['There is no 2027-02-30, which the freeze "Exams" names.', 'freezes'],
    ['Something else altogether.', undefined],
  ])('%s → %s', (words, place) => {
    expect(placeOf(words)).toBe(place);
  });

  test.each([
    [
      'a bell schedule without a name',
      { bells: [{ name: '', periods: [{ name: 'P', from: '08:00', to: '09:00' }] }] },
      'bells',
    ],
    ['a missing time', { bells: [{ name: 'R', periods: [{ name: 'P', from: '', to: '09:00' }] }] }, 'bells'],
    ['a holiday without a day', { holidays: [{ title: 'Break', from: '', to: '' }] }, 'holidays'],
    ['an exception without a name', { exceptions: [{ date: '2026-12-18', title: '', bells: null }] }, 'exceptions'],
    ['a zone that does not exist', { zone: 'Mars/North' }, 'zone'],
  ])('%s is said at its place', (_, change, place) => {
    expect(problemsOf({ ...calendar, ...change }).map((problem) => problem.place)).toContain(place);
  });

  test('days follow a bell schedule to its new name', () => {
    const day = { date: '2026-12-18', title: 'Last day', bells: 'Regular' };
    const renamed = renameBells({ ...calendar, exceptions: [day] }, 0, 'Usual');
    expect(renamed.week).toMatchObject({ monday: 'Usual', sunday: null });
    expect(renamed.exceptions).toEqual([{ ...day, bells: 'Usual' }]);
    expect(problemsOf(renamed)).toEqual([]);
  });
});

describe('the filter settings form', () => {
  test.each([
    [{ name: 'A' }, 'none'],
    [{ name: 'A', ssids: ['School'] }, 'weak'],
    [{ name: 'A', ssids: ['School'], gateways: ['00:1a:2b:3c:4d:5e'] }, 'good'],
    [{ name: 'A', publicAddresses: ['203.0.113.0/28'] }, 'strong'],
  ])('%j is %s', (network, strength) => {
    expect(strengthOf(network)).toBe(strength);
  });

  test('hardware addresses are taken as people write them, and an empty proof is none', () => {
    const network = withProof({ name: 'A' }, 'gateways', ['00-1A-2B-3C-4D-5E']);
    expect(network).toEqual({ name: 'A', gateways: ['00:1a:2b:3c:4d:5e'] });
    expect(withProof(network, 'gateways', [])).toEqual({ name: 'A' });
  });

  test.each([
    ['the defaults', {}, 0],
    ['a network without a proof', { campus: [{ name: 'A' }] }, 1],
    ['a network without a name', { campus: [{ name: '', ssids: ['S'] }] }, 1],
    [
      'an exception without a reason',
      { preset: 'minnesota', presetException: { reason: 'x', until: '2027-01-01T00:00:00Z' } },
      1,
    ],
    ['an essential that is an address', { essentials: ['https://a.example'] }, 1],
    ['too long a retention', { namesKeptDays: 400 }, 1],
  ] as const)('%s: %s', (_, change, problems) => {
    const settings = structuredClone({ ...filterSettingsDefaults, ...change }) as typeof filterSettingsDefaults;
    expect(settingsProblems(settings)).toHaveLength(problems);
  });

  test('an empty number field is said to be out of its range', () => {
    expect(numberProblem('reportThreshold', 0)).toBe('Between 3 and 100.');
  });
});

describe('days and instants of forms', () => {
  const now = new Date('2026-11-23T10:00:00').getTime();

  test('a local time comes back as it was written', () => {
    expect(toLocal(fromLocal('2026-11-23T12:15') ?? '')).toBe('2026-11-23T12:15');
    expect(fromLocal('')).toBeUndefined();
    expect(toLocal('nonsense')).toBe('');
  });

  test('a report begins with the last thirty days, and passes over what is no date', () => {
    expect(rangeOf({ from: 'x', to: '2026-13-01' }, now)).toEqual({ from: '2026-10-25', to: '2026-11-23' });
    expect(lastDays(7, now)).toEqual({ from: '2026-11-17', to: plainDate(now) });
  });

  test('a range that ends before it begins is refused', () => {
    expect(rangeProblem({ from: '2026-11-23', to: '2026-11-22' })).toBe('The last day is before the first.');
    expect(rangeProblem({ from: '2026-11-22', to: '2026-11-22' })).toBeUndefined();
  });
});

describe('a Wi-Fi network in a profile', () => {
  const network: WifiNetwork = { name: 'School', security: 'wpa2', passphrase: 'only for laptops', hidden: true };

  test('is told without its passphrase', () => {
    expect(entryWords(network)).toBe('School · WPA2 with a passphrase · hidden');
    expect(entryProblem(network)).toBeUndefined();
  });

  test.each<[Partial<WifiNetwork>, string]>([
    [{ name: '' }, 'It has no name.'],
    [{ name: 'ÄÖÜ'.repeat(9) }, 'The name “ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ” is longer than 32 bytes.'],
    [{ passphrase: 'short' }, 'Its passphrase is empty.'],
    [
      { security: 'wpa2-enterprise' },
      'The network “School” needs the account’s name and password, and the name of its sign-in server.',
    ],
    [
      { security: 'wpa2-enterprise', serverName: 'not a name' },
      'Its name in the certificate is not of the expected form.',
    ],
  ])('%j is not finished: %s', (part, words) => {
    expect(entryProblem({ ...network, ...part })).toBe(words);
  });
});
