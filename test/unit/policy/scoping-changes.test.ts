import { describe, expect, it } from 'vitest';
import { type Assignment, inForce } from '../../../shared/policy/assignment.ts';
import type { Groups } from '../../../shared/policy/group.ts';
import type { PolicySubject } from '../../../shared/policy/subject.ts';
import {
  ada,
  all,
  any,
  assigned,
  ben,
  custody,
  device,
  everyone,
  explained,
  grade,
  group,
  inClass,
  list,
  not,
  org,
  os,
  person,
  place,
  reachWords,
  remembered,
  role,
  rule,
  stranger,
  tag,
  tess,
  twoSchools,
} from './scoping-district.ts';

/** One after another; each is resolved with what the device remembers of the one before. */
interface Step {
  when: string;
  subject: PolicySubject;
  assignments?: readonly Assignment[];
  groups?: Groups;
  words: string;
}

type Story = [sentence: string, assignment: Assignment, steps: Step[]];

const asked = (to: Assignment['to']) => assigned('p', to);
const fifth = asked(grade('05'));
const pilots = (people: string[]): Groups => new Map([['Pilot', list(people)]]);

const stories: Story[] = [
  [
    'a grade lost by a short roster stays',
    fifth,
    [
      { when: 'known', subject: device(ada), words: 'yes: grade 05' },
      {
        when: 'lost',
        subject: device({ ...ada, grade: null }),
        words: 'The grade of its custodian is not known; “grade 05” stays as it last was.',
      },
      { when: 'known again, and another', subject: device(ben), words: 'no' },
    ],
  ],
  [
    'a role lost stays',
    asked(role('student')),
    [
      { when: 'known', subject: device(ada), words: 'yes: students' },
      {
        when: 'lost',
        subject: device({ ...ada, role: null }),
        words: 'The role of its custodian is not known; “students” stays as it last was.',
      },
    ],
  ],
  [
    'units lost stay',
    asked(org('maple')),
    [
      { when: 'known', subject: device(ada), words: 'yes: Maple and below' },
      {
        when: 'lost',
        subject: device({ ...ada, orgs: [] }),
        words: 'The unit of its custodian is not known; “Maple and below” stays as it last was.',
      },
    ],
  ],
  [
    'enrolments lost stay',
    asked(inClass('art-5')),
    [
      { when: 'known', subject: device(ada), words: 'yes: class Art 5' },
      {
        when: 'lost',
        subject: device({ ...ada, classes: null }),
        words: 'The classes of its custodian are not known; “class Art 5” stays as it last was.',
      },
    ],
  ],
  [
    'a class that ended reaches no more',
    asked(inClass('art-5')),
    [
      { when: 'in it', subject: device(ada), words: 'yes: class Art 5' },
      { when: 'ended', subject: device({ ...ada, classes: ['maths-5a'] }), words: 'no' },
    ],
  ],
  [
    'an operating system that is not told stays',
    asked(os({ name: 'Windows 11' })),
    [
      { when: 'known', subject: device(ada), words: 'yes: Windows 11' },
      {
        when: 'lost',
        subject: device(ada, { os: null }),
        words: 'Its operating system is not known; “Windows 11” stays as it last was.',
      },
    ],
  ],
  [
    'a place that is not known stays',
    asked(place('on-campus')),
    [
      { when: 'seen there', subject: device(ada), words: 'yes: devices on campus' },
      {
        when: 'no campus is given any more',
        subject: device(ada, { place: null }),
        words: 'Whether it is on campus is not known; “devices on campus” stays as it last was.',
      },
      { when: 'seen at home', subject: device(ada, { place: 'off-campus' }), words: 'no' },
    ],
  ],
  [
    'what was not so does not become so by a loss',
    asked(not(grade('05'))),
    [
      { when: 'known', subject: device(ada), words: 'no' },
      {
        when: 'lost',
        subject: device({ ...ada, grade: null }),
        words: 'The grade of its custodian is not known; “not grade 05” does not reach it.',
      },
    ],
  ],
  [
    'what was left out stays left out, and what was not stays in',
    asked(all(everyone, not(role('staff')))),
    [
      { when: 'known', subject: device(ada), words: 'yes: everyone and not staff' },
      {
        when: 'lost',
        subject: device(stranger),
        words: 'The role of its custodian is not known; “everyone and not staff” stays as it last was.',
      },
    ],
  ],
  [
    'a no ends what was remembered, though other parts are unknown',
    asked(all(grade('05'), tag('lab'))),
    [
      { when: 'known', subject: device(ada, { tags: ['lab'] }), words: 'yes: grade 05 and devices tagged lab' },
      { when: 'the tag was taken off', subject: device(stranger), words: 'no' },
    ],
  ],
  [
    'a device taken back keeps what its last holder’s grade gave',
    fifth,
    [
      { when: 'held', subject: device(ada), words: 'yes: grade 05' },
      {
        when: 'in the cupboard',
        subject: device(null),
        words: 'Nobody has this device in custody; “grade 05” stays as it last was.',
      },
      {
        when: 'a year later',
        subject: device(null),
        words: 'Nobody has this device in custody; “grade 05” stays as it last was.',
      },
    ],
  ],
  [
    'two custodians in a day: each has their own, and nothing of the first is left',
    fifth,
    [
      { when: 'in the morning', subject: device(ada), words: 'yes: grade 05' },
      {
        when: 'at noon, on the trolley',
        subject: device(null),
        words: 'Nobody has this device in custody; “grade 05” stays as it last was.',
      },
      { when: 'in the afternoon', subject: device(ben), words: 'no' },
    ],
  ],
  [
    'two custodians in a day, and nothing is known of the second',
    fifth,
    [
      { when: 'in the morning', subject: device(ada), words: 'yes: grade 05' },
      {
        when: 'in the afternoon',
        subject: device(stranger),
        words: 'The grade of its custodian is not known; “grade 05” stays as it last was.',
      },
    ],
  ],
  [
    'two custodians in a day: what was one person’s ends at once',
    asked(person('ada')),
    [
      { when: 'in the morning', subject: device(ada), words: 'yes: Ada' },
      { when: 'at noon, on the trolley', subject: device(null), words: 'no' },
      { when: 'in the afternoon', subject: device(ben), words: 'no' },
    ],
  ],
  [
    'two custodians in a day, the second on loan',
    asked(custody('loan')),
    [
      { when: 'in the morning', subject: device(ada), words: 'no' },
      { when: 'in the afternoon', subject: device(ben, { custody: 'loan' }), words: 'yes: devices on loan' },
      { when: 'brought back', subject: device(null), words: 'no' },
    ],
  ],
  [
    'a selector edited to one that cannot be answered keeps the profile',
    fifth,
    [
      { when: 'before', subject: device(ada), words: 'yes: grade 05' },
      {
        when: 'edited while the roster is short',
        subject: device({ ...ada, classes: null }),
        assignments: [asked(inClass('art-5'))],
        words: 'The classes of its custodian are not known; “class Art 5” stays as it last was.',
      },
      {
        when: 'the roster is whole again',
        subject: device({ ...ada, classes: [] }),
        assignments: [asked(inClass('art-5'))],
        words: 'no',
      },
    ],
  ],
  [
    'a selector edited to one that is answered ends the profile',
    fifth,
    [
      { when: 'before', subject: device(ada), words: 'yes: grade 05' },
      { when: 'edited', subject: device(ada), assignments: [asked(grade('06'))], words: 'no' },
    ],
  ],
  [
    'a selector that is new beside one that reached does not reach by hearsay',
    asked(tag('lab')),
    [
      { when: 'before', subject: device(null, { tags: ['lab'] }), words: 'yes: devices tagged lab' },
      {
        when: 'the tag is gone, and grade 5 was added',
        subject: device(null),
        assignments: [asked(tag('lab')), asked(grade('05'))],
        words: 'Nobody has this device in custody; “grade 05” does not reach it.',
      },
    ],
  ],
  [
    'parts in another order are the same selector',
    asked(all(grade('05'), org('maple'))),
    [
      { when: 'before', subject: device(ada), words: 'yes: grade 05 and Maple and below' },
      {
        when: 'turned round, and lost',
        subject: device({ ...ada, grade: null }),
        assignments: [asked(all(org('maple'), grade('05')))],
        words: 'The grade of its custodian is not known; “Maple and below and grade 05” stays as it last was.',
      },
    ],
  ],
  [
    'a tag that is deleted ends at once',
    asked(tag('cart')),
    [
      { when: 'tagged', subject: device(ada, { tags: ['cart'] }), words: 'yes: devices tagged cart' },
      { when: 'deleted', subject: device(ada), words: 'no' },
    ],
  ],
  [
    'somebody taken off a list is reached no more',
    asked(group('Pilot')),
    [
      { when: 'listed', subject: device(ada), groups: pilots(['ada']), words: 'yes: the group “Pilot”' },
      { when: 'taken off', subject: device(ada), groups: pilots(['ben']), words: 'no' },
    ],
  ],
  [
    'a group that is gone keeps its members',
    asked(group('Pilot')),
    [
      { when: 'listed', subject: device(ada), groups: pilots(['ada']), words: 'yes: the group “Pilot”' },
      {
        when: 'gone',
        subject: device(ada),
        groups: new Map(),
        words: 'There is no published group “Pilot”; the group “Pilot” stays as it last was.',
      },
    ],
  ],
  [
    'a group edited to what cannot be answered keeps its members',
    asked(group('Pilot')),
    [
      { when: 'listed', subject: device(ada), groups: pilots(['ada']), words: 'yes: the group “Pilot”' },
      {
        when: 'edited',
        subject: device({ ...ada, grade: null }),
        groups: new Map([['Pilot', rule(grade('05'))]]),
        words: 'The grade of its custodian is not known; the group “Pilot” stays as it last was.',
      },
    ],
  ],
  [
    'a group edited into a circle keeps its members',
    asked(group('Pilot')),
    [
      { when: 'listed', subject: device(ada), groups: pilots(['ada']), words: 'yes: the group “Pilot”' },
      {
        when: 'a circle',
        subject: device(ada),
        groups: new Map([['Pilot', rule(any(group('Pilot'), grade('06')))]]),
        words: 'The group “Pilot” asks for itself; the group “Pilot” stays as it last was.',
      },
    ],
  ],
];

