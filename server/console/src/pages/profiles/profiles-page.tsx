import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustments, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ProfileSummary } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { capabilityTitle } from '../../setting-words.ts';
import { count } from '../../words.ts';
import { CreateProfileDialog } from './create-profile-dialog.tsx';

export function ProfilesPage() {
  const profiles = useQuery(queries.profiles());
  const [opened, dialog] = useDisclosure();
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
      New profile
    </Button>
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
            <ProfileTable profiles={items} />
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

function ProfileTable({ profiles }: { profiles: readonly ProfileSummary[] }) {
  return (
    <Rows
      label="Profiles"
      rows={profiles}
      keyOf={(profile) => profile.id}
      columns={[
        { title: 'Profile', main: true, cell: (profile) => <ProfileName profile={profile} /> },
        { title: 'Sets', cell: (profile) => profile.capabilities.map(capabilityTitle).join(', ') || 'Nothing yet' },
        { title: 'Reaches', cell: (profile) => profile.assignments.map((one) => one.words).join('; ') || 'Nobody yet' },
        { title: 'Devices', cell: (profile) => count(profile.deviceCount, 'device') },
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
        {profile.hasDraft ? <Tag tone="warn">Draft</Tag> : null}
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
