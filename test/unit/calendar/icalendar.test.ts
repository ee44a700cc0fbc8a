import { describe, expect, it } from 'vitest';
import { icalendarLimits, readIcalendar } from '../../../shared/calendar/icalendar.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';

const span = { zone: 'America/Chicago', from: '2026-07-01', to: '2027-06-30' };
const wrapped = (...lines: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]) => wrapped('BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT');
const readText = (text: string) => readIcalendar(new TextEncoder().encode(text), span);
const spans = (text: string) => readText(text).days.map(({ from, to }) => (from === to ? from : `${from}/${to}`));
const titles = (text: string) => readText(text).days.map(({ title }) => title);

describe('the days of one event', () => {
  it.each<[string, string[], string[]]>([
    [
      'a whole day ends where the next begins',
      ['DTSTART;VALUE=DATE:20261126', 'DTEND;VALUE=DATE:20261127'],
      ['2026-11-26'],
    ],
    [
      'a break has its last day before its end',
      ['DTSTART;VALUE=DATE:20261221', 'DTEND;VALUE=DATE:20270102'],
      ['2026-12-21/2027-01-01'],
    ],
    ['a day without an end is that day', ['DTSTART;VALUE=DATE:20261126'], ['2026-11-26']],
    ['a date without VALUE=DATE is read all the same', ['DTSTART:20261126'], ['2026-11-26']],
    [
      'the same day as beginning and end is that day',
      ['DTSTART;VALUE=DATE:20261126', 'DTEND;VALUE=DATE:20261126'],
      ['2026-11-26'],
    ],
    ['a duration of days', ['DTSTART;VALUE=DATE:20261126', 'DURATION:P2D'], ['2026-11-26/2026-11-27']],
    ['a duration of a week', ['DTSTART;VALUE=DATE:20270315', 'DURATION:P1W'], ['2027-03-15/2027-03-21']],
    ['an afternoon', ['DTSTART:20261218T120000', 'DTEND:20261218T150000'], ['2026-12-18']],
    ['midnight to midnight is one day', ['DTSTART:20261126T000000', 'DTEND:20261127T000000'], ['2026-11-26']],
    ['a duration of hours until midnight', ['DTSTART:20261126T000000', 'DURATION:PT24H'], ['2026-11-26']],
    ['UTC is told in the zone of the school', ['DTSTART:20261127T020000Z', 'DTEND:20261127T040000Z'], ['2026-11-26']],
    [
      'a named zone is told in the zone of the school',
      ['DTSTART;TZID=Europe/Berlin:20261127T030000', 'DURATION:PT1H'],
      ['2026-11-26'],
    ],
    ['a quoted zone', ['DTSTART;TZID="America/New_York":20261127T003000', 'DURATION:PT10M'], ['2026-11-26']],
    [
      'an event over the end of the days asked for',
      ['DTSTART;VALUE=DATE:20270628', 'DTEND;VALUE=DATE:20270710'],
      ['2027-06-28/2027-07-09'],
    ],
    ['an event before the days asked for', ['DTSTART;VALUE=DATE:20250628'], []],
    ['a cancelled event', ['DTSTART;VALUE=DATE:20261126', 'STATUS:CANCELLED'], []],
    ['small letters in names', ['dtstart;value=date:20261126'], ['2026-11-26']],
  ])('%s', (_, lines, expected) => {
    const { days, problems } = readText(event('SUMMARY:Day', ...lines));
    expect(days.map(({ from, to }) => (from === to ? from : `${from}/${to}`))).toEqual(expected);
    expect(problems).toEqual([]);
  });

  it.each<[string, string[], string]>([
    ['no first day', ['SUMMARY:A'], 'has no first day'],
    ['a day no calendar has', ['DTSTART;VALUE=DATE:20270230'], 'is no date'],
    ['an hour no day has', ['DTSTART:20270228T250000'], 'is no date'],
    ['an end before its beginning', ['DTSTART:20261126', 'DTEND:20261101'], 'ends before it begins'],
    ['an end that is no date', ['DTSTART:20261126', 'DTEND:soon'], 'is no date or length'],
    ['a length that is none', ['DTSTART:20261126', 'DURATION:P'], 'is no date or length'],
    ['more than a year', ['DTSTART:20261126', 'DTEND:20280101'], 'longer than 400 days'],
  ])('%s is a problem at the line of its event', (_, lines, words) => {
    const { days, problems } = readText(event(...lines));
    expect(days).toEqual([]);
    expect(problems).toEqual([{ line: 3, severity: 'error', words: expect.stringContaining(words) }]);
  });

  it('takes the times of a zone it does not know as local, and says so', () => {
    const { days, problems } = readText(event('DTSTART;TZID=Central Standard Time:20261126T230000', 'DURATION:PT30M'));
    expect(days).toMatchObject([{ from: '2026-11-26', to: '2026-11-26' }]);
    expect(problems).toMatchObject([{ severity: 'warning', words: expect.stringContaining('not known here') }]);
  });
});

