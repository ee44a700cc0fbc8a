import { Stack } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NowOrPast } from '../../components/now-or-past.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { queries } from '../../queries.ts';
import { HoldPanel } from './hold-panel.tsx';
import { RestrictionTable } from './restriction-table.tsx';

const route = getRouteApi('/shell/restrictions');
const limit = 50;

export function RestrictionsPage() {
  const { page = 1, cursor, show } = route.useSearch();
  const navigate = route.useNavigate();
  const hold = useQuery(queries.restrictionHold());
  const restrictions = useQuery(queries.restrictions({ limit, cursor, open: show !== 'past' }));
  return (
    <Page
      title="Restricted"
      lead="Devices that hold a narrower profile until they are put right. Help stays open on all of them, and each is lifted at once when its failure is fixed or waived."
      actions={<NowOrPast show={show} onShow={(search) => void navigate({ search, replace: true })} />}
    >
      <Stack gap="md">
        {hold.data ? <HoldPanel hold={hold.data} /> : null}
        <Loaded query={restrictions}>
          {(found) => (
            <>
              {found.items.length > 0 ? (
                <RestrictionTable restrictions={found.items} />
              ) : (
                <Empty
                  icon={IconShieldLock}
                  title={show === 'past' ? 'Nothing is past yet' : 'No device is restricted'}
                >
                  After which failures a device is restricted, and by which profile, is decided in the{' '}
                  <TextLink to="/compliance-policy">Compliance policy</TextLink>.
                </Empty>
              )}
              <Pager
                page={page}
                limit={limit}
                found={found}
                onGo={(to) => void navigate({ search: { show, ...to } })}
              />
            </>
          )}
        </Loaded>
      </Stack>
    </Page>
  );
}
