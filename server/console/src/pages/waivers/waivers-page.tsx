import { Stack } from '@mantine/core';
import { IconShieldHalf } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NowOrPast } from '../../components/now-or-past.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { queries } from '../../queries.ts';
import { WaiverTable } from './waiver-table.tsx';

const route = getRouteApi('/shell/waivers');
const limit = 50;

export function WaiversPage() {
  const { page = 1, cursor, show } = route.useSearch();
  const navigate = route.useNavigate();
  const waivers = useQuery(queries.waivers({ limit, cursor, inForce: show !== 'past' }));
  return (
    <Page
      title="Waivers"
      lead="Failures that staff let pass for a device or a person, with the reason. Every waiver ends by itself."
      actions={<NowOrPast show={show} onShow={(search) => void navigate({ search, replace: true })} />}
    >
      <Loaded query={waivers}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <WaiverTable waivers={found.items} />
            ) : (
              <Empty icon={IconShieldHalf} title={show === 'past' ? 'Nothing is past yet' : 'Nothing is waived'}>
                Choose “Waive…” beside a failing check on the page of a device or a person.
              </Empty>
            )}
            <Pager page={page} limit={limit} found={found} onGo={(to) => void navigate({ search: { show, ...to } })} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
