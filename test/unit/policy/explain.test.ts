import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../../shared/policy/assignment.ts';
import { onItsWayWords, presetWords, rankWords, valueWords, whyBeaten } from '../../../shared/policy/explain.ts';
import { settingSchemas } from '../../../shared/policy/merge.ts';
import { district } from '../../../shared/policy/nearness.ts';
import type { CapabilityName } from '../../../shared/profile/registry.ts';

type About = Partial<Pick<Assignment, 'profile' | 'priority' | 'locked' | 'restriction' | 'override'>> & {
  near?: number;
};

function assignment({ near: _, profile = 'Winner', ...about }: About): Assignment {
  const to = { kind: 'everyone' as const };
  return { profile, profileId: profile.toLowerCase(), revision: 1, settings: {}, to, priority: 100, ...about };
}

type Case = [string, [CapabilityName, string], [About, unknown], [About, unknown], string];

const loser = { profile: 'Zero' };
const beaten: Case[] = [
  [
    'a smaller number where the strictest wins',
    ['screenLock', 'idleMinutes'],
    [{}, 5],
    [loser, 15],
    'strictest wins: 5 minutes is stricter than 15',
  ],
  [
    'fewer seconds',
    ['screenLock', 'graceSeconds'],
    [{}, 0],
    [loser, 30],
    'strictest wins: 0 seconds is stricter than 30',
  ],
  ['a switch', ['browser', 'safeSearch'], [{}, true], [loser, false], 'strictest wins: on is stricter than off'],
  [
    'a choice by its label',
    ['screenLock', 'mode'],
    [{}, 'enforce'],
    [loser, 'audit'],
    `strictest wins: ${label('screenLock', 'mode', 'enforce')} is stricter than ${label('screenLock', 'mode', 'audit')}`,
  ],
  [
    'the strictest of a locked minimum',
    ['screenLock', 'idleMinutes'],
    [{ locked: true }, 5],
    [loser, 15],
    'strictest wins: 5 minutes is stricter than 15 (locked minimum)',
  ],
  [
    'the strictest of what is farther away',
    ['screenLock', 'idleMinutes'],
    [{ near: district }, 5],
    [{ ...loser, near: 0 }, 15],
    'strictest wins: 5 minutes is stricter than 15',
  ],
  [
    'an override that loosens',
    ['screenLock', 'idleMinutes'],
    [{ profile: 'Exams', override: { reason: 'state exams' } }, 60],
    [loser, 5],
    'override: “Exams” goes before all but locked minimums (state exams)',
  ],
  [
    'an override of a start page',
    ['browser', 'homePage'],
    [{ profile: 'Fair', override: { reason: 'book fair' } }, 'https://fair.example/'],
    [{ ...loser, near: 0 }, 'https://x.example/'],
    'override: “Fair” goes before all but locked minimums (book fair)',
  ],
  [
    'a locked minimum where one replaces the other',
    ['browser', 'homePage'],
    [{ profile: 'Law', locked: true }, 'https://a.example/'],
    [{ ...loser, override: { reason: 'fair' } }, 'https://b.example/'],
    'locked minimum: nothing weakens “Law”',
  ],
  [
    'a restriction',
    ['browser', 'homePage'],
    [{ profile: 'Only school sites', restriction: true }, 'https://a.example/'],
    [{ ...loser, override: { reason: 'fair' } }, 'https://b.example/'],
    'restriction: “Only school sites” holds until the device is put right',
  ],
  [
    'somebody named',
    ['browser', 'homePage'],
    [{ near: 0 }, 'https://a.example/'],
    [{ ...loser, near: 2 }, 'https://b.example/'],
    'nearer: it names the person or the device',
  ],
  [
    'a class',
    ['browser', 'homePage'],
    [{ near: 1 }, 'https://a.example/'],
    [{ ...loser, near: 2 }, 'https://b.example/'],
    'nearer: it names a class of the person',
  ],
  [
    'a school over the district',
    ['browser', 'homePage'],
    [{ near: 2 }, 'https://a.example/'],
    [{ ...loser, near: 3 }, 'https://b.example/'],
    'a nearer unit',
  ],
  [
    'a unit over everyone',
    ['browser', 'homePage'],
    [{ near: 3 }, 'https://a.example/'],
    [{ ...loser, near: district }, 'https://b.example/'],
    'nearer: it names a unit of the person',
  ],
  [
    'the higher priority',
    ['browser', 'homePage'],
    [{ priority: 200 }, 'https://a.example/'],
    [{ ...loser, priority: 100 }, 'https://b.example/'],
    'higher priority: 200 goes before 100',
  ],
  [
    'the name when all else is equal',
    ['browser', 'homePage'],
    [{ profile: 'Alpha' }, 'https://a.example/'],
    [loser, 'https://b.example/'],
    'by name: “Alpha” comes before “Zero”',
  ],
  [
    'a nearer one though its priority is lower',
    ['browser', 'homePage'],
    [{ near: 2, priority: 1 }, 'https://a.example/'],
    [{ ...loser, near: 3, priority: 900 }, 'https://b.example/'],
    'a nearer unit',
  ],
];

