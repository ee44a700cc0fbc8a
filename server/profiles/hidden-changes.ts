import { inForce, nextEnd } from '../../shared/policy/assignment.ts';
import type { SettingChange } from '../../shared/policy/diff.ts';
import type { Policy, PolicyVersion } from './policy.ts';
import type { Resolved } from './resolving.ts';

/** What devices resolve with before and after a change. */
export type Pair = readonly [before: PolicyVersion, after: PolicyVersion];

/** With more items on their way, not every mixture of arrived and taken back is tried. */
const mostMixed = 3;

/** How the policy may come to be without anybody publishing anything: what is on its way arrives, or is taken back. */
export function outcomesOf(before: Policy, after: Policy): Pair[] {
  return subsetsOf(before.underWay).map((arrived) => [before.arrived(arrived), after.arrived(arrived)]);
}

function subsetsOf(ids: readonly string[]): ReadonlySet<string>[] {
  if (ids.length === 0) return [];
  if (ids.length > mostMixed) return [new Set(), new Set(ids)];
  return Array.from({ length: 2 ** ids.length }, (_, bits) => new Set(ids.filter((_, i) => (bits >> i) % 2 === 1)));
}

/** The same assignments without the exceptions that have run out by then; one value for the same question. */
export function endings(): (version: PolicyVersion, at: number) => PolicyVersion {
  const known = new WeakMap<PolicyVersion, Map<number, PolicyVersion>>();
  return (version, at) => {
    const ofVersion = known.get(version) ?? new Map<number, PolicyVersion>();
    known.set(version, ofVersion);
    const left = ofVersion.get(at) ?? {
      ...version,
      assignments: version.assignments.filter((one) => inForce(one, at)),
    };
    ofVersion.set(at, left);
    return left;
  };
}

/** Every stage of one device, as the exceptions that reach it run out one after another; first: as it is at once. */
export function* stagesOf(
  [before, after]: Pair,
  resolve: (version: PolicyVersion) => Resolved,
  endedBy: ReturnType<typeof endings>,
): Generator<readonly [Resolved, Resolved]> {
  for (let at: number | null = Number.NEGATIVE_INFINITY; at !== null; ) {
    const stage = [resolve(endedBy(before, at)), resolve(endedBy(after, at))] as const;
    yield stage;
    at = nextEnd([...stage[0].reaching, ...stage[1].reaching], at);
  }
}

/** What changes at once, and of all else what changes later, each setting once. */
export function withHidden(
  atOnce: readonly SettingChange[],
  later: readonly (readonly SettingChange[])[],
): readonly SettingChange[] {
  const key = ({ capability, setting }: SettingChange) => `${capability}.${setting}`;
  const known = new Set(atOnce.map(key));
  const hidden: SettingChange[] = [];
  for (const change of later.flat()) {
    if (!known.has(key(change))) hidden.push(change);
    known.add(key(change));
  }
  return hidden.length === 0 ? atOnce : [...atOnce, ...hidden];
}
