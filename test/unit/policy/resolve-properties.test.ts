import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Assignment } from '../../../shared/policy/assignment.ts';
import { canonicalJson } from '../../../shared/policy/canonical.ts';
import { diffSettings } from '../../../shared/policy/diff.ts';
import { resolveDesiredState } from '../../../shared/policy/resolve.ts';
import type { Selector } from '../../../shared/policy/selector.ts';
import { type PersonAttributes, type PolicySubject, unknownDevice } from '../../../shared/policy/subject.ts';
import type { ProfileSettings } from '../../../shared/profile/registry.ts';

const orgs = ['maple', 'cedar', 'district'];
const roles = ['student', 'teacher', 'staff'] as const;

const selectors: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant<Selector>({ kind: 'everyone' }),
  fc.constantFrom(...roles).map((role): Selector => ({ kind: 'role', role })),
  fc.constantFrom(...orgs).map((org): Selector => ({ kind: 'org', org })),
  fc.constantFrom('05', '06').map((grade): Selector => ({ kind: 'grade', grade })),
  fc.constantFrom('ada', 'tess').map((person): Selector => ({ kind: 'person', person })),
  fc.constantFrom('lab', 'cart').map((tag): Selector => ({ kind: 'tag', tag })),
);
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

/** Profiles with one to three assignments each; all assignments of a profile carry its settings. */
const assignments: fc.Arbitrary<Assignment[]> = fc
  .array(
    fc.tuple(settings, fc.array(fc.tuple(selectors, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 3 })),
    {
      maxLength: 5,
    },
  )
  .map((profiles) =>
    profiles.flatMap(([content, reach], i) =>
      reach.map(([to, priority]) => {
        return { profileId: `p${i}`, profile: `name ${i % 2}`, revision: 1, to, priority, settings: content };
      }),
    ),
  );
const people: fc.Arbitrary<PersonAttributes> = fc.record({
  sourcedId: fc.constantFrom('ada', 'tess'),
  role: fc.constantFrom(...roles),
  grade: fc.constantFrom('05', '06'),
  orgs: fc.subarray(orgs, { minLength: 1 }),
  classes: fc.constant(null),
});
const subjects: fc.Arbitrary<PolicySubject> = fc
  .record({ tags: fc.subarray(['lab', 'cart']), custodian: fc.option(people) })
  .map((about) => ({ ...unknownDevice, deviceId: 'd', ...about }));

/** The same person after a roster that left things out. */
function forgetting(subject: PolicySubject, what: readonly string[]): PolicySubject {
  const { custodian } = subject;
  if (custodian === null) return subject;
  const { sourcedId, role, grade, orgs: units } = custodian;
  const lost = (name: string) => what.includes(name);
  return {
    ...subject,
    custodian: {
      classes: null,
      sourcedId,
      role: lost('role') ? null : role,
      grade: lost('grade') ? null : grade,
      orgs: lost('orgs') ? [] : units,
    },
  };
}

it('resolves the same whatever the order of assignments and tags', () => {
  const shuffled = fc
    .tuple(assignments, subjects)
    .chain(([all, subject]) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.constant(subject),
        fc.shuffledSubarray([...subject.tags], { minLength: subject.tags.length }),
      ),
    );
  fc.assert(
    fc.property(shuffled, ([all, other, subject, tags]) => {
      const first = resolveDesiredState({ subject, assignments: all, lastKnown: [] });
      const second = resolveDesiredState({ subject: { ...subject, tags }, assignments: other, lastKnown: [] });
      expect(canonicalJson(second)).toBe(canonicalJson(first));
    }),
  );
});

it('loses no setting when something stops being known', () => {
  const losses = fc.subarray(['role', 'grade', 'orgs']);
  fc.assert(
    fc.property(assignments, subjects, losses, (all, subject, lost) => {
      const before = resolveDesiredState({ subject, assignments: all, lastKnown: [] });
      const after = resolveDesiredState({
        subject: forgetting(subject, lost),
        assignments: all,
        lastKnown: before.scope,
      });
      expect(after.scope).toEqual(expect.arrayContaining(before.scope));
      for (const { capability, setting } of before.explanation) {
        expect(after.settings[capability]).toHaveProperty(setting);
      }
    }),
  );
});

it('resolves the same again from the scope it remembered', () => {
  fc.assert(
    fc.property(assignments, subjects, fc.subarray(['role', 'grade', 'orgs']), (all, subject, lost) => {
      const known = resolveDesiredState({ subject, assignments: all, lastKnown: [] });
      const vague = forgetting(subject, lost);
      const once = resolveDesiredState({ subject: vague, assignments: all, lastKnown: known.scope });
      const twice = resolveDesiredState({ subject: vague, assignments: all, lastKnown: once.scope });
      expect(canonicalJson(twice)).toBe(canonicalJson(once));
    }),
  );
});

it('says for every entry of a joined list which assignment gave it, in the order of the list', () => {
  fc.assert(
    fc.property(assignments, subjects, (all, subject) => {
      const { explanation } = resolveDesiredState({ subject, assignments: all, lastKnown: [] });
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
