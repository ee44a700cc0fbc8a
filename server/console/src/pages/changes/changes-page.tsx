import { Stack } from '@mantine/core';
import { IconGitPullRequest } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { changeStates } from '../../../../../shared/api/schemas.ts';
import { changeStateWords } from '../../change-words.ts';
import { Empty } from '../../components/empty.tsx';
import { FilterSelect } from '../../components/filter-select.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { useWaitingChanges } from '../../components/use-waiting-changes.ts';
import { reviewQueries } from '../../review-queries.ts';
import type { ChangesSearch } from '../../review-routes.tsx';
import { ChangeTable } from './change-table.tsx';

const route = getRouteApi('/shell/changes');
const limit = 50;
const states = [
  ...changeStates.map((value) => ({ value, label: changeStateWords[value].label })),
  { value: 'waits' as const, label: 'Waits for me' },
];

export function ChangesPage() {
  const { page = 1, cursor, state } = route.useSearch();
  const navigate = route.useNavigate();
  const changes = useQuery(reviewQueries.changes({ limit, cursor, state: state === 'waits' ? 'open' : state }));
  const waiting = useWaitingChanges();
  const show = (search: ChangesSearch) => void navigate({ search, replace: true });
  return (
    <Page
      title="Changes"
      lead="Drafts of profiles and groups, frozen to be reviewed: who would change, what it needs, and when it goes out."
      actions={
        <FilterSelect
          label="State"
          any="All changes"
          value={state}
          options={states}
          onChange={(next) => show({ state: next })}
        />
      }
    >
      <Loaded query={changes}>
        {(found) => {
          const items = state === 'waits' ? waiting : found.items;
          return (
            <Stack gap="md">
              {items.length > 0 ? <ChangeTable changes={items} /> : <NoChange state={state} />}
              {state === 'waits' ? null : (
                <Pager
                  page={page}
                  limit={limit}
                  found={{ ...found, items }}
                  onGo={(to) => void navigate({ search: { state, ...to } })}
                />
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function NoChange({ state }: Pick<ChangesSearch, 'state'>) {
  return (
    <Empty
      icon={IconGitPullRequest}
      title={state === undefined ? 'Nothing has been proposed yet' : 'No change is among these'}
    >
      Edit a profile or a group, save the draft, and choose “Preview and propose”.
    </Empty>
  );
}
