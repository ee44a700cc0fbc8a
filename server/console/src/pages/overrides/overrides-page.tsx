import { Stack } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NowOrPast } from '../../components/now-or-past.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { queries } from '../../queries.ts';
import { OverrideTable } from './override-table.tsx';

const route = getRouteApi('/shell/overrides');
const limit = 50;

export function OverridesPage() {
  const { page = 1, cursor, show } = route.useSearch();
  const navigate = route.useNavigate();
  const overrides = useQuery(queries.overrides({ limit, cursor, inForce: show !== 'past' }));
  return (
    <Page
      title="Opened for a time"
      lead="What staff opened or closed for a person, a device, a class or a school. Everything here ends by itself."
      actions={<NowOrPast show={show} onShow={(search) => void navigate({ search, replace: true })} />}
    >
      <Loaded query={overrides}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <OverrideTable overrides={found.items} />
            ) : (
              <Empty icon={IconLockOpen} title={show === 'past' ? 'Nothing is past yet' : 'Nothing is open for a time'}>
                Grant a request, or choose “Open something” on the page of a person, a device or a class.
              </Empty>
            )}
            <Pager page={page} limit={limit} found={found} onGo={(to) => void navigate({ search: { show, ...to } })} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