describe('scoping through changes', () => {
  it.each(stories)('%s', (_, assignment, steps) => {
    let lastKnown: string[] = [];
    for (const { when, subject, assignments = [assignment], groups = new Map(), words } of steps) {
      const question = { assignments, subject, groups, lastKnown };
      expect(`${when}: ${reachWords(question)}`).toBe(`${when}: ${words}`);
      lastKnown = remembered(question);
    }
  });
});

/** A rollout by rings, as whoever resolves sees it: the first ring has revision 2, which reaches grade 6 instead of 5. */
describe('a roster that changes while a rollout is at work', () => {
  const revisions = [assigned('p', grade('05'), { revision: 1 }), assigned('p', grade('06'), { revision: 2 })] as const;
  const given = (ring: 1 | 2) => [ring === 1 ? revisions[1] : revisions[0]];
  const words = (ring: 1 | 2, subject: PolicySubject, lastKnown: readonly string[] = []) =>
    reachWords({ assignments: given(ring), subject, lastKnown });

  it.each<[string, 1 | 2, PolicySubject, string]>([
    ['moved up to grade 6 in the first ring', 1, device(ben), 'yes: grade 06'],
    ['moved up to grade 6 in the second ring', 2, device(ben), 'no'],
    ['still in grade 5 in the first ring', 1, device(ada), 'no'],
    ['still in grade 5 in the second ring', 2, device(ada), 'yes: grade 05'],
  ])('gives each device the revision of its ring: %s', (_, ring, subject, expected) => {
    expect(words(ring, subject)).toBe(expected);
  });

  it('takes the profile from nobody whose grade is lost when the ring opens', () => {
    const before = remembered({ assignments: given(2), subject: device(ada) });
    expect(words(1, device({ ...ada, grade: null }), before)).toBe(
      'The grade of its custodian is not known; “grade 06” stays as it last was.',
    );
  });

  it('gives back the earlier revision when it is rolled back, though the grade is still lost', () => {
    const lost = device({ ...ada, grade: null });
    const before = remembered({ assignments: given(2), subject: device(ada) });
    const during = remembered({ assignments: given(1), subject: lost, lastKnown: before });
    expect(words(2, lost, during)).toBe('The grade of its custodian is not known; “grade 05” stays as it last was.');
  });

  it('follows who moved schools from the next resolution on, in either ring', () => {
    const unit = [assigned('p', org('maple'))];
    const before = remembered({ assignments: unit, subject: device(ada) });
    expect(reachWords({ assignments: unit, subject: device(ben), lastKnown: before })).toBe('no');
  });
});

