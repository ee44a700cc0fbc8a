import { useQueries, useQuery } from '@tanstack/react-query';
import { leavesOf, type Selector } from '../../../../../shared/policy/selector.ts';
import type { SelectorNames } from '../../../../../shared/policy/words.ts';
import { queries } from '../../queries.ts';

/** More than these are not looked up: a sentence of so many names is not read. */
const mostNames = 40;
const loading = '…';

/** Names of the units, people and classes that selectors hold, as the roster knows them. */
export function useSelectorNames(selectors: readonly Selector[]): SelectorNames {
  const questions = selectors.flatMap(leavesOf);
  const orgs = useQuery(queries.orgs());
  const people = useNames(
    questions.flatMap((one) => (one.kind === 'person' ? [one.person] : [])),
    queries.personName,
  );
  const classes = useNames(
    questions.flatMap((one) => (one.kind === 'class' ? [one.class] : [])),
    queries.className,
  );
  return {
    org: (id) => (orgs.data ? orgs.data.items.find(({ sourcedId }) => sourcedId === id)?.name : loading),
    person: people,
    class: classes,
  };
}

function useNames(ids: readonly string[], query: typeof queries.personName) {
  const asked = [...new Set(ids)].filter((id) => id !== '').slice(0, mostNames);
  const found = useQueries({ queries: asked.map(query) });
  const names = new Map(asked.map((id, place) => [id, found[place]?.data]));
  return (id: string) => {
    if (id === '' || !names.has(id)) return loading;
    const name = names.get(id);
    return name === undefined ? loading : (name ?? undefined);
  };
}
