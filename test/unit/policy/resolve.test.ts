import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../../shared/policy/assignment.ts';
import { resolveDesiredState } from '../../../shared/policy/resolve.ts';
import type { PolicySubject } from '../../../shared/policy/subject.ts';
import type { ProfileSettings } from '../../../shared/profile/registry.ts';
import { ada, assignment, heldBy, stranger, teacher } from './subjects.ts';

const home = (homePage: string): ProfileSettings => ({ browser: { homePage } });

interface Case {
  name: string;
  assignments: Assignment[];
  subject?: PolicySubject;
  lastKnown?: string[];
  settings: ProfileSettings;
  /** Setting → profiles it comes from, then profiles it beat. */
  why?: Record<string, [string[], string[]]>;
}

const scoping: Case[] = [
  { name: 'without assignments nothing is managed', assignments: [], settings: {} },
  {
    name: 'an assignment that does not reach the device sets nothing',
    assignments: [assignment('a', { to: { kind: 'role', role: 'teacher' }, settings: home('https://t/') })],
    settings: {},
  },
  {
    name: 'a capability without settings is managed all the same',
    assignments: [assignment('a', { settings: { webFilter: {} } })],
    settings: { webFilter: {} },
  },
  {
    name: 'capabilities of several profiles stand side by side',
    assignments: [
      assignment('a', { settings: { webFilter: { safeSearch: true } } }),
      assignment('b', { settings: { browser: { youtube: 'strict' } } }),
    ],
    settings: { webFilter: { safeSearch: true }, browser: { youtube: 'strict' } },
    why: { safeSearch: [['a'], []], youtube: [['b'], []] },
  },
  {
    name: 'a role that is not known keeps its last known answer',
    assignments: [assignment('a', { to: { kind: 'role', role: 'student' }, settings: home('https://s/') })],
    subject: heldBy(stranger),
    lastKnown: ['role:student'],
    settings: home('https://s/'),
  },
  {
    name: 'a role that was never known does not match',
    assignments: [assignment('a', { to: { kind: 'role', role: 'student' }, settings: home('https://s/') })],
    subject: heldBy(stranger),
    settings: {},
  },
  {
    name: 'a last known answer does not outlive a known one',
    assignments: [assignment('a', { to: { kind: 'role', role: 'student' }, settings: home('https://s/') })],
    subject: heldBy(teacher),
    lastKnown: ['role:student'],
    settings: {},
  },
  {
    name: 'a device taken back keeps what it had by role, unit and grade, but not what was one person’s',
    assignments: [
      assignment('role', { to: { kind: 'role', role: 'student' }, settings: { browser: { youtube: 'strict' } } }),
      assignment('unit', { to: { kind: 'org', org: 'maple' }, settings: { browser: { blockGuestMode: true } } }),
      assignment('grade', { to: { kind: 'grade', grade: '06' }, settings: { webFilter: { safeSearch: true } } }),
      assignment('person', { to: { kind: 'person', person: 'ada' }, settings: home('https://ada/') }),
    ],
    subject: heldBy(null),
    lastKnown: ['role:student', 'org:maple', 'grade:06', 'person:ada'],
    settings: { webFilter: { safeSearch: true }, browser: { youtube: 'strict', blockGuestMode: true } },
  },
  {
    name: 'a last known tag means nothing: tags are always known',
    assignments: [assignment('a', { to: { kind: 'tag', tag: 'lab' }, settings: home('https://l/') })],
    lastKnown: ['tag:lab'],
    settings: {},
  },
  {
    name: 'a profile that reaches a device twice counts once, by its stronger assignment',
    assignments: [
      assignment('a', { priority: 10, settings: home('https://a/') }),
      assignment('a', { priority: 200, to: { kind: 'role', role: 'student' }, settings: home('https://a/') }),
      assignment('b', { priority: 150, settings: home('https://b/') }),
    ],
    settings: home('https://a/'),
    why: { homePage: [['a'], ['b']] },
  },
];

const strictest: Case[] = [
  {
    name: 'true is stricter than false, whatever the priority',
    assignments: [
      assignment('a', { priority: 900, settings: { webFilter: { safeSearch: false } } }),
      assignment('b', { priority: 1, settings: { webFilter: { safeSearch: true } } }),
    ],
    settings: { webFilter: { safeSearch: true } },
    why: { safeSearch: [['b'], ['a']] },
  },
  {
    name: 'false stays false when nobody asks for more',
    assignments: [assignment('a', { settings: { webFilter: { safeSearch: false } } })],
    settings: { webFilter: { safeSearch: false } },
    why: { safeSearch: [['a'], []] },
  },
  {
    name: 'the later choice is stricter',
    assignments: [
      assignment('a', { settings: { webFilter: { youtube: 'strict' } } }),
      assignment('b', { settings: { webFilter: { youtube: 'off' } } }),
      assignment('c', { settings: { webFilter: { youtube: 'moderate' } } }),
    ],
    settings: { webFilter: { youtube: 'strict' } },
    why: { youtube: [['a'], ['b', 'c']] },
  },
  {
    name: 'moderate beats off',
    assignments: [
      assignment('a', { settings: { browser: { youtube: 'off' } } }),
      assignment('b', { settings: { browser: { youtube: 'moderate' } } }),
    ],
    settings: { browser: { youtube: 'moderate' } },
    why: { youtube: [['b'], ['a']] },
  },
  {
    name: 'all that agree are named as the source',
    assignments: [
      assignment('a', { settings: { browser: { blockGuestMode: true } } }),
      assignment('b', { settings: { browser: { blockGuestMode: true } } }),
      assignment('c', { settings: { browser: { blockGuestMode: false } } }),
    ],
    settings: { browser: { blockGuestMode: true } },
    why: { blockGuestMode: [['a', 'b'], ['c']] },
  },
];

