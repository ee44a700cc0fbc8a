import { describe, expect, it } from 'vitest';
import { doesMore, effectOf, fingerprintOf } from '../../../../server/changes/effect.ts';
import { freezeAt } from '../../../../server/changes/freezes.ts';
import { weakenings } from '../../../../server/changes/publishing-settings.ts';
import { needsOf, requirementsOf } from '../../../../server/changes/requirements.ts';
import type { FrozenItem } from '../../../../server/store/change-records.ts';
import {
  type ChangePreview,
  type ProfileContent,
  type PublishingSettings,
  publishingDefaults,
} from '../../../../shared/api/schemas.ts';
import { freshCalendar } from '../../../../shared/calendar/fresh.ts';
import { content } from '../../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;
const strict = content({ browser: { youtube: 'strict' } }, everyone);
const off = content({ browser: { youtube: 'off' } }, everyone);
const locked: ProfileContent = { ...strict, locked: true };
const browserChange = { capability: 'browser', setting: 'youtube', title: 'YouTube', before: null, after: 'strict' };

function item(after: ProfileContent, before: ProfileContent | null = null): FrozenItem {
  const frozen = { id: 'p', name: 'Filter', fromRevision: before ? 1 : null, version: 2, fromDraft: true };
  return { kind: 'profile', ...frozen, content: after, before };
}

function preview(given: Partial<ChangePreview> = {}): ChangePreview {
  const lists = { orgs: [], sample: [], conflicts: [], locked: [], unknown: [], problems: [], settings: [] };
  const counts = { devices: 0, people: 0, of: 1000, percent: 0, unknownDevices: 0 };
  return { id: 'v', at: '2026-10-05T14:00:00.000Z', ...lists, ...counts, ...given };
}

const coSigned = { coSigning: [{ capability: 'browser', side: 'curriculum' as const }] };
const setting = { ...browserChange, devices: 1, words: 'w' };
const lockedRow = { profile: 'Minimum', title: 'YouTube', devices: 1, words: 'w' };
const both = ['it', 'curriculum'] as const;

