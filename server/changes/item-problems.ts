import { groupsAskedBy, groupsInCircles } from '../../shared/policy/group.ts';
import type { Selector } from '../../shared/policy/selector.ts';
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

/** Of each content alone, and of all together: every group that is asked for is published by then, and in no circle. */
export function itemProblems(stores: ProblemStores): ProblemsOf {
  return async (items) => {
    const problems: string[] = [];
    for (const item of items) {
      const own = item.kind === 'profile' ? await problemsOf(item.content, stores) : [];
      problems.push(...own.map((words) => (items.length > 1 ? `“${item.name}”: ${words}` : words)));
    }
    return problems.length > 0 ? problems : await problemsTogether(items, stores.groups);
  };
}

async function problemsTogether(items: readonly FrozenItem[], store: GroupStore): Promise<string[]> {
  const own = items.flatMap((item) => (item.kind === 'group' ? [[item.name, item.content] as const] : []));
  const groups = new Map([...(await store.published()), ...own]);
  const circles = groupsInCircles(groups);
  return items.flatMap((item) => [
    ...selectorsOf(item)
      .flatMap(groupsAskedBy)
      .filter((name) => !groups.has(name))
      .map((name) => `“${item.name}” asks for the group “${name}”, which is not published. Add it to the change.`),
    ...(item.kind === 'group' && circles.has(item.name) ? [`The group “${item.name}” asks for itself.`] : []),
  ]);
}

function selectorsOf(item: FrozenItem): Selector[] {
  if (item.kind === 'profile') return item.content.assignments.map(({ to }) => to);
  return item.content.kind === 'rule' ? [item.content.selector] : [];
}
