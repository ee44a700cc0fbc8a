import { Stack } from '@mantine/core';
import { IconGitPullRequest } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { reviewQueries } from '../../review-queries.ts';
import { list } from '../../rollout-words.ts';
import { ChangePreviewView } from './change-preview.tsx';
import { type DraftItem, draftItems } from './draft-items.ts';
import { Headline } from './headline.tsx';
import { ProposeForm } from './propose-form.tsx';
import { WithOthers } from './with-others.tsx';

const route = getRouteApi('/shell/changes/new');
const parent = { to: '/changes', label: 'Changes' } as const;

/** Drafts as a change: what they would do, and how they shall go out. */
export function NewChangePage() {
  const { profile, group } = route.useSearch();
  const drafts = useQuery(draftItems({ profiles: idsOf(profile), groups: idsOf(group) }));
  const names = drafts.data?.map(({ name }) => name) ?? [];
  return (
    <Page
      title={names.length > 0 ? `Preview and propose ${list(names)}` : 'Preview and propose'}
      parent={parent}
      lead="Nothing has changed yet. See first who would change and what; then propose it."
    >
      <Loaded query={drafts}>{(items) => (items.length > 0 ? <Review items={items} /> : <NothingToReview />)}</Loaded>
    </Page>
  );
}

const idsOf = (ids: string | undefined) => (ids ?? '').split(',').filter((id) => id !== '');

function Review({ items }: { items: readonly DraftItem[] }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const preview = useQuery(reviewQueries.preview(items.map(({ change }) => change)));
  const { profile, group } = search;
  return (
    <Stack gap="md">
      <WithOthers
        items={items}
        onIds={({ profiles, groups }) =>
          void navigate({
            search: { profile: profiles.join(','), group: groups.join(',') },
            replace: true,
            resetScroll: false,
          })
        }
      />
      <Loaded query={preview} skeleton={<RowsSkeleton rows={4} height={88} />}>
        {(value) => (
          <Stack gap="md">
            <Headline preview={value} />
            <ChangePreviewView
              preview={value}
              search={search}
              onSearch={(next) =>
                void navigate({ search: { profile, group, ...next }, replace: true, resetScroll: false })
              }
            />
          </Stack>
        )}
      </Loaded>
      <ProposeForm items={items} preview={preview.data} />
    </Stack>
  );
}

function NothingToReview() {
  return (
    <Empty
      icon={IconGitPullRequest}
      title="There is no draft to review"
      action={
        <ButtonLink to="/profiles" variant="default">
          Profiles
        </ButtonLink>
      }
    >
      What is published is what the draft says. Edit a profile or a group first.
    </Empty>
  );
}
