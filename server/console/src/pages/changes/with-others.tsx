import { Checkbox, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../queries.ts';
import type { DraftIds, DraftItem } from './draft-items.ts';
import classes from './with-others.module.css';

interface Props {
  items: readonly DraftItem[];
  onIds: (ids: DraftIds) => void;
}

/** Other drafts that may be published in the same change; what belongs together goes out together. */
export function WithOthers({ items, onIds }: Props) {
  const profiles = useQuery(queries.profiles());
  const groups = useQuery(queries.groups());
  const drafts = [
    ...(profiles.data?.items ?? []).map(({ id, name, hasDraft }) => ({ kind: 'profile' as const, id, name, hasDraft })),
    ...(groups.data?.items ?? []).map(({ id, name, hasDraft }) => ({ kind: 'group' as const, id, name, hasDraft })),
  ].filter(({ hasDraft }) => hasDraft);
  const chosen = new Set(items.map(({ change }) => `${change.kind} ${change.id}`));
  if (drafts.every(({ kind, id }) => chosen.has(`${kind} ${id}`)) && items.length < 2) return null;
  const toggle = (draft: (typeof drafts)[number]) => {
    const key = `${draft.kind} ${draft.id}`;
    const kept = drafts.filter(({ kind, id }) => {
      const own = `${kind} ${id}`;
      return own === key ? !chosen.has(key) : chosen.has(own);
    });
    const ids = (kind: 'profile' | 'group') => kept.filter((one) => one.kind === kind).map(({ id }) => id);
    onIds({ profiles: ids('profile'), groups: ids('group') });
  };
  return (
    <fieldset className={classes.others}>
      <legend>
        <Text size="sm" fw={600}>
          Drafts in this change
        </Text>
      </legend>
      <Group gap="md">
        {drafts.map((draft) => {
          const checked = chosen.has(`${draft.kind} ${draft.id}`);
          return (
            <Checkbox
              key={`${draft.kind} ${draft.id}`}
              label={draft.kind === 'group' ? `Group ${draft.name}` : draft.name}
              checked={checked}
              disabled={checked && items.length === 1}
              onChange={() => toggle(draft)}
            />
          );
        })}
      </Group>
    </fieldset>
  );
}
