import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupSummary } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { Page } from '../../components/page.tsx';
import { Rows } from '../../components/rows.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Tag } from '../../components/tag.tsx';
import { queries } from '../../queries.ts';
import { capital, count, says } from '../../words.ts';
import { CreateGroupDialog } from './create-group-dialog.tsx';

export function GroupsPage() {
  const groups = useQuery(queries.groups());
  const [opened, dialog] = useDisclosure();
  const create = (
    <May call="createGroup">
      <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
        New group
      </Button>
    </May>
  );
  return (
    <Page
      title="Groups"
      lead="A saved group is used by name in profiles and in other groups. Change it here, and it changes everywhere it is used."
      actions={create}
    >
      <Loaded query={groups}>
        {({ items }) =>
          items.length > 0 ? (
            <SearchedGroups groups={items} />
          ) : (
            <Empty icon={IconUsersGroup} title="No groups yet" action={create}>
              Save who belongs together once, such as the pilot classes or the laptops of a trolley, by a rule or as a
              list.
            </Empty>
          )
        }
      </Loaded>
      <CreateGroupDialog opened={opened} onClose={dialog.close} />
    </Page>
  );
}

function SearchedGroups({ groups }: { groups: readonly GroupSummary[] }) {
  const [search, setSearch] = useState<string>();
  const found = groups.filter(({ name, description, words, usedBy }) =>
    says(search, [name, description, words, ...usedBy].join(' ')),
  );
  return (
    <Stack gap="md">
      <SearchField label="Search by name, members or use" value={search} onChange={setSearch} />
      {found.length > 0 ? (
        <GroupTable groups={found} />
      ) : (
        <Empty icon={IconUsersGroup} title="No group matches">
          Search for part of a name, or for a profile that uses it.
        </Empty>
      )}
    </Stack>
  );
}

function GroupTable({ groups }: { groups: readonly GroupSummary[] }) {
  return (
    <Rows
      label="Groups"
      rows={groups}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Group', main: true, cell: (group) => <GroupName group={group} /> },
        { title: 'Who is in it', wide: true, cell: ({ words }) => capital(words) },
        { title: 'Devices', align: 'right', cell: ({ reach }) => reach.devices.toLocaleString('en') },
        { title: 'People', align: 'right', cell: ({ reach }) => reach.people.toLocaleString('en') },
        {
          title: 'Cannot be said',
          align: 'right',
          cell: ({ reach }) => (reach.unknown === 0 ? '–' : reach.unknown.toLocaleString('en')),
        },
        { title: 'Used by', wide: true, cell: ({ usedBy }) => <UsedBy names={usedBy} /> },
      ]}
    />
  );
}

function GroupName({ group: { id, name, description, kind, hasDraft, publishedRevision } }: { group: GroupSummary }) {
  return (
    <div>
      <Group gap={6}>
        <TextLink to="/groups/$id" params={{ id }} fw={600}>
          {name}
        </TextLink>
        {kind === 'list' ? <Tag>List</Tag> : null}
        {publishedRevision === null ? <Tag tone="outline">Not published</Tag> : null}
        {hasDraft && publishedRevision !== null ? <Tag tone="warn">Draft not published</Tag> : null}
      </Group>
      <Text size="xs" c="dimmed" lineClamp={2}>
        {description}
      </Text>
    </div>
  );
}

const few = 3;

function UsedBy({ names }: { names: readonly string[] }) {
  if (names.length === 0) return 'Nothing';
  const more = names.length - few;
  return `${names.slice(0, few).join(', ')}${more > 0 ? ` and ${count(more, 'other')}` : ''}`;
}
