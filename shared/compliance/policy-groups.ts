import { type GroupContent, type Groups, groupsAskedBy, groupsBehind } from '../policy/group.ts';
import { leavesOf, type Selector } from '../policy/selector.ts';
import type { CompliancePolicy } from './policy.ts';
import type { PolicyRevision } from './timeline.ts';

/** What a group held from an instant on, until its next one. */
export interface GroupSince {
  name: string;
  from: number;
  content: GroupContent;
}

/** The selectors by which a policy says whom its checks bind. */
export function bindsOf({ checks }: CompliancePolicy): Selector[] {
  return checks.flatMap(({ binds = [] }) => binds);
}

/** Does any of these policies ask which classes somebody is in? */
export function asksClasses(policies: readonly PolicyRevision[], groups: Groups): boolean {
  const asked = policies.flatMap(({ policy }) => bindsOf(policy));
  const rules = [...groupsNamed(policies, groups)].flatMap((name) => {
    const content = groups.get(name);
    return content?.kind === 'rule' ? [content.selector] : [];
  });
  return [...asked, ...rules].flatMap(leavesOf).some(({ kind }) => kind === 'class');
}

/** Names of the groups on which it hangs whom any of these policies binds. */
export function groupsNamed(policies: readonly PolicyRevision[], groups: Groups): Set<string> {
  const asked = policies.flatMap(({ policy }) => bindsOf(policy));
  const named = new Set(asked.flatMap(groupsAskedBy));
  for (const selector of asked) for (const name of groupsBehind(selector, groups)) named.add(name);
  return named;
}

/**
 * The same policies with the groups of their time: one that was published later begins a revision of its own, so that
 * nobody is bound, or free, before. Whom a group held before its first revision is not known, and unknown is bound.
 */
export function withGroups(
  policies: readonly PolicyRevision[],
  history: readonly GroupSince[],
  published: Groups,
): PolicyRevision[] {
  const moments = [...new Set([...policies, ...history].map(({ from }) => from))].sort((a, b) => a - b);
  const ordered = history.toSorted((a, b) => a.from - b.from);
  let groups: Groups = new Map();
  const revisions = moments.flatMap((from) => {
    const begun = ordered.filter((one) => one.from === from).map(({ name, content }) => [name, content] as const);
    if (begun.length > 0) groups = new Map([...groups, ...begun]);
    const policy = policies.findLast((revision) => revision.from <= from)?.policy;
    return policy ? [{ from, policy, groups }] : [];
  });
  return revisions.map((revision, index) =>
    index === revisions.length - 1 ? { ...revision, groups: published } : revision,
  );
}
