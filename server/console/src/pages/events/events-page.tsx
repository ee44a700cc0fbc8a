import { Card, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { EventList } from '../../components/event-list.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { queries } from '../../queries.ts';

const route = getRouteApi('/shell/events');
const limit = 50;

export function EventsPage() {
  const { page = 1, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const events = useQuery(queries.events({ limit, ...(cursor ? { cursor } : {}) }));
  return (
    <Page title="Events" lead="Everything that people, devices and the server did, newest first.">
      <Loaded query={events}>
        {(found) => (
          <Stack gap="md">
            <Card>
              {found.items.length > 0 ? (
                <EventList events={found.items} />
              ) : (
                <Empty icon={IconHistory} title="Nothing has happened yet">
                  Imports, enrolments, published profiles and what devices report will be listed here.
                </Empty>
              )}
            </Card>
            <Pager page={page} limit={limit} found={found} onGo={(to) => void navigate({ search: to ?? {} })} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
