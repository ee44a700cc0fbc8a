import type { Groups } from '../../shared/policy/group.ts';
import { selectorProblems } from '../../shared/policy/selector-problems.ts';
import { problemsOfGroup } from '../groups/group-problems.ts';
import { problemsOf } from '../profiles/validate.ts';
import type { FrozenItem } from '../store/change-records.ts';
import type { GroupStore } from '../store/groups.ts';
import type { ListStore } from '../store/lists.ts';
import type { ProfileStore } from '../store/profiles.ts';
import type { ProblemsOf } from './freeze-drafts.ts';

export interface ProblemStores {
  profiles: ProfileStore;
  lists: ListStore;
  groups: GroupStore;
}

/** Of each content, among the groups that are published once all of them are. */
export function itemProblems(stores: ProblemStores): ProblemsOf {
  return async (items) => {
    const own = items.flatMap((item) => (item.kind === 'group' ? [[item.name, item.content] as const] : []));
    const groups: Groups = new Map([...(await stores.groups.published()), ...own]);
    const problems: string[] = [];
    for (const item of items) {
      const found = await problemsOfItem(item, groups, stores);
      problems.push(...found.map((words) => (items.length > 1 ? `“${item.name}”: ${words}` : words)));
    }
    return [...new Set(problems)];
  };
}

async function problemsOfItem(item: FrozenItem, groups: Groups, stores: ProblemStores): Promise<string[]> {
  if (item.kind === 'group') return (await problemsOfGroup(item.name, item.content, groups, stores.profiles)).errors;
  const alone = await problemsOf(item.content, stores);
  if (alone.length > 0) return alone;
  return item.content.assignments.flatMap(({ to }) =>
    selectorProblems(to, { groups }).errors.map((words) => `Assignments: ${words} Publish it first, or with this.`),
  );
}