function label(capability: CapabilityName, setting: string, value: string): string {
  return valueWords(value, setting, settingSchemas(capability)[setting]);
}

describe('why a wish lost', () => {
  it.each(beaten)('to %s', (_, [capability, setting], [won, value], [lost, wanted], words) => {
    const [winner, other] = [assignment(won), assignment(lost)];
    const near = new Map([
      [winner, won.near ?? district],
      [other, lost.near ?? district],
    ]);
    const because = whyBeaten(
      { capability, setting },
      { assignment: winner, value },
      { assignment: other, value: wanted },
      near,
    );
    expect(because).toBe(words);
  });
});

describe('the place of an assignment in the order', () => {
  const places: [string, About, string][] = [
    ['a locked minimum', { locked: true }, 'locked minimum'],
    ['a restriction', { restriction: true }, 'restriction until it is put right'],
    ['an override for good', { override: { reason: 'exam' } }, 'override'],
    [
      'an override with an end',
      { override: { reason: 'exam', until: '2027-05-03T06:00:00Z' } },
      'override until 3 May 2027',
    ],
    ['a person', { near: 0 }, 'names the person or the device'],
    ['a class', { near: 1 }, 'a class of the person'],
    ['the own school', { near: 2 }, 'the person’s own unit'],
    ['the unit above', { near: 3 }, '1 unit up'],
    ['two above', { near: 4 }, '2 units up'],
    ['everybody', { near: district }, 'names nothing near it'],
  ];
  it.each(places)('of %s', (_, about, words) => {
    expect(rankWords(assignment(about), about.near ?? district)).toBe(words);
  });
});

describe('values in words', () => {
  const values: [string, unknown, [CapabilityName, string], string][] = [
    ['a list', ['a.example', 'b.example'], ['browser', 'blockedUrls'], '2 entries'],
    ['a list of one', ['a.example'], ['browser', 'blockedUrls'], '1 entry'],
    ['a percentage', 125, ['accessibility', 'textScalePercent'], '125 %'],
    ['a text', 'https://a.example/', ['browser', 'homePage'], '“https://a.example/”'],
    ['a text without end', 'x'.repeat(200), ['browser', 'homePage'], `“${'x'.repeat(99)}…”`],
    ['nothing', undefined, ['browser', 'homePage'], 'nothing'],
  ];
  it.each(values)('%s', (_, value, [capability, setting], words) => {
    expect(valueWords(value, setting, settingSchemas(capability)[setting])).toBe(words);
  });

  it('never show a secret', () => {
    const schema = { title: 'Password', 'x-merge': 'replace', 'x-secret': true } as const;
    expect(valueWords('hunter2', 'password', schema)).toBe('a secret');
  });

  it('say what a preset allows', () => {
    expect(presetWords('the Minnesota preset', 'counts')).toBe('the Minnesota preset allows no more than “counts”');
  });
});

describe('what is on its way', () => {
  const about = { title: 'Autumn', kind: 'profile', name: 'Browsers', from: 2, to: 3, stopped: undefined } as const;
  it.each([
    [
      'comes later',
      { ...about, has: false },
      'Rollout “Autumn”: revision 3 of “Browsers” comes to this device with a later ring; it holds revision 2 until then.',
    ],
    [
      'is there already',
      { ...about, has: true },
      'Rollout “Autumn”: this device already has revision 3 of “Browsers”.',
    ],
    [
      'is the first of its kind',
      { ...about, from: null, has: false },
      'Rollout “Autumn”: revision 3 of “Browsers” comes to this device with a later ring; it has none of it until then.',
    ],
    [
      'is a group',
      { ...about, kind: 'group' as const, has: true },
      'Rollout “Autumn”: this device already has revision 3 of the group “Browsers”.',
    ],
    [
      'is halted',
      { ...about, has: true, stopped: 'It is halted: crashes.' },
      'Rollout “Autumn”: this device already has revision 3 of “Browsers”. It is halted: crashes.',
    ],
  ])('that %s', (_, one, words) => {
    expect(onItsWayWords(one)).toBe(words);
  });
});