const union: Case[] = [
  {
    name: 'lists are joined, highest precedence first, duplicates dropped',
    assignments: [
      assignment('a', { priority: 1, settings: { webFilter: { blockedDomains: ['b.example', 'c.example'] } } }),
      assignment('b', { priority: 2, settings: { webFilter: { blockedDomains: ['a.example', 'b.example'] } } }),
    ],
    settings: { webFilter: { blockedDomains: ['a.example', 'b.example', 'c.example'] } },
    why: { blockedDomains: [['b', 'a'], []] },
  },
  {
    name: 'an empty list adds nothing',
    assignments: [
      assignment('a', { settings: { webFilter: { blockedCategories: [] } } }),
      assignment('b', { settings: { webFilter: { blockedCategories: ['gambling'] } } }),
    ],
    settings: { webFilter: { blockedCategories: ['gambling'] } },
  },
  {
    name: 'an empty list alone stays an empty list',
    assignments: [assignment('a', { settings: { browser: { blockedUrls: [] } } })],
    settings: { browser: { blockedUrls: [] } },
  },
  {
    name: 'blocked and allowed lists are joined apart',
    assignments: [
      assignment('a', { settings: { webFilter: { blockedDomains: ['x.example'] } } }),
      assignment('b', { settings: { webFilter: { allowedDomains: ['x.example'] } } }),
    ],
    settings: { webFilter: { blockedDomains: ['x.example'], allowedDomains: ['x.example'] } },
  },
];

const precedence: Case[] = [
  {
    name: 'the higher number wins',
    assignments: [
      assignment('a', { priority: 100, settings: home('https://a/') }),
      assignment('b', { priority: 101, settings: home('https://b/') }),
    ],
    settings: home('https://b/'),
    why: { homePage: [['b'], ['a']] },
  },
  {
    name: 'what is nearer wins over the higher number',
    assignments: [
      assignment('a', { priority: 1, to: { kind: 'person', person: 'ada' }, settings: home('https://a/') }),
      assignment('b', { priority: 1000, settings: home('https://b/') }),
    ],
    settings: home('https://a/'),
    why: { homePage: [['a'], ['b']] },
  },
  ...(
    [
      ['a person', { kind: 'person', person: 'ada' }, 'a class', { kind: 'class', class: 'maths' }],
      ['a tag', { kind: 'tag', tag: 'lab' }, 'a class', { kind: 'class', class: 'maths' }],
      ['a class', { kind: 'class', class: 'maths' }, 'a unit', { kind: 'org', org: 'maple' }],
      ['the nearer unit', { kind: 'org', org: 'maple' }, 'the unit above', { kind: 'org', org: 'district' }],
      ['the unit between', { kind: 'org', org: 'north-zone' }, 'the top', { kind: 'org', org: 'district' }],
      ['a unit', { kind: 'org', org: 'district' }, 'a role', { kind: 'role', role: 'student' }],
      ['a unit', { kind: 'org', org: 'district' }, 'a grade', { kind: 'grade', grade: '06' }],
    ] as const
  ).map(([stronger, strong, weaker, weak]) => ({
    name: `${stronger} is nearer than ${weaker}, whatever the number`,
    assignments: [
      assignment('a', { to: weak, priority: 900, settings: home('https://weak/') }),
      assignment('b', { to: strong, priority: 1, settings: home('https://strong/') }),
    ],
    subject: heldBy({ ...ada, classes: ['maths'] }, ['lab']),
    settings: home('https://strong/'),
    why: { homePage: [['b'], ['a']] as [string[], string[]] },
  })),
  ...(
    [
      ['a person', { kind: 'person', person: 'ada' }, 'a tag', { kind: 'tag', tag: 'lab' }],
      ['a role', { kind: 'role', role: 'student' }, 'everyone', { kind: 'everyone' }],
      ['a grade', { kind: 'grade', grade: '06' }, 'a role', { kind: 'role', role: 'student' }],
    ] as const
  ).map(([one, strong, other, weak]) => ({
    name: `${one} and ${other} are equally near: the number decides`,
    assignments: [
      assignment('a', { to: strong, priority: 1, settings: home('https://less/') }),
      assignment('b', { to: weak, priority: 2, settings: home('https://more/') }),
    ],
    subject: heldBy(ada, ['lab']),
    settings: home('https://more/'),
    why: { homePage: [['b'], ['a']] as [string[], string[]] },
  })),
  {
    name: 'at the same number and selector the name decides',
    assignments: [assignment('b', { settings: home('https://b/') }), assignment('a', { settings: home('https://a/') })],
    settings: home('https://a/'),
  },
  {
    name: 'an object wins whole',
    assignments: [
      assignment('a', { priority: 1, settings: { webFilter: { upstream: { kind: 'system' } } } }),
      assignment('b', { priority: 2, settings: { webFilter: { upstream: { kind: 'plain', servers: ['9.9.9.9'] } } } }),
    ],
    settings: { webFilter: { upstream: { kind: 'plain', servers: ['9.9.9.9'] } } },
    why: { upstream: [['b'], ['a']] },
  },
  {
    name: 'a weaker profile still sets what the stronger leaves alone',
    assignments: [
      assignment('a', { priority: 2, settings: { webFilter: { blockAnswer: 'refused' } } }),
      assignment('b', {
        priority: 1,
        settings: { webFilter: { blockAnswer: 'address', upstream: { kind: 'system' } } },
      }),
    ],
    settings: { webFilter: { blockAnswer: 'refused', upstream: { kind: 'system' } } },
    why: { blockAnswer: [['a'], ['b']], upstream: [['b'], []] },
  },
];

