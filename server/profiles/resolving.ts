import type { Assignment } from '../../shared/policy/assignment.ts';
import { type Merged, mergeKey, mergeSettings } from '../../shared/policy/merge.ts';
import { resolveScope, type Scope } from '../../shared/policy/resolve.ts';
import type { Policy, PolicyVersion } from './policy.ts';
import { Questions } from './questions.ts';
import type { ManagedDevice } from './subjects.ts';

/** What reaches a device, and what that makes of its settings. */
export interface Resolved extends Scope {
  merged: Merged;
}

/** `lastKnown`: the scope the device was last given. Equal ones should be the same array. */
export type Resolver = (device: ManagedDevice, lastKnown: readonly string[]) => Resolved;

/** The same as `resolveDesiredState`, worked out once for all devices that the policy cannot tell apart. */
export function resolverOf(policy: Policy, keyOf = keysOf([policy])): Resolver {
  const merged = oncePerReach((one) => one);
  const numberOf = numbering();
  const resolved = new Map<string, Resolved>();
  return (device, lastKnown) => {
    const version = policy.of(device.id);
    const key = `${numberOf(version)} ${keyOf(device, lastKnown)}`;
    const known = resolved.get(key);
    if (known) return known;
    const scope = scopeOf(device, version, lastKnown);
    const answer = { ...scope, merged: merged(scope.reaching) };
    resolved.set(key, answer);
    return answer;
  };
}

export function scopeOf(device: ManagedDevice, version: PolicyVersion, lastKnown: readonly string[]): Scope {
  const { assignments, groups, restrictionOf } = version;
  return resolveScope({ subject: device.subject, assignments, groups, lastKnown, restriction: restrictionOf(device) });
}

/** Devices of the same key are the same to each version of these policies. */
export function keysOf(policies: readonly Policy[]): (device: ManagedDevice, lastKnown: readonly string[]) => string {
  const questions = new Questions(
    policies.flatMap((policy) => policy.selectors()),
    policies.flatMap((policy) => policy.groupContents()),
  );
  const numberOf = numbering();
  return ({ subject, restriction = '' }, lastKnown) =>
    `${questions.keyOf(subject)}${numberOf(lastKnown)} ${restriction}`;
}

/** The same number for the same object. */
export function numbering(): (object: object | undefined) => number {
  const numbers = new Map<object | undefined, number>();
  return (object) => {
    const number = numbers.get(object) ?? numbers.size;
    numbers.set(object, number);
    return number;
  };
}

/** Merges and builds once for each distinct ordered list of profiles that reach a device. */
export function oncePerReach<T>(build: (merged: Merged) => T): (reaching: readonly Assignment[]) => T {
  const built = new Map<string, { value: T }>();
  return (reaching) => {
    const key = mergeKey(reaching);
    const known = built.get(key);
    if (known) return known.value;
    const value = build(mergeSettings(reaching));
    built.set(key, { value });
    return value;
  };
}
