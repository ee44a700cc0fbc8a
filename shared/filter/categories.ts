import type { Override, WebFilterSettings } from '../profile/web-filter.ts';

/**
 * Every category whose list a device needs, distinct: the locked ones first, then the blocked ones, then those that schedules and
 * overrides block or open, whether they hold now or not.
 */
export function categoriesOf(settings: WebFilterSettings, overrides: readonly Override[] = []): string[] {
  const ids = [
    ...(settings.lockedCategories ?? []),
    ...(settings.blockedCategories ?? []),
    ...(settings.schedules ?? []).flatMap(({ categories }) => categories),
    ...overrides.flatMap(({ categories }) => categories),
  ];
  return [...new Set(ids)];
}