describe('who comes first', () => {
  const filter = (safeSearch: boolean) => ({ settings: { webFilter: { safeSearch } } });
  const blocked = (...blockedDomains: string[]) => ({ settings: { webFilter: { blockedDomains } } });
  const reader = (screenReader: boolean) => ({ settings: { accessibility: { screenReader } } });
  const locked = { locked: true as const };
  const exception = { override: { reason: 'exam week', until: '2027-05-03T16:00:00Z' } };
  const forGood = { override: { reason: 'needs it' } };

  const cases: [string, Assignment[], PolicySubject, string[]][] = [
    [
      'the nearer unit, whatever the number',
      [assigned('district', org('district'), { priority: 900 }), assigned('school', org('maple'), { priority: 1 })],
      device(ada),
      [
        'homePage is https://school/ by school (the person’s own unit)',
        'not https://district/ by district: a nearer unit',
      ],
    ],
    [
      'a class before the unit',
      [assigned('school', org('maple')), assigned('class', inClass('art-5'))],
      device(ada),
      [
        'homePage is https://class/ by class (a class of the person)',
        'not https://school/ by school: nearer: it names a class of the person',
      ],
    ],
    [
      'a person before the class',
      [assigned('class', inClass('art-5')), assigned('ada', person('ada'))],
      device(ada),
      [
        'homePage is https://ada/ by ada (names the person or the device)',
        'not https://class/ by class: nearer: it names the person or the device',
      ],
    ],
    [
      'a composed selector by its nearest part',
      [assigned('grade', all(grade('05'), org('maple'))), assigned('zone', org('north-zone'))],
      device(ada),
      ['homePage is https://grade/ by grade (the person’s own unit)', 'not https://zone/ by zone: a nearer unit'],
    ],
    [
      'alternatives by the nearest that holds',
      [assigned('either', any(org('cedar'), role('student'))), assigned('zone', org('north-zone'))],
      device(ada),
      [
        'homePage is https://zone/ by zone (1 unit up)',
        'not https://either/ by either: nearer: it names a unit of the person',
      ],
    ],
    [
      'who is left out makes nothing near',
      [assigned('others', not(person('ben'))), assigned('all', everyone, { priority: 101 })],
      device(ada),
      [
        'homePage is https://all/ by all (names nothing near it)',
        'not https://others/ by others: higher priority: 101 goes before 100',
      ],
    ],
    [
      'in two schools, the first school',
      [assigned('cedar', org('cedar')), assigned('maple', org('maple'))],
      device(twoSchools),
      ['homePage is https://maple/ by maple (the person’s own unit)', 'not https://cedar/ by cedar: a nearer unit'],
    ],
    [
      'in two schools, all the line of the first before the second',
      [assigned('district', org('district')), assigned('cedar', org('cedar'), { priority: 900 })],
      device(twoSchools),
      ['homePage is https://district/ by district (2 units up)', 'not https://cedar/ by cedar: a nearer unit'],
    ],
    [
      'the nearer of two overrides',
      [assigned('exam', everyone, exception), assigned('own', person('ada'), forGood)],
      device(ada),
      [
        'homePage is https://own/ by own (override)',
        'not https://exam/ by exam: nearer: it names the person or the device',
      ],
    ],
    [
      'a locked minimum before an override',
      [assigned('own', person('ada'), forGood), assigned('law', everyone, locked)],
      device(ada),
      [
        'homePage is https://law/ by law (locked minimum)',
        'not https://own/ by own: locked minimum: nothing weakens “law”',
      ],
    ],
    [
      'a locked minimum before a restriction',
      [assigned('held', everyone, { restriction: true }), assigned('law', everyone, locked)],
      device(ada),
      [
        'homePage is https://law/ by law (locked minimum)',
        'not https://held/ by held: locked minimum: nothing weakens “law”',
      ],
    ],
    [
      'a restriction before an override',
      [assigned('held', everyone, { restriction: true }), assigned('own', person('ada'), forGood)],
      device(ada),
      [
        'homePage is https://held/ by held (restriction until it is put right)',
        'not https://own/ by own: restriction: “held” holds until the device is put right',
      ],
    ],
    [
      'strictest: the farther and stricter',
      [assigned('own', person('ada'), filter(false)), assigned('all', everyone, filter(true))],
      device(ada),
      [
        'safeSearch is true by all (names nothing near it)',
        'not false by own: strictest wins: on is stricter than off',
      ],
    ],
    [
      'strictest: an override sets aside what is stricter',
      [assigned('own', person('ada'), { ...filter(false), ...forGood }), assigned('all', everyone, filter(true))],
      device(ada),
      [
        'safeSearch is false by own (override)',
        'not true by all: override: “own” goes before all but locked minimums (needs it)',
      ],
    ],
    [
      'strictest: no override sets aside a locked minimum',
      [
        assigned('own', person('ada'), { ...filter(false), ...forGood }),
        assigned('law', everyone, { ...filter(true), ...locked }),
      ],
      device(ada),
      [
        'safeSearch is true by law (locked minimum)',
        'not false by own: strictest wins: on is stricter than off (locked minimum)',
      ],
    ],
    [
      'strictest: what is stricter than a locked minimum still holds',
      [assigned('own', person('ada'), filter(true)), assigned('law', everyone, { ...filter(false), ...locked })],
      device(ada),
      [
        'safeSearch is true by own (names the person or the device)',
        'not false by law: strictest wins: on is stricter than off',
      ],
    ],
    [
      'strictest: all who agree are named',
      [assigned('a', everyone, filter(true)), assigned('b', role('student'), filter(true))],
      device(ada),
      ['safeSearch is true by a (names nothing near it) and b (names nothing near it)'],
    ],
    [
      'union: the nearest first, and nobody is beaten',
      [assigned('all', everyone, blocked('x.example')), assigned('own', person('ada'), blocked('y.example'))],
      device(ada),
      ['blockedDomains is y.example,x.example by own (names the person or the device) and all (names nothing near it)'],
    ],
    [
      'union: an override takes nothing out',
      [assigned('own', person('ada'), { ...blocked(), ...forGood }), assigned('all', everyone, blocked('x.example'))],
      device(ada),
      ['blockedDomains is x.example by own (override) and all (names nothing near it)'],
    ],
    [
      'most help: what helps stays, though farther',
      [assigned('own', person('ada'), reader(false)), assigned('all', everyone, reader(true))],
      device(ada),
      [
        'screenReader is true by all (names nothing near it)',
        'not false by own: what helps most wins: on is more help than off',
      ],
    ],
    [
      'most help: an override sets it aside',
      [assigned('own', person('ada'), { ...reader(false), ...forGood }), assigned('all', everyone, reader(true))],
      device(ada),
      [
        'screenReader is false by own (override)',
        'not true by all: override: “own” goes before all but locked minimums (needs it)',
      ],
    ],
  ];
  it.each(cases)('%s', (_, assignments, subject, words) => {
    expect(explained({ assignments, subject })).toEqual(words);
    expect(explained({ assignments: assignments.toReversed(), subject })).toEqual(words);
  });

  it('lets nobody else win because it is not known how near a unit is', () => {
    const assignments = [
      assigned('district', org('district'), { priority: 900 }),
      assigned('school', org('maple'), { priority: 1 }),
    ];
    const lastKnown = remembered({ assignments, subject: device(ada) });
    expect(lastKnown).toContain('near:2:org:maple');
    expect(explained({ assignments, subject: device(stranger), lastKnown })).toEqual(
      explained({ assignments, subject: device(ada) }),
    );
  });

  it('ends an exception at its instant, to the millisecond', () => {
    const end = Date.parse(exception.override.until);
    expect(inForce(exception, end - 1)).toBe(true);
    expect(inForce(exception, end)).toBe(false);
    expect(inForce(forGood, Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(inForce({}, Number.MAX_SAFE_INTEGER)).toBe(true);
  });

  it('leaves a teacher’s device as near to the school as a student’s', () => {
    expect(explained({ assignments: [assigned('school', org('maple'))], subject: device(tess) })).toEqual([
      'homePage is https://school/ by school (the person’s own unit)',
    ]);
  });
});
