import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../../../server/profiles/difference.ts';
import { outcomesOf } from '../../../../server/profiles/hidden-changes.ts';
import type { Policy, PolicyVersion } from '../../../../server/profiles/policy.ts';
import { numbering, resolverOf } from '../../../../server/profiles/resolving.ts';
import { Shared } from '../../../../server/profiles/shared.ts';
import type { ManagedDevice } from '../../../../server/profiles/subjects.ts';
import { inForce } from '../../../../shared/policy/assignment.ts';
import { canonicalJson } from '../../../../shared/policy/canonical.ts';
import { diffSettings, type SettingChange } from '../../../../shared/policy/diff.ts';
import { diffOrigins } from '../../../../shared/policy/origins.ts';
import { resolveDesiredState } from '../../../../shared/policy/resolve.ts';
import { devices, groupContents, policies, profileContents } from '../../../fakes/random-district.ts';

/** One device at a time, nothing remembered. */
function naively(policy: Policy, device: ManagedDevice, lastKnown: readonly string[]) {
  return resolved(policy.of(device.id), device, lastKnown);
}

function resolved(
  version: PolicyVersion,
  device: ManagedDevice,
  lastKnown: readonly string[],
  at = Number.NEGATIVE_INFINITY,
) {
  const { groups, restrictionOf } = version;
  const assignments = version.assignments.filter((one) => inForce(one, at));
  const restriction = restrictionOf(device);
  return resolveDesiredState({ subject: device.subject, assignments, groups, lastKnown, restriction });
}

type Resolution = ReturnType<typeof resolved>;
const differs = (old: Resolution, now: Resolution) => [
  ...diffSettings(old.settings, now.settings),
  ...diffOrigins(old, now, 'webFilter'),
];
const named = ({ capability, setting }: SettingChange) => `${capability}.${setting}`;

/** Which settings would change at any time, however what is on its way ends. */
function everChanging(before: Policy, after: Policy, device: ManagedDevice): Set<string> {
  const pairs = [[before.of(device.id), after.of(device.id)] as const, ...outcomesOf(before, after)];
  return new Set(
    pairs.flatMap(([old, now]) => {
      const ends = [...old.assignments, ...now.assignments].map(({ override }) => Date.parse(override?.until ?? ''));
      const instants = [Number.NEGATIVE_INFINITY, ...ends.filter(Number.isFinite)];
      return instants.flatMap((at) => differs(resolved(old, device, [], at), resolved(now, device, [], at)).map(named));
    }),
  );
}

const pause = async () => undefined;
/** Equal scopes are one value, as in the server. */
const nothing: readonly string[] = [];

describe('a resolver', () => {
  it('gives every device what it would be given alone, whatever the others are given', () => {
    fc.assert(
      fc.property(policies, policies, devices, (earlier, policy, all) => {
        const first = resolverOf(earlier);
        const shared = new Shared<readonly string[]>();
        const scopes = new Map(all.map((device) => [device.id, shared.of(first(device, nothing).scope)]));
        const resolve = resolverOf(policy);
        for (const device of all) {
          const lastKnown = scopes.get(device.id) ?? nothing;
          const { merged, scope, unknown, reaching } = resolve(device, lastKnown);
          const alone = naively(policy, device, lastKnown);
          expect(scope).toEqual(alone.scope);
          expect(unknown).toEqual(alone.unknown);
          expect(reaching).toEqual(alone.reaching);
          expect(merged.settings).toEqual(alone.settings);
          const inShort = ({ explanation }: Pick<typeof alone, 'explanation'>) =>
            explanation.map(({ from, beaten, value }) => [
              value,
              from.map(({ profileId, revision }) => `${profileId} ${revision}`),
              beaten.map(({ assignment }) => assignment.profileId),
            ]);
          expect(inShort(merged)).toEqual(inShort(alone));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('numbers the same object the same', () => {
    const numberOf = numbering();
    const [a, b] = [{}, {}];
    expect([numberOf(a), numberOf(b), numberOf(undefined), numberOf(a)]).toEqual([0, 1, 2, 0]);
  });
});

const proposals = fc.oneof(
  fc.record({
    kind: fc.constant('profile' as const),
    id: fc.constantFrom('profile-0', 'profile-9'),
    name: fc.constant('name 0'),
    content: profileContents,
  }),
  fc.record({
    kind: fc.constant('group' as const),
    id: fc.constantFrom('group-0'),
    name: fc.constant('pilot'),
    content: groupContents,
  }),
);

describe('the difference a change makes', () => {
  it('is on every device what resolving it before and after gives, and then what is hidden for a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        policies,
        fc.array(proposals, { minLength: 1, maxLength: 2 }),
        devices,
        async (policy, items, all) => {
          const proposed = items.filter((item, i) => items.findIndex(({ id }) => id === item.id) === i);
          const after = policy.with(proposed);
          const lastKnown = () => nothing;
          const difference = await differenceOf({
            devices: all,
            before: policy,
            after,
            lastKnown,
            capOf: () => undefined,
            pause,
          });
          const found = new Map(difference.changed.map(({ device, changes }) => [device.id, changes]));
          for (const device of all) {
            const changes = differs(naively(policy, device, []), naively(after, device, []));
            const all = found.get(device.id) ?? [];
            expect(canonicalJson(all.slice(0, changes.length))).toBe(canonicalJson(changes));
            expect(new Set(all.map(named))).toEqual(everChanging(policy, after, device));
          }
          expect(difference.groups.flatMap(({ devices: same }) => same)).toHaveLength(all.length);
        },
      ),
      { numRuns: 80 },
    );
  });
});
