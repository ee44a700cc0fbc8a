import { describe, expect, it } from 'vitest';
import type { Groups } from '../../../shared/policy/group.ts';
import type { Selector } from '../../../shared/policy/selector.ts';
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
  grade,
  group,
  inClass,
  list,
  model,
  not,
  org,
  os,
  person,
  place,
  platform,
  reachWords,
  role,
  rule,
  stranger,
  tag,
  tess,
  twoSchools,
} from './scoping-district.ts';

type Row = [sentence: string, selector: Selector, subject: PolicySubject, words: string, groups?: Groups];

const nobodyHas = 'Nobody has this device in custody';

const plain: Row[] = [
  ['everyone is reached', everyone, device(ada), 'yes: everyone'],
  ['everyone is reached also where nobody has the device', everyone, device(null), 'yes: everyone'],
  ['a student is a student', role('student'), device(ada), 'yes: students'],
  ['a teacher is no student', role('student'), device(tess), 'no'],
  ['a teacher who is also staff has the role the roster gives first', role('staff'), device(tess), 'no'],
  ['staff with a class of their own are not teachers', role('teacher'), device({ ...tess, role: 'staff' }), 'no'],
  ['a grade reaches its students', grade('05'), device(ada), 'yes: grade 05'],
  ['a grade does not reach another', grade('05'), device(ben), 'no'],
  ['a grade never reaches a teacher', grade('05'), device(tess), 'no'],
  ['a unit reaches its own', org('maple'), device(ada), 'yes: Maple and below'],
  ['a unit reaches those far below', org('district'), device(ada), 'yes: the district and below'],
  ['a unit does not reach its sister', org('cedar'), device(ada), 'no'],
  ['somebody in two schools is in the first', org('maple'), device(twoSchools), 'yes: Maple and below'],
  ['somebody in two schools is in the second', org('cedar'), device(twoSchools), 'yes: Cedar and below'],
  ['a unit that left the roster reaches nobody', org('gone'), device(ada), 'no'],
  ['a class reaches who is in it', inClass('maths-5a'), device(ada), 'yes: class Maths 5A'],
  ['a class reaches its teacher', inClass('maths-5a'), device(tess), 'yes: class Maths 5A'],
  ['a class does not reach who is in none', inClass('maths-5a'), device(ben), 'no'],
  ['a person is reached by name', person('ada'), device(ada), 'yes: Ada'],
  ['a person is not reached on another’s device', person('ada'), device(ben), 'no'],
  ['nobody’s device is certainly not Ada’s', person('ada'), device(null), 'no'],
  ['a tag is on the device', tag('lab'), device(ada, { tags: ['cart', 'lab'] }), 'yes: devices tagged lab'],
  ['a tag that was taken off reaches no more', tag('lab'), device(ada), 'no'],
  ['a platform', platform('win32'), device(null), 'yes: Windows devices'],
  ['another platform', platform('darwin'), device(ada), 'no'],
  ['a model', model('Latitude 3190'), device(ada), 'yes: model Latitude 3190'],
  ['a model to the letter', model('latitude 3190'), device(ada), 'no'],
  ['a device given out for good', custody('primary'), device(ada), 'yes: devices given out for good'],
  ['a device on loan', custody('loan'), device(ada, { custody: 'loan' }), 'yes: devices on loan'],
  ['a device nobody has', custody('none'), device(null), 'yes: devices nobody has'],
  ['a device somebody has is not in the cupboard', custody('none'), device(ada), 'no'],
  ['on campus', place('on-campus'), device(ada), 'yes: devices on campus'],
  ['not off campus', place('off-campus'), device(ada), 'no'],
];

const systems: Row[] = [
  ['a system by name', os({ name: 'Windows 11' }), device(ada), 'yes: Windows 11'],
  ['another system', os({ name: 'Debian' }), device(ada), 'no'],
  ['a version from that number on', os({ atLeast: '10.0.22631' }), device(ada), 'yes: any system from 10.0.22631 on'],
  ['a version that is later', os({ atLeast: '10.0.9' }), device(ada), 'yes: any system from 10.0.9 on'],
  ['a version that is too early', os({ atLeast: '11' }), device(ada), 'no'],
  ['a version before another', os({ below: '10.1' }), device(ada), 'yes: any system before 10.1'],
  ['the bound itself is not before it', os({ below: '10.0.22631' }), device(ada), 'no'],
  [
    'between two versions',
    os({ name: 'Windows 11', atLeast: '10', below: '11' }),
    device(ada),
    'yes: Windows 11 from 10 on before 11',
  ],
  [
    '12.10 is after 12.5',
    os({ atLeast: '12.5' }),
    device(ada, { os: { name: 'macOS', version: '12.10' } }),
    'yes: any system from 12.5 on',
  ],
  [
    'words after the number do not count',
    os({ atLeast: '24.04' }),
    device(ada, { os: { name: 'Ubuntu', version: '24.04.1 LTS' } }),
    'yes: any system from 24.04 on',
  ],
  [
    'a rolling release has no number',
    os({ atLeast: '1' }),
    device(ada, { os: { name: 'Arch', version: 'rolling' } }),
    'The version of its operating system is not a number; “any system from 1 on” does not reach it.',
  ],
  [
    'a rolling release still has a name',
    os({ name: 'Arch' }),
    device(ada, { os: { name: 'Arch', version: 'rolling' } }),
    'yes: Arch',
  ],
];