describe('repeating events', () => {
  const thanksgiving = 'DTSTART;VALUE=DATE:20201126';
  it.each<[string, string[], string[]]>([
    ['every year on its date', ['DTSTART;VALUE=DATE:20201225', 'RRULE:FREQ=YEARLY'], ['2026-12-25']],
    ['the fourth Thursday of November', [thanksgiving, 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH'], ['2026-11-26']],
    ['the last Monday of May', ['DTSTART:20200525', 'RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO'], ['2027-05-31']],
    [
      'election day',
      ['DTSTART:20201103', 'RRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8'],
      ['2026-11-03'],
    ],
    ['the last day of June', ['DTSTART:20200630', 'RRULE:FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1'], ['2027-06-30']],
    ['until a year before', [thanksgiving, 'RRULE:FREQ=YEARLY;UNTIL=20251231'], []],
    [
      'until its last day, included',
      ['DTSTART:20261106', 'RRULE:FREQ=WEEKLY;UNTIL=20261113'],
      ['2026-11-06', '2026-11-13'],
    ],
    [
      'until a time of UTC',
      ['DTSTART:20261106', 'RRULE:FREQ=WEEKLY;UNTIL=20261114T055959Z'],
      ['2026-11-06', '2026-11-13'],
    ],
    ['a count from its beginning', ['DTSTART:20241225', 'RRULE:FREQ=YEARLY;COUNT=3'], ['2026-12-25']],
    ['a count used up', ['DTSTART:20231225', 'RRULE:FREQ=YEARLY;COUNT=3'], []],
    [
      'two weekdays',
      ['DTSTART:20261104', 'RRULE:FREQ=WEEKLY;BYDAY=WE,FR;COUNT=3'],
      ['2026-11-04', '2026-11-06', '2026-11-11'],
    ],
    ['every other week', ['DTSTART:20261104', 'RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2'], ['2026-11-04', '2026-11-18']],
    [
      'every other week from Sunday',
      ['DTSTART:20261103', 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=3'],
      ['2026-11-03', '2026-11-15', '2026-11-17'],
    ],
    ['the 29th of February', ['DTSTART:20200229', 'RRULE:FREQ=YEARLY'], []],
    [
      'without its exceptions',
      ['DTSTART:20261104', 'RRULE:FREQ=WEEKLY;COUNT=3', 'EXDATE;VALUE=DATE:20261111', 'EXDATE:20261118,20261125'],
      ['2026-11-04'],
    ],
    [
      'a break that repeats and has begun before',
      ['DTSTART:20200625', 'DTEND:20200705', 'RRULE:FREQ=YEARLY'],
      ['2026-06-25/2026-07-04', '2027-06-25/2027-07-04'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(spans(event(...lines))).toEqual(expected);
    expect(readText(event(...lines)).problems).toEqual([]);
  });

  it.each([
    'FREQ=MONTHLY',
    'FREQ=YEARLY;BYSETPOS=1',
    'FREQ=YEARLY;BYDAY=20MO',
    'FREQ=WEEKLY;COUNT=0',
    'INTERVAL=1',
    '',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=YEARLY;UNTIL=never',
  ])('takes only the first day of what repeats by “%s”, and says so', (rule) => {
    const { days, problems } = readText(event('DTSTART:20261104', `RRULE:${rule}`));
    expect(days).toMatchObject([{ from: '2026-11-04' }]);
    expect(problems).toMatchObject([{ line: 6, severity: 'warning' }]);
  });

  it('puts a changed day of a series in the place of the one it changes, and leaves a cancelled one out', () => {
    const series = [
      'BEGIN:VEVENT',
      'UID:w',
      'SUMMARY:Late',
      'DTSTART:20261104',
      'RRULE:FREQ=WEEKLY;COUNT=3',
      'END:VEVENT',
    ];
    const changed = [
      'BEGIN:VEVENT',
      'UID:w',
      'RECURRENCE-ID:20261111',
      'DTSTART:20261112',
      'SUMMARY:Later',
      'END:VEVENT',
    ];
    const gone = [
      'BEGIN:VEVENT',
      'UID:w',
      'RECURRENCE-ID:20261118',
      'DTSTART:20261118',
      'STATUS:CANCELLED',
      'END:VEVENT',
    ];
    const text = wrapped(...series, ...changed, ...gone);
    expect(spans(text)).toEqual(['2026-11-04', '2026-11-12']);
    expect(titles(text)).toEqual(['Late', 'Later']);
  });
});

describe('the text of a file', () => {
  const summary = (line: string) => titles(event('DTSTART:20261126', line));
  it.each<[string, string, string]>([
    [
      'escaped signs',
      'SUMMARY:No school\\, offices closed\\; see\\nthe page',
      'No school, offices closed; see the page',
    ],
    ['a folded line', 'SUMMARY:Winter\r\n  break', 'Winter break'],
    ['a line folded by a tab', 'SUMMARY:Win\r\n\tter', 'Winter'],
    ['a colon within quotes', 'SUMMARY;ALTREP="http://a:b;c":Winter', 'Winter'],
    ['what would steer a page', 'SUMMARY:\u202EWin\u0007ter', 'Winter'],
    ['a name too long', `SUMMARY:${'x'.repeat(300)}`, 'x'.repeat(100)],
    ['no name', 'SUMMARY: ', 'Untitled'],
  ])('%s', (_, line, expected) => {
    expect(summary(line)).toEqual([expected]);
  });

  const text = event('DTSTART:20261126', 'SUMMARY:Día de Acción');
  const western = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
  it.each<[string, Uint8Array]>([
    ['UTF-8', new TextEncoder().encode(text)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${text}`)],
    ['Windows-1252', western],
    [
      'UTF-16',
      Uint8Array.from([...`\uFEFF${text}`].flatMap((sign) => [sign.charCodeAt(0) & 255, sign.charCodeAt(0) >> 8])),
    ],
    [
      'UTF-16, the other way round',
      Uint8Array.from([...`\uFEFF${text}`].flatMap((sign) => [sign.charCodeAt(0) >> 8, sign.charCodeAt(0) & 255])),
    ],
    ['lines that end in LF', new TextEncoder().encode(text.replaceAll('\r', ''))],
    ['a fold within a character', folded(new TextEncoder().encode(text), 0xc3)],
  ])('%s', (_, bytes) => {
    expect(readIcalendar(bytes, span).days.map(({ title }) => title)).toEqual(['Día de Acción']);
  });

  it('keeps categories apart, and passes over alarms, tasks and what it does not know', () => {
    const alarm = ['BEGIN:VALARM', 'SUMMARY:Alarm', 'DTSTART:20200101', 'END:VALARM'];
    const task = ['BEGIN:VTODO', 'SUMMARY:Task', 'DTSTART:20261126', 'END:VTODO', 'X-WR-CALNAME:ours', 'nothing'];
    const lines = [...task, 'BEGIN:VEVENT', ...alarm, 'DTSTART:20261126', 'CATEGORIES:No school,A\\,B', 'END:VEVENT'];
    expect(readText(wrapped(...lines)).days).toMatchObject([{ categories: ['No school', 'A,B'], title: 'Untitled' }]);
  });

  it('says where a file breaks off, and keeps what came before', () => {
    const whole = event('DTSTART:20261126').replace('END:VCALENDAR\r\n', '');
    expect(readText(`${whole}BEGIN:VEVENT\r\nDTSTART:20261127`)).toMatchObject({
      days: [{ from: '2026-11-26' }],
      problems: [{ line: 7, severity: 'warning', words: expect.stringContaining('breaks off') }],
    });
  });
});

describe('a hostile file is refused in a sentence', () => {
  const many = (count: number, line: string) => Array<string>(count).fill(line);
  it.each<[string, () => Uint8Array | string, string, string]>([
    ['larger than 5 MB', () => new Uint8Array(icalendarLimits.bytes + 1), 'too-large', 'larger than 5 MB'],
    ['no calendar', () => '<html>', 'bad-file', 'no iCalendar file'],
    ['empty lines', () => '\r\n\r\n', 'bad-file', 'no iCalendar file'],
    ['properties before it begins', () => `X:1\r\n${event('DTSTART:20261126')}`, 'bad-file', 'no iCalendar file'],
    ['NULs', () => event('SUMMARY:a\0b'), 'bad-file', 'NUL'],
    ['deep nesting', () => wrapped(...many(100_000, 'BEGIN:VEVENT')), 'bad-file', 'nested more than ten deep'],
    [
      'crossed ends',
      () => 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR',
      'bad-file',
      'Line 3 ends what was not begun',
    ],
    [
      'too many events',
      () => wrapped(...many(10_001, 'BEGIN:VEVENT\r\nEND:VEVENT')),
      'bad-file',
      'more than 10,000 events',
    ],
    ['too many exceptions', () => event(...many(20_001, 'EXDATE:20261126')), 'bad-file', 'more than 20,000 exception'],
    [
      'events that repeat without end',
      () =>
        wrapped(
          ...many(9_000, 'BEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\r\nEND:VEVENT'),
        ),
      'bad-file',
      'more days than a school has',
    ],
    [
      'counts from long ago',
      () =>
        wrapped(...many(9_000, 'BEGIN:VEVENT\r\nDTSTART:19000101\r\nRRULE:FREQ=WEEKLY;COUNT=1000000\r\nEND:VEVENT')),
      'bad-file',
      'more days than a school has',
    ],
  ])('%s', (_, make, code, words) => {
    const made = make();
    const bytes = typeof made === 'string' ? new TextEncoder().encode(made) : made;
    const refused = caught(() => readIcalendar(bytes, span));
    expect(refused).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  const full = icalendarLimits.bytes - 200;
  it.each<[string, () => string]>([
    ['folds', () => event('DTSTART:20261126', `SUMMARY:${'\n '.repeat(full / 2)}`)],
    ['commas', () => event('DTSTART:20261126', `CATEGORIES:${','.repeat(full)}`)],
    ['backslashes', () => event('DTSTART:20261126', `SUMMARY:${'\\'.repeat(full)}`)],
    ['parameters', () => event('DTSTART:20261126', `X${';A=B'.repeat(full / 4)}:1`)],
    ['quotes', () => event('DTSTART:20261126', `X;A=${'"'.repeat(full)}:1`)],
    ['a rule of commas', () => event('DTSTART:20261126', `RRULE:FREQ=WEEKLY;BYDAY=${'TH,'.repeat(full / 3)}`)],
    ['a rule of parts', () => event('DTSTART:20261126', `RRULE:${'FREQ=WEEKLY;'.repeat(full / 12)}`)],
    ['short lines', () => event('DTSTART:20261126', 'A:B\r\n'.repeat(full / 5))],
  ])('5 MB of %s are read through', (_, make) => {
    expect(spans(make())).toContain('2026-11-26');
  });
});

function folded(bytes: Uint8Array, after: number): Uint8Array {
  const at = bytes.indexOf(after) + 1;
  return Uint8Array.from([...bytes.subarray(0, at), 0x0d, 0x0a, 0x20, ...bytes.subarray(at)]);
}

function caught(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (error instanceof CodedError) return { code: error.code, message: error.message };
    throw error;
  }
}
