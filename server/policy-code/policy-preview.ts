import type {
  ChangedContent,
  ChangePreview,
  PolicyGroup,
  PolicyPlan,
  PolicyProfile,
} from '../../shared/api/schemas.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import type { GroupStore } from '../store/groups.ts';
import type { ListStore } from '../store/lists.ts';
import type { ProfileStore } from '../store/profiles.ts';
import { contentOf, withdrawn } from './live-policy.ts';
import type { PlannedStep } from './plan.ts';

export interface PreviewParts {
  stores: { profiles: ProfileStore; groups: GroupStore; lists: ListStore };
  /** Items that do not exist yet have a name. */
  previews: { of(items: readonly (ChangedContent & { name?: string })[]): Promise<{ preview: ChangePreview }> };
}

/** Whom the profiles and groups of a plan change, were they published together; undefined: nothing of them changes. */
export async function previewOf(
  steps: readonly PlannedStep[],
  { stores, previews }: PreviewParts,
): Promise<{ counts: PolicyPlan['preview']; problems: string[] } | null> {
  const items: (ChangedContent & { name: string })[] = [];
  const lists = new Set((await stores.lists.list()).map(({ category }) => category));
  for (const { object, action } of steps) {
    const { kind, name } = object;
    if (action === 'unchanged') continue;
    // What does not exist yet goes by its place among the items.
    if (kind === 'profile') {
      const id = (await stores.profiles.findByName(name))?.id ?? `new-${items.length}`;
      const { settings, assignments, locked } = object.document as PolicyProfile;
      const content = { settings: ofLists(settings, lists), assignments, ...(locked && { locked }) };
      items.push({ kind, id, name, content: action === 'remove' ? withdrawn : content });
    } else if (kind === 'group' && action !== 'remove') {
      const id = (await stores.groups.findByName(name))?.id ?? `new-${items.length}`;
      items.push({ kind, id, name, content: contentOf(object.document as PolicyGroup) });
    }
  }
  if (items.length === 0) return null;
  const { devices, people, percent, problems } = (await previews.of(items)).preview;
  return { counts: { devices, people, percent }, problems };
}

/** Without the categories of lists that are to come: the same devices change, and nothing is missing before it is there. */
function ofLists(settings: ProfileSettings, lists: ReadonlySet<string>): ProfileSettings {
  if (!settings.webFilter) return settings;
  const { blockedCategories, lockedCategories, schedules, ...rest } = settings.webFilter;
  const there = (categories: readonly string[]) => categories.filter((category) => lists.has(category));
  const kept = (schedules ?? []).map((schedule) => ({ ...schedule, categories: there(schedule.categories) }));
  const webFilter = {
    ...rest,
    ...(blockedCategories && { blockedCategories: there(blockedCategories) }),
    ...(lockedCategories && { lockedCategories: there(lockedCategories) }),
    ...(schedules && { schedules: kept.filter(({ categories, domains }) => categories.length + domains.length > 0) }),
  };
  return { ...settings, webFilter };
}
