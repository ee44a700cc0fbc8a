import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FilterSettings, filterSettingsDefaults } from '../../../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../../../shared/calendar/calendar.ts';
import { type FilterDistrict, openFilterDistrict, someCalendar } from '../../../fakes/filter-district.ts';

let district: FilterDistrict;

beforeEach(async () => {
  district = await openFilterDistrict();
});
afterEach(async () => {
  expect(district.errors).toEqual([]);
  await district.close();
});

describe('the settings of the filter', () => {
  const save = (change: Partial<FilterSettings>, version = 0) =>
    district.settings.save({ ...filterSettingsDefaults, ...change }, version, 'staff:Ada Admin');

  it('are the defaults until they are saved, and then what was saved', async () => {
    expect(await district.settings.read()).toEqual({ settings: filterSettingsDefaults, version: 0 });
    const changed = district.hear('filter-changed');
    const saved = await save({ requestHours: 8 });
    expect(saved).toEqual({ settings: { ...filterSettingsDefaults, requestHours: 8 }, version: 1 });
    expect(await district.settings.read()).toEqual(saved);
    expect(changed).toEqual([{}]);
    expect(district.said.at(-1)).toMatchObject({
      ...{ actor: 'staff:Ada Admin', code: 'filter-settings-saved' },
      words: 'The filter settings were saved: hours to decide requests.',
    });
  });

  it.each([0, 2, 7])('are not saved over those of somebody else (version %i)', async (version) => {
    await save({});
    await expect(save({ requestHours: 8 }, version)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect((await district.settings.read()).settings.requestHours).toBe(24);
  });

  it('are not saved with a version before there is one', async () => {
    await expect(save({}, 3)).rejects.toMatchObject({ code: 'changed-meanwhile' });
  });

  const until = (days: number) => new Date(Date.UTC(2026, 9, 5, 14) + days * 86_400_000).toISOString();
  const exception = (end: string) => ({ presetException: { reason: 'Ordered by a court.', until: end } });
  const bad: [string, Partial<FilterSettings>, string][] = [
    ['an essential that is no name', { essentials: ['a..b'] }, 'Essentials: “a..b” is not the name of a host.'],
    [
      'a whole top-level domain',
      { essentials: ['com'] },
      'Essentials: “com” is a whole top-level domain. Name the sites.',
    ],
    [
      'a public suffix',
      { essentials: ['*.co.uk'] },
      'Essentials: "co.uk" is a public suffix: it would reach every site that ends in it. Name the sites.',
    ],
    [
      'a campus without a proof',
      { campus: [{ name: 'Maple' }] },
      'The network "Maple" says nothing to know it by. Give at least the addresses of its gateways.',
    ],
    [
      'a range that is none',
      { campus: [{ name: 'Maple', addresses: ['10.0.0.0/40'] }] },
      'The network "Maple": "10.0.0.0/40" has a length that is not between 0 and 32.',
    ],
    [
      'a range of every address',
      { campus: [{ name: 'Maple', publicAddresses: ['::/0'] }] },
      'The network "Maple": ::/0 is every address there is. Name those of the campus.',
    ],
    [
      'an exception without a preset',
      exception(until(1)),
      'State preset: there is no preset to make an exception from. Take it out.',
    ],
    [
      'an exception that has ended',
      { preset: 'minnesota', ...exception(until(-1)) },
      'State preset: the exception must end at a time that lies ahead.',
    ],
    [
      'an exception until no time at all',
      { preset: 'minnesota', ...exception('soon') },
      'State preset: the exception must end at a time that lies ahead.',
    ],
    [
      'an exception for years',
      { preset: 'minnesota', ...exception(until(800)) },
      'State preset: an exception ends within a year. Choose an earlier end.',
    ],
  ];
  it.each(bad)('are refused with %s', async (_, change, words) => {
    await expect(save(change)).rejects.toMatchObject({ code: 'bad-filter-settings', details: [words] });
    expect((await district.settings.read()).version).toBe(0);
  });

  it('leave an event of their own when the state preset or its exception changes', async () => {
    await save({ preset: 'minnesota' });
    expect(district.said.at(-1)).toMatchObject({ code: 'state-preset-changed' });
    await save({ preset: 'minnesota', ...exception(until(3)) }, 1);
    expect(district.said.at(-1)).toMatchObject({
      code: 'state-preset-changed',
      words: 'The state preset “minnesota” has an exception until 2026-10-08T14:00:00.000Z: Ordered by a court.',
    });
  });

  it('that wait for the end of an exception do so across a restart', async () => {
    await save({ preset: 'minnesota', ...exception(until(1)) });
    await district.settings.stop();
    await district.settings.start();
    const changed = district.hear('filter-changed');
    district.clock.advance(86_400_000);
    expect(changed).toEqual([{}]);
  });
});

describe('calendars', () => {
  it('are the district’s first, then those of units, with what today is', async () => {
    await district.calendars.save('maple', someCalendar(), 'test');
    const holidays = [{ title: 'Fall break', from: '2026-10-05', to: '2026-10-09' }];
    await district.calendars.save('district', someCalendar({ holidays }), 'test');
    expect((await district.calendars.list()).map(({ orgId, orgName, today }) => [orgId, orgName, today])).toEqual([
      [null, 'Maple County', 'No school: Fall break'],
      ['maple', 'School maple', 'School day, Regular bells 08:00–15:05'],
    ]);
  });

  it('say today’s exception and exams', async () => {
    const { bells } = someCalendar();
    const short = { name: 'Short', periods: [{ name: '1', from: '08:00', to: '12:00' }] };
    const calendar = someCalendar({
      bells: [...bells, short],
      exceptions: [{ date: '2026-10-05', title: 'Early dismissal', bells: 'Short' }],
      freezes: [{ title: 'State tests', from: '2026-10-05', to: '2026-10-06' }],
    });
    expect((await district.calendars.save('district', calendar, 'test')).today).toBe(
      'School day, Early dismissal, Short 08:00–12:00; State tests',
    );
  });

  const bad: [string, SchoolCalendar, string][] = [
    [
      'a zone nobody knows',
      someCalendar({ zone: 'America/Nowhere' }),
      'There is no time zone "America/Nowhere". Write one such as America/Chicago.',
    ],
    [
      'a holiday that ends before it begins',
      someCalendar({ holidays: [{ title: 'Break', from: '2026-12-24', to: '2026-12-20' }] }),
      'The holiday "Break" ends on 2026-12-20, before it begins on 2026-12-24.',
    ],
  ];
  it.each(bad)('are refused with %s', async (_, calendar, words) => {
    const saved = district.calendars.save('district', calendar, 'test');
    await expect(saved).rejects.toMatchObject({ code: 'bad-calendar', details: [words] });
    expect(await district.calendars.list()).toEqual([]);
  });

  it('are refused for a unit nobody knows, and deleted once', async () => {
    await expect(district.calendars.save('none', someCalendar(), 'test')).rejects.toMatchObject({ code: 'not-found' });
    await district.calendars.save('maple', someCalendar(), 'test');
    await district.calendars.delete('maple', 'test');
    expect(district.said.at(-1)).toMatchObject({ code: 'calendar-deleted' });
    await expect(district.calendars.delete('maple', 'test')).rejects.toMatchObject({ code: 'not-found' });
  });
});
