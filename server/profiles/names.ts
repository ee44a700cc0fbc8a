import type { Selector } from '../../shared/policy/selector.ts';
import type { SelectorNames } from '../../shared/policy/words.ts';
import type { ProfileStore } from '../store/profiles.ts';

/** Names for the units, people and classes that these selectors ask for. */
export async function readNames(profiles: ProfileStore, selectors: readonly Selector[]): Promise<SelectorNames> {
  const { orgs, people, classes } = await profiles.namesOf(selectors);
  return { org: (id) => orgs.get(id), person: (id) => people.get(id), class: (id) => classes.get(id) };
}
