import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { profileTabs } from '../../router.tsx';
import { Editor } from './editor.tsx';
import { LandingTab } from './landing-tab.tsx';
import { RevisionsTab } from './revisions-tab.tsx';

const route = getRouteApi('/shell/profiles/$id');
const parent = { to: '/profiles', label: 'Profiles' } as const;
const tabWords = { edit: 'Edit', landing: 'On devices', revisions: 'Revisions' } as const;

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
  const { tab = 'edit' } = route.useSearch();
  const navigate = route.useNavigate();
  const { profile } = detail;
  const open = (name: string | null) =>
    void navigate({ search: { tab: profileTabs.find((known) => known === name) }, replace: true });
  return (
    <Page
      title={profile.name}
      parent={parent}
      badge={profile.hasDraft ? <Tag tone="warn">Draft not published</Tag> : null}
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
          <Editor detail={detail} onPublished={() => open('landing')} />
        </Tabs.Panel>
        <Tabs.Panel value="landing">{tab === 'landing' ? <LandingTab id={profile.id} /> : null}</Tabs.Panel>
        <Tabs.Panel value="revisions">
          <RevisionsTab detail={detail} />
        </Tabs.Panel>
      </Tabs>
    </Page>
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