describe('what a change needs', () => {
  const cases: [string, FrozenItem[], Partial<ChangePreview>, Partial<PublishingSettings>, string[]][] = [
    ['nothing when it touches little', [item(strict)], { devices: 19, percent: 1.9 }, {}, []],
    ['nothing at exactly the share', [item(strict)], { devices: 100, percent: 10 }, {}, []],
    ['a second person above the share', [item(strict)], { devices: 101, percent: 10.1 }, {}, ['second-person']],
    ['nothing above the share of few devices', [item(strict)], { devices: 19, percent: 95 }, {}, []],
    ['a second person from the least number on', [item(strict)], { devices: 20, percent: 95 }, {}, ['second-person']],
    ['a second person for a locked minimum that nobody has yet', [item(locked)], {}, {}, ['second-person']],
    ['a second person for a minimum that is unlocked', [item(strict, locked)], {}, {}, ['second-person']],
    [
      'a second person where a minimum changes by something else',
      [item(strict)],
      { locked: [lockedRow] },
      {},
      ['second-person'],
    ],
    ['a signature for a capability that is set otherwise', [item(off, strict)], {}, coSigned, ['curriculum']],
    ['no signature where the settings stay', [item({ ...strict, assignments: [] }, strict)], {}, coSigned, []],
    [
      'a signature where the settings stay and reach somebody else',
      [item({ ...strict, assignments: [] }, strict)],
      { settings: [setting] },
      coSigned,
      ['curriculum'],
    ],
    ['no signature for other capabilities', [item(content({ firewall: { mode: 'audit' } }))], {}, coSigned, []],
    [
      'one signature of each side, and a second person',
      [item(locked)],
      {},
      { coSigning: both.map((side) => ({ capability: 'browser', side })) },
      ['second-person', 'it', 'curriculum'],
    ],
  ];
  it.each(cases)('is %s', (_, items, shown, settings, kinds) => {
    const needs = needsOf({
      items,
      alone: 0,
      preview: preview(shown),
      settings: { ...publishingDefaults, ...settings },
    });
    expect(needs.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('says why', () => {
    const shown = preview({ devices: 340, percent: 34 });
    expect(needsOf({ items: [item(locked)], preview: shown, alone: 0, settings: publishingDefaults })).toEqual([
      {
        kind: 'second-person',
        why: 'It touches 340 devices, 34 % of all; above 10 % a second person approves. “Filter” is a locked minimum; a second person approves what touches it.',
      },
    ]);
  });

  it('is met by an approval of that side and exactly this fingerprint', () => {
    const needs = [{ kind: 'second-person' as const, why: 'w' }];
    const approval = { side: 'second-person' as const, by: 'staff:Lee', at: 5, fingerprint: 'a' };
    const at = new Date(5).toISOString();
    expect(requirementsOf(needs, [approval], 'a')).toEqual([{ ...needs[0], metBy: 'staff:Lee', metAt: at }]);
    expect(requirementsOf(needs, [approval], 'b')).toEqual([{ ...needs[0], metBy: null, metAt: null }]);
    expect(requirementsOf(needs, [{ ...approval, side: 'it' }], 'a')[0]?.metBy).toBeNull();
  });
});

describe('what was approved', () => {
  const rings = { groups: ['Pilot 1'], plan: publishingDefaults.plan };
  const effect = effectOf(preview({ devices: 100, settings: [setting], locked: [lockedRow] }), rings);
  it.each([
    ['the same', {}, false],
    ['fewer devices', { devices: 50 }, false],
    ['twenty devices more', { devices: 120 }, false],
    ['more than that', { devices: 121 }, true],
    ['another value', { settings: [{ ...setting, after: 'off' }] }, true],
    ['another setting', { settings: [setting, { ...setting, setting: 'safeSearch' }] }, true],
    ['a setting less', { settings: [] }, false],
    ['another minimum', { locked: [lockedRow, { ...lockedRow, profile: 'Other' }] }, true],
  ])('covers, or not: %s', (_, now, more) => {
    const shown = preview({ devices: 100, settings: [setting], locked: [lockedRow], ...now });
    expect(doesMore(effect, effectOf(shown, rings))).toBe(more);
  });

  it.each([
    ['an edited group', { groups: ['Pilot 2'] }, true],
    ['a group less', { groups: [] }, false],
    ['to everybody at once', { plan: null }, true],
    ['without gates', { plan: { ...publishingDefaults.plan, gates: [] } }, true],
  ])('covers, or not: %s', (_, now, more) => {
    expect(doesMore(effect, { ...effect, ...now })).toBe(more);
    expect(doesMore({ ...effect, plan: null }, effect)).toBe(false);
  });

  it('allows a twentieth of many devices more', () => {
    expect(doesMore({ ...effect, devices: 10_000 }, { ...effect, devices: 10_500 })).toBe(false);
    expect(doesMore({ ...effect, devices: 10_000 }, { ...effect, devices: 10_501 })).toBe(true);
  });

  it('has a fingerprint of contents and effect, whatever the order of keys', () => {
    const print = fingerprintOf([item(strict)], effect);
    expect(fingerprintOf([item({ assignments: strict.assignments, settings: strict.settings })], effect)).toBe(print);
    expect(fingerprintOf([{ ...item(strict), version: 9 }], effect)).toBe(print);
    expect(fingerprintOf([item(off)], effect)).not.toBe(print);
    expect(fingerprintOf([item(strict, off)], effect)).not.toBe(print);
    expect(fingerprintOf([item(strict)], { ...effect, devices: 101 })).not.toBe(print);
  });
});

describe('a freeze', () => {
  const calendar = {
    ...freshCalendar('America/Chicago'),
    freezes: [{ title: 'State testing', from: '2026-10-05', to: '2026-10-06' }],
  };
  const own = { title: 'Move', from: '2026-10-05T00:00:00Z', to: '2026-10-09T00:00:00Z' };
  const at = (text: string) => Date.parse(text);
  it.each([
    ['is on from the first midnight in the zone of the calendar', {}, '2026-10-05T05:00:00Z', 'State testing'],
    ['is not on the evening before', {}, '2026-10-05T04:59:59Z', undefined],
    ['ends after its last day', {}, '2026-10-07T05:00:00Z', undefined],
    [
      'of a calendar is not kept when nobody wants it',
      { keepCalendarFreezes: false },
      '2026-10-05T12:00:00Z',
      undefined,
    ],
    [
      'of the district is kept all the same',
      { keepCalendarFreezes: false, freezes: [own] },
      '2026-10-05T12:00:00Z',
      'Move',
    ],
    ['that lasts longer is named', { freezes: [own] }, '2026-10-05T12:00:00Z', 'Move'],
    ['of the district is over at its end', { freezes: [own] }, '2026-10-09T00:00:00Z', undefined],
  ])('%s', (_, settings, now, title) => {
    expect(freezeAt({ ...publishingDefaults, ...settings }, [calendar], at(now))?.title).toBe(title);
  });

  it('says until when', () => {
    const freeze = freezeAt(publishingDefaults, [calendar], at('2026-10-05T12:00:00Z'));
    expect(freeze).toEqual({ title: 'State testing', until: at('2026-10-07T05:00:00Z') });
  });

  it('of a calendar that no touched device goes by holds nothing', () => {
    expect(freezeAt(publishingDefaults, [], at('2026-10-05T12:00:00Z'))).toBeUndefined();
  });
});

describe('settings of publishing are weaker', () => {
  const now = Date.parse('2026-10-05T14:00:00Z');
  const freeze = { title: 'Move', from: '2026-10-06T00:00:00Z', to: '2026-10-09T00:00:00Z' };
  const before = { ...publishingDefaults, ...coSigned, freezes: [freeze] };
  const cases: [string, Partial<PublishingSettings>, RegExp | undefined][] = [
    ['with a larger share', { approvalPercent: 50 }, /above 50 % instead of 10 %/],
    ['with a larger least number', { approvalLeast: 21 }, /from 21 devices on instead of 20/],
    ['without a signature', { coSigning: [] }, /needs no signature of Curriculum/],
    ['without the freezes of calendars', { keepCalendarFreezes: false }, /not kept/],
    ['with a freeze less', { freezes: [] }, /“Move” is shorter, or gone/],
    ['with a freeze that ends earlier', { freezes: [{ ...freeze, to: '2026-10-08T00:00:00Z' }] }, /shorter/],
    ['with a freeze that begins later', { freezes: [{ ...freeze, from: '2026-10-07T00:00:00Z' }] }, /shorter/],
    ['not with a smaller share', { approvalPercent: 5 }, undefined],
    [
      'not with a longer freeze by another name',
      { freezes: [{ ...freeze, title: 'x', from: '2026-10-05T00:00:00Z' }] },
      undefined,
    ],
    ['not with other rings', { fewDevices: 0 }, undefined],
  ];
  it.each(cases)('%s', (_, change, words) => {
    const found = weakenings(before, { ...before, ...change }, now);
    expect(found).toEqual(words ? [expect.stringMatching(words)] : []);
  });

  it('not without a freeze that is over', () => {
    expect(weakenings(before, { ...before, freezes: [] }, Date.parse(freeze.to))).toEqual([]);
  });
});
