import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Assignment } from '../../../shared/policy/assignment.ts';
import { canonicalJson } from '../../../shared/policy/canonical.ts';
import { diffSettings } from '../../../shared/policy/diff.ts';
import type { GroupContent, Groups } from '../../../shared/policy/group.ts';
import { type Resolution, resolveDesiredState } from '../../../shared/policy/resolve.ts';
import type { Selector } from '../../../shared/policy/selector.ts';
import type { PersonAttributes, PolicySubject } from '../../../shared/policy/subject.ts';
import type { ProfileSettings } from '../../../shared/profile/registry.ts';
import { normal, nothingRemembered, referenceOf } from './reference.ts';

/** Many more by hand: `POLICY_RUNS=10000`. */
const runs = { numRuns: Number(process.env.POLICY_RUNS ?? 150) };

const orgs = ['maple', 'cedar', 'north-zone', 'district'];
const roles = ['student', 'teacher', 'staff'] as const;
const models = ['Latitude 3190', 'ThinkPad 11e'];
const versions = ['10', '11.2', '12.0.1', 'rolling', ''];
const names = ['a', 'b', 'c', 'd', 'gone'];

const leaves: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant<Selector>({ kind: 'everyone' }),
  fc.constantFrom(...roles).map((role): Selector => ({ kind: 'role', role })),
  fc.constantFrom(...orgs).map((org): Selector => ({ kind: 'org', org })),
  fc.constantFrom('05', '06').map((grade): Selector => ({ kind: 'grade', grade })),
  fc.constantFrom('maths', 'art').map((one): Selector => ({ kind: 'class', class: one })),
  fc.constantFrom('ada', 'tess').map((person): Selector => ({ kind: 'person', person })),
  fc.constantFrom('lab', 'cart').map((tag): Selector => ({ kind: 'tag', tag })),
  fc.constantFrom('linux' as const, 'win32' as const).map((platform): Selector => ({ kind: 'platform', platform })),
  fc.constantFrom(...models).map((model): Selector => ({ kind: 'model', model })),
  fc
    .constantFrom('primary' as const, 'loan' as const, 'none' as const)
    .map((custody): Selector => ({ kind: 'custody', custody })),
  fc.constantFrom('on-campus' as const, 'off-campus' as const).map((place): Selector => ({ kind: 'place', place })),
  fc
    .record(
      {
        name: fc.constantFrom('Debian', 'Windows 11'),
        atLeast: fc.constantFrom('10.5', '11.2'),
        below: fc.constantFrom('12', '12.0.1'),
      },
      { requiredKeys: [] },
    )
    .map((bounds): Selector => ({ kind: 'os', ...bounds })),
  fc.constantFrom(...names).map((group): Selector => ({ kind: 'group', group })),
);
const { selector: selectors } = fc.letrec<{ selector: Selector; parts: Selector[] }>((tie) => ({
  parts: fc.array(tie('selector'), { minLength: 1, maxLength: 3 }),
  selector: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'selector' },
    { arbitrary: leaves, weight: 3 },
    { arbitrary: tie('parts').map((of): Selector => ({ kind: 'all', of })), weight: 1 },
    { arbitrary: tie('parts').map((of): Selector => ({ kind: 'any', of })), weight: 1 },
    { arbitrary: tie('selector').map((of): Selector => ({ kind: 'not', of })), weight: 1 },
  ),
}));

const contents: fc.Arbitrary<GroupContent> = fc.oneof(
  selectors.map((selector): GroupContent => ({ kind: 'rule', selector })),
  fc.record({
    kind: fc.constant('list' as const),
    people: fc.subarray(['ada', 'tess']),
    devices: fc.subarray(['S1', 'S2']),
  }),
);
/** Groups name each other, also in circles; nobody is ever in `gone`. */
const groupings: fc.Arbitrary<Groups> = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), contents)
  .map((all) => new Map(Object.entries(all)));