const mostHelp: Case[] = [
  {
    name: 'a screen reader stays, whatever a stronger profile says',
    assignments: [
      assignment('a', { priority: 900, settings: { accessibility: { screenReader: false } } }),
      assignment('b', { priority: 1, settings: { accessibility: { screenReader: true } } }),
    ],
    settings: { accessibility: { screenReader: true } },
    why: { screenReader: [['b'], ['a']] },
  },
  {
    name: 'the larger magnification and the longer delay hold',
    assignments: [
      assignment('a', { priority: 900, settings: { accessibility: { magnification: 2, keyRepeatDelayMs: 500 } } }),
      assignment('b', { priority: 1, settings: { accessibility: { magnification: 4 } } }),
      assignment('c', { priority: 1, settings: { accessibility: { keyRepeatDelayMs: 2000 } } }),
    ],
    settings: { accessibility: { magnification: 4, keyRepeatDelayMs: 2000 } },
    why: { magnification: [['b'], ['a']], keyRepeatDelayMs: [['c'], ['a']] },
  },
];

describe.each([
  ['scoping', scoping],
  ['strictest', strictest],
  ['what helps most', mostHelp],
  ['union', union],
  ['precedence', precedence],
])('resolving a desired state by %s', (_, cases) => {
  it.each(cases)('$name', ({ assignments, subject = heldBy(ada), lastKnown = [], settings, why = {} }) => {
    const resolution = resolveDesiredState({ subject, assignments, lastKnown });
    expect(resolution.settings).toEqual(settings);
    for (const [setting, [from, beaten]] of Object.entries(why)) {
      const explained = resolution.explanation.find((entry) => entry.setting === setting);
      expect(explained?.from.map(({ profile }) => profile)).toEqual(from);
      expect(explained?.beaten.map((lost) => lost.assignment.profile)).toEqual(beaten);
    }
  });
});

describe('what a resolution remembers and admits', () => {
  const students = assignment('a', { to: { kind: 'role', role: 'student' }, settings: home('https://s/') });

  it('remembers the selectors and profiles that reach the device, sorted', () => {
    const assignments = [assignment('z'), students, assignment('t', { to: { kind: 'tag', tag: 'lab' } })];
    const { scope } = resolveDesiredState({ subject: heldBy(ada, ['lab']), assignments, lastKnown: [] });
    expect(scope).toEqual([...['everyone', 'profile:id-a', 'profile:id-t', 'profile:id-z', 'role:student', 'tag:lab']]);
  });

  it('goes on remembering what only the last known scope says', () => {
    const { scope } = resolveDesiredState({
      subject: heldBy(null),
      assignments: [students],
      lastKnown: ['role:student'],
    });
    expect(scope).toEqual(['profile:id-a', 'role:student']);
  });

  it('forgets selectors no assignment names any more', () => {
    const { scope } = resolveDesiredState({ subject: heldBy(null), assignments: [], lastKnown: ['role:student'] });
    expect(scope).toEqual([]);
  });

  it.each([
    ['stays', ['role:student'], true],
    ['does not reach it', [], false],
  ])('lists what is unknown, and whether it %s', (_, lastKnown, stays) => {
    const { unknown } = resolveDesiredState({ subject: heldBy(stranger), assignments: [students], lastKnown });
    expect(unknown).toEqual([{ selector: students.to, stays, missing: [{ what: 'role' }] }]);
  });

  it('cuts a union at the longest list browsers take, and counts what is left out', () => {
    const urls = (prefix: string) => Array.from({ length: 600 }, (_, i) => `${prefix}${i}.example`);
    const assignments = ['a', 'b'].map((name) =>
      assignment(name, { settings: { browser: { blockedUrls: urls(name) } } }),
    );
    const { settings, explanation } = resolveDesiredState({ subject: heldBy(ada), assignments, lastKnown: [] });
    expect(settings.browser?.blockedUrls).toHaveLength(1000);
    expect(explanation[0]?.dropped).toBe(200);
  });
});