const missing: Row[] = [
  ['role', role('student'), device(stranger), 'The role of its custodian is not known; “students” does not reach it.'],
  [
    'grade',
    grade('05'),
    device({ ...ada, grade: null }),
    'The grade of its custodian is not known; “grade 05” does not reach it.',
  ],
  [
    'units',
    org('maple'),
    device(stranger),
    'The unit of its custodian is not known; “Maple and below” does not reach it.',
  ],
  [
    'classes',
    inClass('art-5'),
    device(stranger),
    'The classes of its custodian are not known; “class Art 5” does not reach it.',
  ],
  [
    'platform',
    platform('linux'),
    device(ada, { platform: null }),
    'Its platform is not known; “Linux devices” does not reach it.',
  ],
  ['model', model('X'), device(ada, { model: null }), 'Its model is not known; “model X” does not reach it.'],
  [
    'system',
    os({ name: 'Debian' }),
    device(ada, { os: null }),
    'Its operating system is not known; “Debian” does not reach it.',
  ],
  [
    'place',
    place('off-campus'),
    device(ada, { place: null }),
    'Whether it is on campus is not known; “devices off campus” does not reach it.',
  ],
  ['custodian, of whom a role is asked', role('student'), device(null), `${nobodyHas}; “students” does not reach it.`],
  [
    'custodian, of whom a class is asked',
    inClass('art-5'),
    device(null),
    `${nobodyHas}; “class Art 5” does not reach it.`,
  ],
  ['group', group('gone'), device(ada), 'There is no published group “gone”; the group “gone” does not reach it.'],
];

const composed: Row[] = [
  ['both hold', all(grade('05'), org('maple')), device(ada), 'yes: grade 05 and Maple and below'],
  ['one does not hold', all(grade('05'), org('maple')), device(tess), 'no'],
  ['either holds', any(grade('05'), org('cedar')), device(ben), 'yes: grade 05 or Cedar and below'],
  ['neither holds', any(grade('05'), org('cedar')), device(tess), 'no'],
  ['all but one person', all(org('maple'), not(person('ada'))), device(ada), 'no'],
  [
    'all but one person, for another',
    all(org('maple'), not(person('ada'))),
    device(tess),
    'yes: Maple and below and not Ada',
  ],
  ['all but a class', all(role('student'), not(inClass('art-5'))), device(ada), 'no'],
  ['all but those on loan', all(everyone, not(custody('loan'))), device(ada), 'yes: everyone and not devices on loan'],
  ['twice left out is in', not(not(role('student'))), device(ada), 'yes: not not students'],
  [
    'nested three deep',
    all(org('district'), any(grade('06'), all(role('student'), tag('lab')))),
    device(ada, { tags: ['lab'] }),
    'yes: the district and below and (grade 06 or (students and devices tagged lab))',
  ],
  [
    'nested three deep, and nothing inside holds',
    all(org('district'), any(grade('06'), all(role('student'), tag('lab')))),
    device(ada),
    'no',
  ],
  ['neither of two', not(any(role('teacher'), role('staff'))), device(ada), 'yes: not (teachers or staff)'],
  ['a no decides whatever else is unknown', all(grade('05'), tag('lab')), device(stranger), 'no'],
  [
    'a yes decides whatever else is unknown',
    any(grade('05'), tag('lab')),
    device(stranger, { tags: ['lab'] }),
    'yes: grade 05 or devices tagged lab',
  ],
  [
    'unknown under not is unknown',
    not(grade('05')),
    device(stranger),
    'The grade of its custodian is not known; “not grade 05” does not reach it.',
  ],
  [
    'unknown under all is unknown',
    all(grade('05'), platform('win32')),
    device(stranger),
    'The grade of its custodian is not known; “grade 05 and Windows devices” does not reach it.',
  ],
  [
    'unknown under any is unknown',
    any(grade('05'), platform('linux')),
    device(stranger),
    'The grade of its custodian is not known; “grade 05 or Linux devices” does not reach it.',
  ],
  [
    'several things are missing and each is named',
    all(role('student'), not(model('X')), place('on-campus')),
    device(stranger, { model: null, place: null }),
    'The role of its custodian is not known, its model is not known, whether it is on campus is not known; “students and not model X and devices on campus” does not reach it.',
  ],
  [
    'what is known is not named as missing',
    any(role('teacher'), grade('05')),
    device({ ...ada, grade: null }),
    'The grade of its custodian is not known; “teachers or grade 05” does not reach it.',
  ],
];

