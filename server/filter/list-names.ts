import { CodedError } from '../../shared/errors/catalogue.ts';
import { looksLikeAddress, normaliseName } from '../../shared/filter/name.ts';
import { CategoryId, type WebFilterSettings } from '../../shared/profile/web-filter.ts';
import { validator } from '../../shared/schema.ts';

const category = validator(CategoryId);

export function demandCategory(name: string): void {
  const shown = name.slice(0, 80);
  if (category.check(name)) return;
  throw new CodedError('bad-list', `“${shown}” cannot be a category: use a-z, 0-9 and -, at most 63 characters.`);
}

/** Names the district takes out, in comparable form and in order; `bad-list` names the first that is none. */
export function exceptionNames(names: readonly string[]): string[] {
  const normalised = names.map((written) => {
    const name = looksLikeAddress(written) ? undefined : normaliseName(written.trim());
    if (name !== undefined) return name;
    throw new CodedError('bad-list', `“${written.slice(0, 80)}” is not a domain name. Nothing was changed.`);
  });
  return [...new Set(normalised)].sort();
}

/** Does a web filter block, lock or schedule the category? */
export function usesCategory(settings: WebFilterSettings | undefined, name: string): boolean {
  const { lockedCategories = [], blockedCategories = [], schedules = [] } = settings ?? {};
  return [...lockedCategories, ...blockedCategories, ...schedules.flatMap(({ categories }) => categories)].includes(
    name,
  );
}
