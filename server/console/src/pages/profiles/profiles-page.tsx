import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustments, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProfileSummary } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { Page } from '../../components/page.tsx';
import { ProfileTags } from '../../components/profile-tags.tsx';
import { Rows } from '../../components/rows.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { capabilityTitle } from '../../setting-words.ts';
import { says } from '../../words.ts';
import { CreateProfileDialog } from './create-profile-dialog.tsx';

export function ProfilesPage() {
  const profiles = useQuery(queries.profiles());
  const [opened, dialog] = useDisclosure();
  const create = (
    <May call="createProfile">
      <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
        New profile
      </Button>
    </May>
  );
  return (
    <Page
      title="Profiles"
      lead="A profile is a set of settings and whom it reaches. Nothing changes on a device until you publish."
      actions={create}
    >
      <Loaded query={profiles}>
        {({ items }) =>
          items.length > 0 ? (
            <SearchedProfiles profiles={items} />
          ) : (
            <Empty icon={IconAdjustments} title="No profiles yet" action={create}>
              Make one for the web filter and one for browsers to begin with.
            </Empty>
          )
        }
      </Loaded>
      <CreateProfileDialog opened={opened} onClose={dialog.close} />
    </Page>
  );
}

function SearchedProfiles({ profiles }: { profiles: readonly ProfileSummary[] }) {
  const [search, setSearch] = useState<string>();
  const found = profiles.filter((profile) => says(search, textOf(profile)));
  return (
    <Stack gap="md">
      <SearchField label="Search by name, setting or whom it reaches" value={search} onChange={setSearch} />
      {found.length > 0 ? (
        <ProfileTable profiles={found} />
      ) : (
        <Empty icon={IconAdjustments} title="No profile matches">
          Search for part of a name, an area such as “Browser”, or whom it reaches.
        </Empty>
      )}
    </Stack>
  );
}

const textOf = ({ name, description, capabilities, assignments }: ProfileSummary) =>
  [name, description, ...capabilities.map(capabilityTitle), ...assignments.map(({ words }) => words)].join(' ');

function ProfileTable({ profiles }: { profiles: readonly ProfileSummary[] }) {
  return (
    <Rows
      label="Profiles"
      rows={profiles}
      keyOf={(profile) => profile.id}
      columns={[
        { title: 'Profile', main: true, cell: (profile) => <ProfileName profile={profile} /> },
        { title: 'Sets', cell: (profile) => profile.capabilities.map(capabilityTitle).join(', ') || 'Nothing yet' },
        {
          title: 'Reaches',
          wide: true,
          cell: (profile) => profile.assignments.map((one) => one.words).join('; ') || 'Nobody yet',
        },
        { title: 'Devices', align: 'right', cell: ({ deviceCount }) => deviceCount.toLocaleString('en') },
        { title: 'Published', cell: (profile) => <Published profile={profile} /> },
      ]}
    />
  );
}

function ProfileName({ profile }: { profile: ProfileSummary }) {
  return (
    <div>
      <Group gap={6}>
        <TextLink to="/profiles/$id" params={{ id: profile.id }} fw={600}>
          {profile.name}
        </TextLink>
        <ProfileTags profile={profile} />
      </Group>
      <Text size="xs" c="dimmed" lineClamp={2}>
        {profile.description}
      </Text>
    </div>
  );
}

function Published({ profile }: { profile: ProfileSummary }) {
  if (profile.publishedRevision === null) return <Tag>Not yet</Tag>;
  return (
    <span>
      Revision {profile.publishedRevision}, <When at={profile.publishedAt} />
    </span>
  );
}