const fifth: Groups = new Map([['Fifth', rule(grade('05'))]]);
const chain: Groups = new Map([
  ...fifth,
  ['Fifth of Maple', rule(all(group('Fifth'), org('maple')))],
  ['Pilot', rule(any(group('Fifth of Maple'), group('Chosen')))],
  ['Chosen', list(['tess'], ['S9'])],
]);
const circle: Groups = new Map([
  ['A', rule(any(group('B'), tag('lab')))],
  ['B', rule(group('A'))],
  ['Of A', rule(all(group('A'), role('student')))],
]);

const groups: Row[] = [
  ['a rule reaches whom it means', group('Fifth'), device(ada), 'yes: the group “Fifth”', fifth],
  ['a rule does not reach others', group('Fifth'), device(ben), 'no', fifth],
  ['a group in a group', group('Fifth of Maple'), device(ada), 'yes: the group “Fifth of Maple”', chain],
  ['a group in a group in a group', group('Pilot'), device(ada), 'yes: the group “Pilot”', chain],
  ['a list in a rule', group('Pilot'), device(tess), 'yes: the group “Pilot”', chain],
  [
    'a device on a list, whoever has it',
    group('Pilot'),
    device(ben, { serial: 'S9' }),
    'yes: the group “Pilot”',
    chain,
  ],
  [
    'a device on a list that nobody has',
    group('Chosen'),
    device(null, { serial: 'S9' }),
    'yes: the group “Chosen”',
    chain,
  ],
  ['not on a list', group('Chosen'), device(ben), 'no', chain],
  [
    'nobody’s device is on no list of people',
    group('People'),
    device(null),
    'no',
    new Map([['People', list(['ada'])]]),
  ],
  ['an empty list reaches nobody', group('Empty'), device(ada), 'no', new Map([['Empty', list([])]])],
  [
    'who is on the list needs no serial number',
    group('Chosen'),
    device(tess, { serial: null }),
    'yes: the group “Chosen”',
    chain,
  ],
  [
    'a serial that is not known',
    group('Chosen'),
    device(ben, { serial: null }),
    'Its serial number is not known; the group “Chosen” does not reach it.',
    chain,
  ],
  ['left out by a group', all(org('maple'), not(group('Chosen'))), device(tess), 'no', chain],
  [
    'not left out by a group',
    all(org('maple'), not(group('Chosen'))),
    device(ada),
    'yes: Maple and below and not the group “Chosen”',
    chain,
  ],
  [
    'what a group needs is named',
    group('Pilot'),
    device({ ...stranger }, {}),
    'The grade of its custodian is not known, the unit of its custodian is not known; the group “Pilot” does not reach it.',
    chain,
  ],
  [
    'a circle is unknown',
    group('A'),
    device(ada),
    'The group “A” asks for itself; the group “A” does not reach it.',
    circle,
  ],
  [
    'a circle is unknown whatever else its rule says',
    group('A'),
    device(ada, { tags: ['lab'] }),
    'The group “A” asks for itself; the group “A” does not reach it.',
    circle,
  ],
  [
    'a group that asks a circle is unknown',
    group('Of A'),
    device(ada),
    'The group “A” asks for itself; the group “Of A” does not reach it.',
    circle,
  ],
  ['a group that asks a circle and says no is no', group('Of A'), device(tess), 'no', circle],
];

describe.each([
  ['one question', plain],
  ['an operating system', systems],
  ['what is missing', missing],
  ['composed', composed],
  ['saved groups', groups],
])('scoping by %s', (_, rows) => {
  it.each(rows)('%s', (_sentence, to, subject, words, own = new Map()) => {
    expect(reachWords({ assignments: [assigned('p', to)], subject, groups: own })).toBe(words);
  });
});
