import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChangeView } from '../../../../../shared/api/schemas.ts';
import { changeStateWords } from '../../change-words.ts';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { reviewQueries } from '../../review-queries.ts';
import { actorWords } from '../../words.ts';
import { ChangePreviewView } from './change-preview.tsx';
import { ChangeStanding } from './change-standing.tsx';
import { Discussion } from './discussion.tsx';
import { Headline } from './headline.tsx';
import { Outdated } from './outdated.tsx';
import { PlanPanel } from './plan-panel.tsx';
import { RefreshButton } from './refresh-button.tsx';

const route = getRouteApi('/shell/changes/$id');
const parent = { to: '/changes', label: 'Changes' } as const;

export function ChangePage() {
  const { id } = route.useParams();
  const change = useQuery(reviewQueries.change(id));
  if (change.data) return <Reviewed key={id} view={change.data} />;
  return (
    <Page title="Change" parent={parent}>
      <Loaded query={change}>{(view) => <Reviewed key={id} view={view} />}</Loaded>
    </Page>
  );
}

function Reviewed({ view }: { view: ChangeView }) {
  const { change, preview, note, plan } = view;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [fallen, setFallen] = useState<readonly string[]>([]);
  const waits = change.state === 'open' || change.state === 'scheduled';
  const refresh = waits ? <RefreshButton view={view} onFallen={setFallen} /> : null;
  const state = changeStateWords[change.state];
  return (
    <Page
      title={change.title}
      parent={parent}
      badge={<Tag tone={state.tone}>{state.label}</Tag>}
      lead={<Origin view={view} />}
    >
      <Headline preview={preview} />
      {note ? (
        <Text maw={720} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
          {note}
        </Text>
      ) : null}
      <Outdated outdated={view.outdated && waits} fallen={fallen} refresh={refresh} />
      <ChangeStanding view={view} />
      {waits || change.state === 'published' ? (
        <PlanPanel
          plan={plan}
          publishAt={change.publishAt}
          publishedAt={change.publishedAt}
          devices={preview.devices}
        />
      ) : null}
      <ChangePreviewView
        preview={preview}
        search={search}
        onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
        anew={refresh}
      />
      <Discussion view={view} />
    </Page>
  );
}

function Origin({ view: { change } }: { view: ChangeView }) {
  return (
    <Stack gap={0}>
      <span>
        Proposed by {actorWords(change.by)}, <When at={change.at} />
      </span>
      <span>
        {change.items.map((item, place) => (
          <span key={`${item.kind} ${item.id}`}>
            {place > 0 ? ', ' : ''}
            <Item item={item} />
          </span>
        ))}
      </span>
    </Stack>
  );
}

function Item({ item: { kind, id, name, fromRevision } }: { item: ChangeView['change']['items'][number] }) {
  const after = fromRevision === null ? ' (first publication)' : ` (after revision ${fromRevision})`;
  if (kind === 'group') return `Group ${name}${after}`;
  return (
    <>
      Profile{' '}
      <TextLink to="/profiles/$id" params={{ id }}>
        {name}
      </TextLink>
      {after}
    </>
  );
}
