import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CalendarPreview } from '../../../../shared/api/schemas.ts';
import { validator } from '../../../../shared/schema.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { type FilterDistrict, openFilterDistrict, someCalendar } from '../../../fakes/filter-district.ts';

const now = Date.parse('2026-11-22T18:00:00Z');
const actor = 'staff:Ada Admin';
const schema = validator(CalendarPreview);
const file = (...lines: string[]) =>
  new TextEncoder().encode(['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR', ''].join('\r\n'));
const event = (title: string, from: string, to: string) => [
  ...['BEGIN:VEVENT', `SUMMARY:${title}`, `DTSTART;VALUE=DATE:${from}`, `DTEND;VALUE=DATE:${to}`, 'END:VEVENT'],
];
const winter = event('Winter break', '20261221', '20270104');

let district: FilterDistrict;
beforeEach(async () => {
  district = await openFilterDistrict(new FakeClock(now));
});
afterEach(() => district.close());

describe('a calendar file', () => {
  it('is shown as the calendar it would be, and nothing is saved', async () => {
    const { calendars } = district;
    await calendars.save('district', someCalendar(), actor);
    const saved = await calendars.list();
    const preview = await calendars.previewImport(
      'maple',
      file(...winter, ...event('Bake sale', '20261201', '20261202')),
      {
        holidays: ' BREAK ,',
      },
    );
    expect(schema.problems(preview)).toEqual([]);
    expect(preview).toMatchObject({
      calendar: someCalendar({ holidays: [{ title: 'Winter break', from: '2026-12-21', to: '2027-01-03' }] }),
      summary: '2 events in the file, of which 2 days or stretches between 2025-11-21 and 2028-11-22; 1 taken.',
      effects: ['10 school days fewer between 2026-12-21 and 2027-01-01.'],
      leftOut: ['Bake sale'],
      problems: [],
    });
    expect(preview.next).toHaveLength(5);
    expect(await calendars.list()).toEqual(saved);
  });

  it('begins with the calendar of the school where it has one, and anew where nobody has', async () => {
    const { calendars } = district;
    const fresh = calendars.previewImport('district', file(...winter), { holidays: 'break', zone: 'America/Denver' });
    expect((await fresh).calendar).toMatchObject({ zone: 'America/Denver', holidays: [{ title: 'Winter break' }] });
    await calendars.save('district', someCalendar(), actor);
    await calendars.save('maple', someCalendar({ zone: 'America/New_York' }), actor);
    expect((await calendars.previewImport('maple', file(), {})).calendar.zone).toBe('America/New_York');
    expect((await calendars.previewImport('cedar', file(), {})).calendar.zone).toBe('America/Chicago');
  });

  it('has its problems told with their lines, errors first and not without end', async () => {
    await district.calendars.save('district', someCalendar(), actor);
    const wrong = Array.from({ length: 300 }, () => [
      'BEGIN:VEVENT',
      'SUMMARY:A',
      'DTSTART:never',
      'END:VEVENT',
    ]).flat();
    const series = ['BEGIN:VEVENT', 'SUMMARY:B', 'DTSTART:20261201', 'RRULE:FREQ=MONTHLY', 'END:VEVENT'];
    const { problems } = await district.calendars.previewImport('district', file(...series, ...wrong), {});
    expect(problems).toHaveLength(200);
    expect(problems[0]).toMatchObject({ severity: 'error', file: 'File', row: 7 });
  });

  it.each<[string, string, Parameters<FilterDistrict['calendars']['previewImport']>[2], string, string]>([
    ['no such school', 'elm', {}, 'not-found', 'no such school'],
    ['bells nobody has', 'district', { earlyBells: 'Half' }, 'bad-request', 'no bell schedule “Half”'],
    ['days the wrong way round', 'district', { from: '2027-01-01', to: '2026-01-01' }, 'bad-request', 'at most five'],
    ['a century', 'district', { from: '2000-01-01' }, 'bad-request', 'at most five'],
    ['a day no month has', 'district', { from: '2026-02-30' }, 'bad-request', 'is no date'],
  ])('%s is refused', async (_, org, query, code, message) => {
    await district.calendars.save('district', someCalendar(), actor);
    const refused = district.calendars.previewImport(org, file(), query);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('needs a time zone where there is no calendar', async () => {
    const refused = { code: 'bad-request', message: expect.stringContaining('time zone') };
    await expect(district.calendars.previewImport('district', file(), {})).rejects.toMatchObject(refused);
    const nowhere = district.calendars.previewImport('district', file(), { zone: 'America/Nowhere' });
    await expect(nowhere).rejects.toMatchObject(refused);
  });
});

describe('terms from the roster', () => {
  const addSession = (id: string, type: string, start_date: string, end_date: string, active = 1) =>
    district.db
      .insertInto('academic_session')
      .values({ id, sourced_id: id, title: id, type, start_date, end_date, active, ...year })
      .execute();
  const year = { parent_sourced_id: null, school_year: '2027' };

  it('are shown as the calendar would be with them, without sessions that left the roster', async () => {
    await district.calendars.save('district', someCalendar(), actor);
    await addSession('Spring', 'semester', '2027-01-11', '2027-06-05');
    await addSession('Fall', 'semester', '2026-08-31', '2026-12-19');
    await addSession('Gone', 'semester', '2027-06-07', '2027-07-01', 0);
    const preview = await district.calendars.proposeTerms('district', { type: 'semester', endsOn: 'day-after' });
    expect(schema.problems(preview)).toEqual([]);
    expect(preview.calendar.terms).toEqual([
      { title: 'Fall', from: '2026-08-31', to: '2026-12-18' },
      { title: 'Spring', from: '2027-01-11', to: '2027-06-04' },
    ]);
    expect(preview.changes).toContain('Term added: “Fall”, 2026-08-31 to 2026-12-18.');
    expect(preview.next[0]).toEqual({
      date: '2026-12-21',
      before: 'School day: Regular bells',
      after: 'No school: Outside the terms',
    });
  });

  it('that overlap are shown with what is wrong with them', async () => {
    await district.calendars.save('district', someCalendar(), actor);
    await addSession('A', 'term', '2026-08-31', '2026-12-19');
    await addSession('B', 'term', '2026-12-01', '2027-06-05');
    const { problems } = await district.calendars.proposeTerms('district', { type: 'term', endsOn: 'last-day' });
    expect(problems).toMatchObject([{ severity: 'error', words: 'The terms "A" and "B" overlap. Change one.' }]);
  });

  it('of a type the roster does not have are not proposed; it says which there are', async () => {
    await district.calendars.save('district', someCalendar(), actor);
    const propose = () => district.calendars.proposeTerms('district', { type: 'gradingPeriod', endsOn: 'last-day' });
    await expect(propose()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('Import academicSessions'),
    });
    await addSession('A', 'term', '2026-08-31', '2026-12-19');
    await expect(propose()).rejects.toMatchObject({ message: expect.stringContaining('It has term;') });
  });
});
