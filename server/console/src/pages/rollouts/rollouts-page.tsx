import { SegmentedControl, Stack } from '@mantine/core';
import { IconRotateClockwise2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { reviewQueries } from '../../review-queries.ts';
import { RolloutTable } from './rollout-table.tsx';

const route = getRouteApi('/shell/rollouts');
const limit = 50;

export function RolloutsPage() {
  const { page = 1, cursor, show } = route.useSearch();
  const navigate = route.useNavigate();
  const rollouts = useQuery(reviewQueries.rollouts({ limit, cursor, live: show === 'live' ? true : undefined }));
  return (
    <Page
      title="Rollouts"
      lead="What is on its way to the devices in rings. Each halts by itself when something gets worse."
      actions={
        <SegmentedControl
          aria-label="Which rollouts"
          value={show ?? 'all'}
          data={[
            { value: 'live', label: 'Under way' },
            { value: 'all', label: 'All' },
          ]}
          onChange={(next) => void navigate({ search: next === 'live' ? { show: 'live' } : {}, replace: true })}
        />
      }
    >
      <Loaded query={rollouts}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <RolloutTable rollouts={found.items} />
            ) : (
              <Empty
                icon={IconRotateClockwise2}
                title={show === 'live' ? 'Nothing is under way' : 'Nothing has gone out in rings yet'}
              >
                A change that touches many devices goes out in rings when it is published.
              </Empty>
            )}
            <Pager page={page} limit={limit} found={found} onGo={(to) => void navigate({ search: { show, ...to } })} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
