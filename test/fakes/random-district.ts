import fc from 'fast-check';
import { Policy } from '../../server/profiles/policy.ts';
import type { ManagedDevice } from '../../server/profiles/subjects.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import type { AssignmentInput, Selector } from '../../shared/policy/selector.ts';
import type { PolicySubject } from '../../shared/policy/subject.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';

/** Districts in which anything may be unknown, and policies that ask about everything. */

const orgs = ['maple', 'cedar', 'north', 'district'];
const groupNames = ['pilot', 'lab kids', 'nobody made'];
const people = ['ada', 'bob', 'cy', 'tess'];
const serials = ['S1', 'S2', 'S3'];
export const now = Date.UTC(2026, 9, 5, 14);
const ends = [undefined, '2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z'];

const leaf: fc.Arbitrary<Selector> = fc.constantFrom<Selector>(
  { kind: 'everyone' },
  { kind: 'role', role: 'student' },
  { kind: 'role', role: 'teacher' },
  { kind: 'org', org: 'maple' },
  { kind: 'org', org: 'district' },
  { kind: 'grade', grade: '06' },
  { kind: 'class', class: 'algebra' },
  { kind: 'person', person: 'ada' },
  { kind: 'tag', tag: 'lab' },
  { kind: 'platform', platform: 'linux' },
  { kind: 'model', model: 'Book 3' },
  { kind: 'os', name: 'Debian', atLeast: '12' },
  { kind: 'custody', custody: 'loan' },
  { kind: 'place', place: 'on-campus' },
);
const groupLeaf = fc.constantFrom(...groupNames).map((group): Selector => ({ kind: 'group', group }));

export const selectors: fc.Arbitrary<Selector> = fc.letrec<{ selector: Selector }>((tie) => ({
  selector: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: leaf, weight: 3 },
    { arbitrary: groupLeaf, weight: 2 },
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('selector'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('selector') }),
  ),
})).selector;

export const groupContents: fc.Arbitrary<GroupContent> = fc.oneof(
  fc.record({ kind: fc.constant('rule' as const), selector: selectors }),
  fc.record({ kind: fc.constant('list' as const), people: fc.subarray(people), devices: fc.subarray(serials) }),
);

const settings = fc.record(
  {
    webFilter: fc.record(
      { safeSearch: fc.boolean(), blockedDomains: fc.subarray(['a.example', 'b.example', 'c.example']) },
      { requiredKeys: [] },
    ),
    browser: fc.record(
      {
        homePage: fc.constantFrom('https://a/', 'https://b/'),
        youtube: fc.constantFrom('off' as const, 'strict' as const),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ProfileSettings>;

const assignments: fc.Arbitrary<AssignmentInput[]> = fc.array(
  fc
    .record({
      to: selectors,
      priority: fc.integer({ min: 0, max: 2 }),
      until: fc.option(fc.constantFrom(...ends), { freq: 2 }),
    })
    .map(({ to, priority, until }) =>
      until === null ? { to, priority } : { to, priority, override: { reason: 'exam', ...(until && { until }) } },
    ),
  { maxLength: 3 },
);

interface Content {
  settings: ProfileSettings;
  assignments: AssignmentInput[];
  locked: boolean;
}

export const profileContents: fc.Arbitrary<Content> = fc.record({ settings, assignments, locked: fc.boolean() });

const subjects: fc.Arbitrary<PolicySubject> = fc.record({
  deviceId: fc.constant(''),
  serial: fc.constantFrom(null, ...serials),
  tags: fc.subarray(['lab', 'cart']),
  platform: fc.constantFrom(null, 'linux' as const, 'win32' as const),
  model: fc.constantFrom(null, 'Book 3', 'Book 4'),
  os: fc.constantFrom(
    null,
    { name: 'Debian', version: '12.4' },
    { name: 'Debian', version: '11' },
    { name: 'Debian', version: 'sid' },
  ),
  place: fc.constantFrom(null, 'on-campus' as const, 'off-campus' as const),
  custody: fc.constantFrom('primary' as const, 'loan' as const, 'none' as const),
  custodian: fc.option(
    fc.record({
      sourcedId: fc.constantFrom(...people),
      role: fc.constantFrom(null, 'student' as const, 'teacher' as const),
      grade: fc.constantFrom(null, '06', '07'),
      orgs: fc.shuffledSubarray(orgs),
      classes: fc.option(fc.subarray(['algebra', 'biology'])),
    }),
  ),
});

export const devices: fc.Arbitrary<ManagedDevice[]> = fc
  .array(fc.tuple(subjects, fc.option(fc.constantFrom('profile-0', 'profile-1'), { nil: undefined, freq: 4 })), {
    maxLength: 12,
  })
  .map((all) =>
    all.map(([subject, restriction], i) => ({
      ...{ id: `device-${i}`, name: `laptop ${i}`, restriction },
      personId: subject.custodian?.sourcedId ?? null,
      subject: { ...subject, deviceId: `device-${i}` },
    })),
  );

/** Up to four profiles and two groups, any of which may be on its way to every second or every third device. */
export const policies: fc.Arbitrary<Policy> = fc
  .tuple(
    fc.array(fc.tuple(profileContents, fc.option(profileContents), fc.constantFrom(0, 2, 3)), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.array(fc.tuple(groupContents, fc.option(groupContents), fc.constantFrom(0, 2)), { maxLength: 2 }),
  )
  .map(([profiles, groups]) => {
    const has = (every: number) => (id: string) => Number(id.split('-')[1]) % every === 0;
    const profileOf = (i: number, content: Content, number: number) => ({
      ...{ id: `profile-${i}`, name: `name ${i % 2}` },
      published: { number, ...content },
    });
    const profile = profiles.map(([content], i) => profileOf(i, content, 2));
    const group = groups.map(([content], i) => ({ id: `group-${i}`, name: groupNames[i] ?? '', content }));
    return new Policy(
      {
        profile: new Map(profile.map((one) => [one.id, one])),
        group: new Map(group.map(({ id, ...one }) => [id, one])),
      },
      [
        ...profiles.flatMap(([, earlier, every], i) =>
          every === 0
            ? []
            : [
                {
                  kind: 'profile' as const,
                  id: `profile-${i}`,
                  has: has(every),
                  before: earlier ? profileOf(i, earlier, 1) : undefined,
                },
              ],
        ),
        ...groups.flatMap(([, earlier, every], i) =>
          every === 0
            ? []
            : [
                {
                  ...{ kind: 'group' as const, id: `group-${i}`, has: has(every) },
                  before: earlier ? { name: groupNames[i] ?? '', content: earlier } : undefined,
                },
              ],
        ),
      ],
      { now, out: { essentials: [], hosts: [] } },
    );
  });