const settings = fc.record(
  {
    webFilter: fc.record(
      {
        safeSearch: fc.boolean(),
        youtube: fc.constantFrom('off' as const, 'moderate' as const, 'strict' as const),
        blockedDomains: fc.subarray(['a.example', 'b.example', 'c.example']),
        blockAnswer: fc.constantFrom('address' as const, 'nxdomain' as const),
      },
      { requiredKeys: [] },
    ),
    browser: fc.record({ homePage: fc.constantFrom('https://a/', 'https://b/') }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ProfileSettings>;

const reach = fc.record({
  to: selectors,
  priority: fc.integer({ min: 0, max: 3 }),
  override: fc.option(fc.constant({ reason: 'an exception' }), { freq: 4 }),
});
/** Profiles with one to three assignments each; all assignments of a profile carry its settings. */
const assignments: fc.Arbitrary<Assignment[]> = fc
  .array(
    fc.tuple(
      settings,
      fc.uniqueArray(reach, { minLength: 1, maxLength: 3, selector: ({ to }) => written(to) }),
      fc.nat(4),
    ),
    { maxLength: 5 },
  )
  .map((profiles) =>
    profiles.flatMap(([content, reached, luck], i) =>
      reached.map(({ to, priority, override }) => ({
        ...{ profileId: `p${i}`, profile: `name ${i % 2}`, revision: 1, to, priority, settings: content },
        ...(override && { override }),
        ...(luck === 0 && { locked: true as const }),
      })),
    ),
  );
const written = (selector: Selector) => JSON.stringify(normal(selector));

const people: fc.Arbitrary<PersonAttributes> = fc
  .record({
    sourcedId: fc.constantFrom('ada', 'tess'),
    role: fc.option(fc.constantFrom(...roles), { freq: 8 }),
    grade: fc.option(fc.constantFrom('05', '06'), { freq: 8 }),
    orgs: fc.subarray(orgs),
    classes: fc.option(fc.subarray(['maths', 'art']), { freq: 8 }),
  })
  .map((person) => ({ ...person, grade: person.role === null || person.role === 'student' ? person.grade : null }));
const subjects: fc.Arbitrary<PolicySubject> = fc
  .record({
    deviceId: fc.constant('d'),
    serial: fc.option(fc.constantFrom('S1', 'S2', 'S3'), { freq: 8 }),
    tags: fc.subarray(['lab', 'cart']),
    platform: fc.option(fc.constantFrom('linux' as const, 'win32' as const), { freq: 8 }),
    model: fc.option(fc.constantFrom(...models), { freq: 8 }),
    os: fc.option(fc.record({ name: fc.constantFrom('Debian', 'Windows 11'), version: fc.constantFrom(...versions) }), {
      freq: 8,
    }),
    place: fc.option(fc.constantFrom('on-campus' as const, 'off-campus' as const), { freq: 8 }),
    custodian: fc.option(people, { freq: 8 }),
    kind: fc.constantFrom('primary' as const, 'loan' as const),
  })
  .map(({ kind, ...subject }) => ({ ...subject, custody: subject.custodian ? kind : 'none' }));

const attributes = [
  ...(['role', 'grade', 'orgs', 'classes'] as const),
  ...(['platform', 'model', 'os', 'version', 'place', 'serial'] as const),
];
type Attribute = (typeof attributes)[number];

/** The same device and person, of whom less is known. */
function forgetting(subject: PolicySubject, lost: readonly Attribute[]): PolicySubject {
  const has = (name: Attribute) => !lost.includes(name);
  const { custodian, os } = subject;
  return {
    ...subject,
    serial: has('serial') ? subject.serial : null,
    platform: has('platform') ? subject.platform : null,
    model: has('model') ? subject.model : null,
    place: has('place') ? subject.place : null,
    os: os && has('os') ? { ...os, version: has('version') ? os.version : '' } : null,
    custodian: custodian && {
      ...custodian,
      role: has('role') ? custodian.role : null,
      grade: has('grade') ? custodian.grade : null,
      orgs: has('orgs') ? custodian.orgs : [],
      classes: has('classes') ? custodian.classes : null,
    },
  };
}

const without = (groups: Groups, gone: readonly string[]): Groups =>
  new Map([...groups].filter(([name]) => !gone.includes(name)));

/** What a device is told, and from where each value comes. */
const told = ({ settings: own, explanation }: Resolution) => canonicalJson([own, explanation]);

const everything = fc.record({ all: assignments, groups: groupings, subject: subjects });

/** The same selector, with its parts in another order and one of them twice. */
function turned(selector: Selector): Selector {
  switch (selector.kind) {
    case 'all':
    case 'any': {
      const parts = selector.of.map(turned).reverse();
      return { kind: selector.kind, of: [...parts, ...parts.slice(0, 1)] };
    }
    case 'not':
      return { kind: 'not', of: turned(selector.of) };
    default:
      return { ...selector };
  }
}

function turnedGroup(content: GroupContent): GroupContent {
  if (content.kind === 'rule') return { kind: 'rule', selector: turned(content.selector) };
  return { kind: 'list', people: content.people.toReversed(), devices: content.devices.toReversed() };
}

it('resolves the same whatever the order of assignments, tags, parts, groups and members', () => {
  const shuffled = everything.chain(({ all, groups, subject }) =>
    fc.record({
      ...{ all: fc.constant(all), groups: fc.constant(groups), subject: fc.constant(subject) },
      other: fc.shuffledSubarray(all, { minLength: all.length }),
      tags: fc.shuffledSubarray([...subject.tags], { minLength: subject.tags.length }),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ all, groups, subject, other, tags }) => {
      const first = resolveDesiredState({ subject, assignments: all, groups, lastKnown: [] });
      const second = resolveDesiredState({
        subject: { ...subject, tags },
        assignments: other.map((one) => ({ ...one, to: turned(one.to) })),
        groups: new Map([...groups].reverse().map(([name, content]) => [name, turnedGroup(content)])),
        lastKnown: [],
      });
      const seen = ({ settings: own, scope, reaching, unknown }: Resolution) =>
        canonicalJson([
          ...[own, scope, reaching.map(({ profileId }) => profileId)],
          unknown.map(({ selector, stays }) => [normal(selector), stays]),
        ]);
      expect(seen(second)).toBe(seen(first));
    }),
    runs,
  );
});

it('equals a slow reference, also from what either of them remembered', () => {
  const cases = fc.record({
    ...{ all: assignments, groups: groupings },
    ...{ first: subjects, next: subjects, edited: assignments },
  });
  fc.assert(
    fc.property(cases, fc.boolean(), ({ all, groups, first, next, edited }, isEdited) => {
      let [last, lastKnown] = [nothingRemembered, [] as string[]];
      for (const [subject, current] of [
        [first, all],
        [next, isEdited ? edited : all],
      ] as const) {
        const slow = referenceOf({ subject, assignments: current, groups, last });
        const own = resolveDesiredState({ subject, assignments: current, groups, lastKnown });
        expect(own.reaching.map(({ profileId }) => profileId)).toEqual(slow.reaching);
        expect(own.settings).toEqual(slow.settings);
        expect(own.unknown.map(({ selector }) => written(selector)).sort()).toEqual(slow.unknown);
        [last, lastKnown] = [slow.memory, own.scope];
      }
    }),
    runs,
  );
});

it('keeps every setting exactly as it is when anything stops being known, or groups are gone', () => {
  const cases = fc.record({
    ...{ all: assignments, groups: groupings, subject: subjects },
    ...{ lost: fc.subarray([...attributes]), gone: fc.subarray(['a', 'b', 'c', 'd']) },
  });
  fc.assert(
    fc.property(cases, ({ all, groups, subject, lost, gone }) => {
      const before = resolveDesiredState({ subject, assignments: all, groups, lastKnown: [] });
      const less = { subject: forgetting(subject, lost), groups: without(groups, gone) };
      const after = resolveDesiredState({ ...less, assignments: all, lastKnown: before.scope });
      expect(told(after)).toBe(told(before));
      expect(after.scope).toEqual(before.scope);
    }),
    runs,
  );
});

it('keeps them through one loss after another, and says each time what is missing', () => {
  const losses = fc.array(fc.subarray([...attributes]), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(everything, losses, ({ all, groups, subject }, steps) => {
      const before = resolveDesiredState({ subject, assignments: all, groups, lastKnown: [] });
      let { scope } = before;
      for (const lost of steps) {
        const vague = forgetting(subject, lost);
        const after = resolveDesiredState({ subject: vague, assignments: all, groups, lastKnown: scope });
        expect(told(after)).toBe(told(before));
        expect(after.unknown.filter(({ missing }) => missing.length === 0)).toEqual([]);
        scope = after.scope;
      }
    }),
    runs,
  );
});

it('keeps a profile whose selectors are edited to ones that cannot be answered', () => {
  fc.assert(
    fc.property(everything, fc.array(selectors, { minLength: 8, maxLength: 8 }), ({ all, groups, subject }, others) => {
      const before = resolveDesiredState({ subject, assignments: all, groups, lastKnown: [] });
      const known = new Set(before.scope);
      const edited = all.map((one, i) => ({ ...one, to: others[i % others.length] ?? one.to }));
      const after = resolveDesiredState({ subject, assignments: edited, groups, lastKnown: before.scope });
      const isBlank = ({ profileId }: Assignment) =>
        edited
          .filter((one) => one.profileId === profileId)
          .every(({ to }) => after.unknown.some(({ selector }) => written(selector) === written(to)));
      const kept = before.reaching.filter(isBlank).map(({ profileId }) => profileId);
      const asBefore = (one: Assignment) => known.has(`profile:${one.profileId}`);
      expect(after.reaching.filter(asBefore).map(({ profileId }) => profileId)).toEqual(expect.arrayContaining(kept));
    }),
    runs,
  );
});

it('weakens nothing that a locked minimum sets, whatever else is assigned', () => {
  const minimum: Assignment = {
    ...{ profileId: 'minimum', profile: 'minimum', revision: 1, to: { kind: 'everyone' }, priority: 0, locked: true },
    settings: { webFilter: { safeSearch: true, youtube: 'moderate', blockAnswer: 'address' } },
  };
  fc.assert(
    fc.property(everything, ({ all, groups, subject }) => {
      const others = all.map(({ locked: _, ...one }) => one);
      const { webFilter } = resolveDesiredState({
        subject,
        assignments: [...others, minimum],
        groups,
        lastKnown: [],
      }).settings;
      expect(webFilter).toMatchObject({ safeSearch: true, blockAnswer: 'address' });
      expect(webFilter?.youtube).not.toBe('off');
    }),
    runs,
  );
});

it('says for every entry of a joined list which assignment gave it, in the order of the list', () => {
  fc.assert(
    fc.property(everything, ({ all, groups, subject }) => {
      const { explanation } = resolveDesiredState({ subject, assignments: all, groups, lastKnown: [] });
      for (const { setting, value, runs } of explanation) {
        const givers = runs.flatMap(({ assignment, count }) => Array<Assignment>(count).fill(assignment));
        if (setting !== 'blockedDomains') expect(givers).toEqual([]);
        else {
          const entries = value as string[];
          expect(givers).toHaveLength(entries.length);
          expect(runs.filter(({ count }) => count < 1)).toEqual([]);
          for (const [index, entry] of entries.entries())
            expect(givers[index]?.settings.webFilter?.blockedDomains).toContain(entry);
        }
      }
    }),
  );
});

it('finds a difference exactly where two states differ', () => {
  fc.assert(
    fc.property(settings, settings, (a, b) => {
      expect(diffSettings(a, b).length > 0).toBe(canonicalJson(a) !== canonicalJson(b));
    }),
  );
});
