import type {
  ChangedContent,
  ChangePreview,
  PolicyGroup,
  PolicyPlan,
  PolicyProfile,
} from '../../shared/api/schemas.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { problemsOf } from '../profiles/validate.ts';
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

export interface PreviewedPlan {
  counts: PolicyPlan['preview'];
  /** What is wrong with single profiles, the object's key first. */
  problems: string[];
  warnings: string[];
}

type Item = ChangedContent & { name: string };

/** Whom the profiles and groups of a plan change, were they published together. Counts: null where nothing of them changes. */
export async function previewOf(
  steps: readonly PlannedStep[],
  { stores, previews }: PreviewParts,
): Promise<PreviewedPlan> {
  const items = await itemsOf(steps, stores);
  const problems = await problemsIn(items, stores);
  if (items.length === 0 || problems.length > 0) return { counts: null, problems, warnings: [] };
  const { devices, people, percent, problems: warnings } = (await previews.of(items)).preview;
  // Calendars that come along are not there yet, and would be missed.
  const isTimed = steps.some(({ object, action }) => object.kind === 'calendar' && action !== 'unchanged');
  return { counts: { devices, people, percent }, problems, warnings: isTimed ? [] : warnings };
}

async function itemsOf(steps: readonly PlannedStep[], stores: PreviewParts['stores']): Promise<Item[]> {
  const items: Item[] = [];
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
  return items;
}

async function problemsIn(items: readonly Item[], stores: PreviewParts['stores']): Promise<string[]> {
  const beside = new Map(items.flatMap((one) => (one.kind === 'group' ? [[one.name, one.content] as const] : [])));
  const problems: string[] = [];
  for (const item of items) {
    if (item.kind === 'group') continue;
    const found = await problemsOf(item.content, stores, beside);
    problems.push(...found.map((words) => `profile ${item.name}: ${words}`));
  }
  return problems;
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
