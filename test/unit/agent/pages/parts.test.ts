import { describe, expect, it } from 'vitest';
import { FormTokens } from '../../../../agent/pages/form-tokens.ts';
import { html } from '../../../../agent/pages/html.ts';
import { askedPart } from '../../../../agent/pages/own-parts.ts';
import type { Asked, OwnStanding } from '../../../../agent/pages/own-standing.ts';
import { Times } from '../../../../agent/pages/times.ts';
import { whyBlocked } from '../../../../agent/pages/why.ts';
import { en } from '../../../../agent/pages/words/en.ts';
import { languages } from '../../../../agent/pages/words/languages.ts';
import type { Window } from '../../../../shared/calendar/calendar.ts';
import type { Decision } from '../../../../shared/filter/decision.ts';
import type { FilterSchedule, Override } from '../../../../shared/profile/web-filter.ts';
import { monday, richSection } from '../../../fakes/own-pages.ts';

describe('the template', () => {
  it.each([
    ['a tag', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['the end of an attribute', '" onload="x', '&quot; onload=&quot;x'],
    ['an apostrophe', "' x='", '&#39; x=&#39;'],
    ['an entity', '&lt;', '&amp;lt;'],
    ['text that turns the direction', 'a\u202eb\u0000c', 'a b c'],
    ['half of a pair', 'a\ud800b', 'a b'],
  ])('escapes %s', (_name, hostile, safe) => {
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(`<p title="${safe}">${safe}</p>`);
  });

  it('keeps HTML, joins lists, and leaves out what is absent', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, undefined, false, ['<', '>']]}</ul>`.text).toBe(
      '<ul><li>1</li>&lt;&gt;</ul>',
    );
  });
});

describe('tokens of forms', () => {
  const tokens = new FormTokens(new Uint8Array(32).fill(7));
  const token = tokens.of('chess.example');

  it('hold for their name alone, in their process alone', () => {
    expect(tokens.check('chess.example', token)).toBe(true);
    expect(tokens.check('other.example', token)).toBe(false);
    expect(new FormTokens(new Uint8Array(32)).check('chess.example', token)).toBe(false);
  });

  it.each(['', token.slice(1), `${token}0`, token.toUpperCase(), '\u{1f600}'.repeat(16)])('are not %j', (wrong) => {
    expect(tokens.check('chess.example', wrong)).toBe(false);
  });
});

describe('times', () => {
  const hour = 3_600_000;
  it.each([
    ['today by its time alone', 'America/Chicago', monday + 6 * hour, '15:00'],
    ['in the zone of the district', 'Europe/London', monday, '15:00'],
    ['tomorrow', 'America/Chicago', monday + 24 * hour, 'tomorrow, 09:00'],
    ['yesterday', 'America/Chicago', monday - 24 * hour, 'yesterday, 09:00'],
    ['a day of the next week by its name', 'America/Chicago', monday + 72 * hour, 'Thursday, 09:00'],
    ['a far day by its date', 'America/Chicago', monday + 30 * 24 * hour, '4 November, 08:00'],
    ['midnight as the beginning of a day', 'America/Chicago', monday + 15 * hour, 'tomorrow, 00:00'],
  ])('say %s', (_name, zone, instant, words) => {
    expect(new Times(monday, zone, en).at(instant)).toBe(words);
  });

  it('fall back to the zone of the system where the district’s is not known', () => {
    expect(new Times(monday, 'Nowhere/Land', en).at(monday)).toBe(new Times(monday, undefined, en).at(monday));
  });
});

describe('what is asked of the device', () => {
  const nothing = { wrong: [], mended: [], unknown: [], waived: [], good: [], minor: [] } satisfies OwnStanding;
  const one = { check: 'firewall-on' } as Asked;
  const partOf = async (standing: OwnStanding) => {
    const language = await languages.en.load();
    return askedPart(standing, [], { language, times: new Times(monday, 'UTC', en), now: monday, isConnected: true });
  };

  it('is said to be nothing when nothing is', async () => {
    expect((await partOf(nothing))?.text).toContain('Nothing is asked of this device yet.');
  });

  it.each(['wrong', 'mended', 'unknown', 'waived'] as const)('is left out when all of it is %s', async (place) => {
    expect(await partOf({ ...nothing, [place]: [one] })).toBeUndefined();
  });
});

describe('why a name is blocked', () => {
  const times = new Times(monday, 'America/Chicago', en);
  const until = monday + 6 * 3_600_000;
  const only: Override = {
    id: 'o2',
    kind: 'only',
    domains: ['test.example'],
    categories: [],
    from: monday,
    until,
    reason: 'Test',
    by: 'Mr Lee',
  };
  const section = { ...richSection, overrides: [...(richSection.overrides ?? []), only] };

  it.each<[string, Decision, RegExp, object]>([
    [
      'the locked minimum',
      { action: 'block', layer: 'locked-minimum', category: 'gambling', rule: 'casino.example', assignment: 'All' },
      /“Gambling”.*never open/,
      { isLocked: true, setBy: 'All', list: 'Gambling', rule: 'casino.example' },
    ],
    [
      'a category whose list is not known any more',
      { action: 'block', layer: 'category', category: 'old-list' },
      /“old-list”/,
      { isLocked: false, until: 'until somebody changes the rule' },
    ],
    [
      'the district’s own list',
      { action: 'block', layer: 'district-block', rule: '*.bad.example' },
      /own list/,
      { rule: '*.bad.example' },
    ],
    [
      'a schedule with its end',
      { action: 'block', layer: 'schedule', rule: 'Lessons', until },
      /“Lessons” blocks it until 15:00/,
      { until: 'until 15:00' },
    ],
    ['a schedule without an end', { action: 'block', layer: 'schedule', rule: 'Always' }, /“Always” blocks it now/, {}],
    [
      'staff who closed it',
      { action: 'block', layer: 'override', rule: 'film.example', assignment: 'Ms Okafor', until: monday + 3_600_000 },
      /Ms Okafor closed it for you until 10:00/,
      { reason: 'We write a test.', setBy: 'Ms Okafor' },
    ],
    [
      'staff who opened only some',
      { action: 'block', layer: 'override', assignment: 'Mr Lee', until },
      /Only the sites chosen by Mr Lee/,
      { reason: 'Test' },
    ],
    ['a filter without lists', { action: 'block', layer: 'default' }, /lost its lists/, {}],
  ])('names %s', (_name, decision, sentence, rest) => {
    const why = whyBlocked(decision, section, times, en);
    expect(why.sentence).toMatch(sentence);
    expect(why).toMatchObject(rest);
  });
});

describe('a schedule in words', () => {
  const schedule = (when: Window, change: Partial<FilterSchedule> = {}): FilterSchedule => ({
    title: 'S',
    action: 'block',
    categories: [],
    domains: [],
    when,
    place: 'anywhere',
    ...change,
  });
  it.each<[string, FilterSchedule, string[], string]>([
    [
      'school hours at school',
      schedule({ kind: 'school-hours' }, { place: 'on-campus' }),
      ['Games'],
      'Games: blocked in school hours, at school.',
    ],
    [
      'days off',
      schedule({ kind: 'days-off' }, { action: 'allow', domains: ['a.example'] }),
      ['Games'],
      'Games and 1 site: open on days without school.',
    ],
    [
      'periods',
      schedule({ kind: 'periods', periods: ['Lunch', 'Study'] }, { action: 'allow' }),
      ['Music'],
      'Music: open in Lunch and Study.',
    ],
    [
      'times past midnight on school days',
      schedule({ kind: 'times', from: '22:00', to: '06:00', days: ['monday', 'tuesday'], schoolDaysOnly: true }),
      ['Games', 'Music'],
      'Games and Music: blocked on Monday and Tuesday from 22:00 to 06:00 if there is school.',
    ],
    [
      'exam days elsewhere',
      schedule({ kind: 'freeze' }, { place: 'off-campus', domains: ['a.example', 'b.example'] }),
      [],
      '2 sites: blocked on exam days, not at school.',
    ],
  ])('says %s', (_name, given, categories, words) => {
    expect(en.scheduleWords(given, categories)).toBe(words);
  });
});
