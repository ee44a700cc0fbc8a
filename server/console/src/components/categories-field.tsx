import { MultiSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../queries.ts';
import { TextLink } from './links.tsx';

interface Props {
  labelId: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** What stands there while nothing is chosen. */
  none?: string;
}

/** Categories of the lists that were imported; one that is gone stays visible until it is taken out. */
export function CategoriesField({ labelId, value, onChange, none = 'Left alone' }: Props) {
  const lists = useQuery(queries.lists());
  const items = lists.data?.items ?? [];
  const gone = value.filter((category) => !items.some((list) => list.category === category));
  const options = items.map((list) => ({
    value: list.category,
    label: `${list.title} (${list.names.toLocaleString('en')} names)`,
  }));
  return (
    <div>
      <MultiSelect
        aria-labelledby={labelId}
        placeholder={value.length === 0 ? none : ''}
        searchable
        clearable
        value={[...value]}
        data={[...options, ...gone.map((category) => ({ value: category, label: category }))]}
        onChange={onChange}
        nothingFoundMessage="No such category"
      />
      {lists.data && gone.length > 0 ? (
        <Text size="xs" c="var(--mantine-color-error)" mt={4}>
          No list is imported for {gone.join(', ')}: it blocks nothing until there is one.
        </Text>
      ) : null}
      {lists.data && items.length === 0 ? (
        <Text size="xs" c="dimmed" mt={4}>
          No lists are imported yet. <TextLink to="/lists">Import one</TextLink>
        </Text>
      ) : null}
    </div>
  );
}
