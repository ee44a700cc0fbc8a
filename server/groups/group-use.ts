import type { PublishingSettings } from '../../shared/api/schemas.ts';
import type { CompliancePolicy } from '../../shared/compliance/policy.ts';
import { groupsAskedBy } from '../../shared/policy/group.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import type { GroupRecord } from '../store/groups.ts';
import type { ProfileRecord } from '../store/profiles.ts';

/** Everything that may name a group, as it is published and as it is drafted. */
export interface GroupUsers {
  profiles: readonly Pick<ProfileRecord, 'name' | 'draft' | 'published'>[];
  groups: readonly Pick<GroupRecord, 'name' | 'draft' | 'published'>[];
  compliance: CompliancePolicy;
  publishing: Pick<PublishingSettings, 'plan'>;
}

/** Group → what uses it, in words, each once: `the profile “Web filter”`. */
export function usesOf({ profiles, groups, compliance, publishing }: GroupUsers): Map<string, string[]> {
  const uses = new Map<string, Set<string>>();
  const note = (user: string, selectors: readonly Selector[]) => {
    for (const name of selectors.flatMap(groupsAskedBy)) uses.set(name, (uses.get(name) ?? new Set()).add(user));
  };
  for (const { name, draft, published } of profiles)
    note(
      `the profile “${name}”`,
      [draft, published].flatMap((one) => one?.assignments.map(({ to }) => to) ?? []),
    );
  for (const { name, draft, published } of groups)
    for (const content of [draft, published?.content])
      if (content?.kind === 'rule') note(`the group “${name}”`, [content.selector]);
  note(
    'the compliance policy',
    compliance.checks.flatMap(({ binds = [] }) => binds),
  );
  note(
    'the settings for publishing',
    publishing.plan.rings.flatMap((ring) => (ring.kind === 'group' ? [{ kind: ring.kind, group: ring.group }] : [])),
  );
  return new Map([...uses].map(([name, users]) => [name, [...users].map((user) => user.slice(0, 120))]));
}
