import { Tabs } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProfileTags } from '../../components/profile-tags.tsx';
import { ProfileReach } from '../../components/selector/reached.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { profileTabs } from '../../router.tsx';
import { Editor } from './editor.tsx';
import { LandingTab } from './landing-tab.tsx';
import { RevisionsTab } from './revisions-tab.tsx';

const route = getRouteApi('/shell/profiles/$id');
const parent = { to: '/profiles', label: 'Profiles' } as const;
const tabWords = { edit: 'Edit', reach: 'Who gets it', landing: 'On devices', revisions: 'Revisions' } as const;

export function ProfilePage() {
  const { id } = route.useParams();
  const profile = useQuery(queries.profile(id));
  if (profile.data) return <ProfileView key={id} detail={profile.data} />;
  return (
    <Page title="Profile" parent={parent}>
      <Loaded query={profile}>{(detail) => <ProfileView key={id} detail={detail} />}</Loaded>
    </Page>
  );
}

function ProfileView({ detail }: { detail: ProfileDetail }) {
  const { tab = 'edit', part } = route.useSearch();
  const navigate = route.useNavigate();
  const { profile } = detail;
  const open = (name: string | null) =>
    void navigate({ search: (now) => ({ ...now, tab: profileTabs.find((known) => known === name) }), replace: true });
  return (
    <Page
      title={profile.name}
      parent={parent}
      badge={<ProfileTags profile={profile} />}
      lead={<ProfileLine detail={detail} />}
    >
      <Tabs value={tab} onChange={open} keepMountedMode="display-none">
        <Tabs.List mb="md">
          {profileTabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {tabWords[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="edit">
          <Editor
            detail={detail}
            part={part}
            onPart={(next) => void navigate({ search: (now) => ({ ...now, part: next }), replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="reach">{tab === 'reach' ? <ReachTab profile={profile} /> : null}</Tabs.Panel>
        <Tabs.Panel value="landing">{tab === 'landing' ? <LandingTab id={profile.id} /> : null}</Tabs.Panel>
        <Tabs.Panel value="revisions">
          <RevisionsTab detail={detail} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function ReachTab({ profile }: Pick<ProfileDetail, 'profile'>) {
  return (
    <Panel
      title="Exactly who gets it"
      note="By what is published now, and by what the server knows of people and devices at this moment."
    >
      {profile.publishedRevision === null ? (
        <Empty icon={IconUsersGroup} title="Nobody yet">
          It has not been published. What the draft would reach stands beside each assignment.
        </Empty>
      ) : (
        <ProfileReach id={profile.id} />
      )}
    </Panel>
  );
}

function ProfileLine({ detail: { profile } }: { detail: ProfileDetail }) {
  return (
    <>
      {profile.description ? `${profile.description} ` : null}
      {profile.publishedRevision === null ? (
        'Not published yet.'
      ) : (
        <>
          Revision {profile.publishedRevision} was published <When at={profile.publishedAt} />.
        </>
      )}
    </>
  );
}
