import { Stack } from '@mantine/core';
import { IconDeviceLaptop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { AsOfNotice } from '../../components/as-of-notice.tsx';
import { DeviceTable } from '../../components/device-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { Page } from '../../components/page.tsx';
import { Pager } from '../../components/pager.tsx';
import { queries } from '../../queries.ts';
import type { DevicesSearch } from '../../router.tsx';
import { useMay } from '../../use-may.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { DeviceFilters } from './device-filters.tsx';
import { useChosenDevices } from './use-chosen-devices.ts';

const route = getRouteApi('/shell/devices');
const limit = 50;

export function DevicesPage() {
  const { page = 1, connected, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const query = { ...filters, limit, connected: connected === undefined ? undefined : connected === 'true' };
  const devices = useQuery(queries.devices(query));
  const chosen = useChosenDevices();
  const may = useMay();
  const filter = (change: DevicesSearch) =>
    void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...change }), replace: true });
  const { at, ...narrowing } = filters;
  const filtered = connected !== undefined || Object.values(narrowing).some((value) => value !== undefined);
  return (
    <Page
      title="Devices"
      lead="Every enrolled device: whom it is with, whether it is connected, and whether it complies."
      actions={
        <May call="createToken">
          <ButtonLink to="/enrolment" variant="default">
            Enrol a device
          </ButtonLink>
        </May>
      }
    >
      <AsOfNotice at={at} onNow={() => filter({ at: undefined })}>
        Verdicts and custody are as they were then; the rest is as it is now.
      </AsOfNotice>
      <DeviceFilters filters={{ ...filters, connected }} onFilter={filter} />
      <Loaded query={devices}>
        {(found) => (
          <Stack gap="md">
            {found.items.length > 0 ? (
              <DeviceTable devices={found.items} {...(may('createCommand') ? { choice: chosen } : {})} />
            ) : (
              <NoDevices filtered={filtered} />
            )}
            <Pager
              page={page}
              limit={limit}
              found={found}
              onGo={(to) => void navigate({ search: ({ cursor: _, page: __, ...rest }) => ({ ...rest, ...to }) })}
            />
            <ChosenBar chosen={chosen} shown={found.items} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function NoDevices({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty
      icon={IconDeviceLaptop}
      title="No device matches"
      action={
        <ButtonLink to="/devices" search={{}} variant="default">
          Clear the filters
        </ButtonLink>
      }
    />
  ) : (
    <Empty
      icon={IconDeviceLaptop}
      title="No devices yet"
      action={<ButtonLink to="/enrolment">Make an enrolment token</ButtonLink>}
    >
      Make a token, type it on a device, and the device appears here by itself.
    </Empty>
  );
}
