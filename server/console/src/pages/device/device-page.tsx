import { Alert, Group, SimpleGrid, Stack, Tabs, Text } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { Connection } from '../../components/connection.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { OpenFor } from '../../components/open-for.tsx';
import { Page } from '../../components/page.tsx';
import { RestrictedNotice } from '../../components/restricted-notice.tsx';
import { SimulatedTag, Tag } from '../../components/tag.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { VerdictPanel } from '../../components/verdict-panel.tsx';
import { queries } from '../../queries.ts';
import { deviceTabs } from '../../router.tsx';
import { deviceStatusWords, isAdultStaff } from '../../words.ts';
import { Custodian } from './custodian.tsx';
import { DeviceActions } from './device-actions.tsx';
import { HealthTab } from './health-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';

const route = getRouteApi('/shell/devices/$id');
const parent = { to: '/devices', label: 'Devices' } as const;
const HelpdeskTab = lazy(() => import('./helpdesk-tab.tsx'));
const tabWords = {
  health: 'Health and checks',
  settings: 'Settings',
  helpdesk: 'Helpdesk',
  history: 'History',
} as const;

export function DevicePage() {
  const { id } = route.useParams();
  const device = useQuery(queries.device(id));
  if (device.data) return <DeviceView detail={device.data} />;
  return (
    <Page title="Device" parent={parent}>
      <Loaded query={device}>{(detail) => <DeviceView detail={detail} />}</Loaded>
    </Page>
  );
}

function DeviceView({ detail }: { detail: DeviceDetail }) {
  const { device } = detail;
  return (
    <Page
      title={device.name}
      parent={parent}
      badge={
        <Group gap={6}>
          <Verdict state={device.verdict.state} until={device.verdict.until} />
          {device.simulated ? <SimulatedTag /> : null}
          {device.status === 'revoked' ? <Tag tone="bad">{deviceStatusWords.revoked}</Tag> : null}
        </Group>
      }
      lead={<DeviceLine detail={detail} />}
      actions={<Actions detail={detail} />}
    >
      <Stack gap="md">
        {device.status === 'held' ? <Held /> : null}
        <RestrictedNotice device={device.id} />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <VerdictPanel verdict={device.verdict} />
          <Custodian device={device} />
        </SimpleGrid>
        <DeviceTabs detail={detail} />
      </Stack>
    </Page>
  );
}

function Actions({ detail: { device } }: { detail: DeviceDetail }) {
  const custodian = useQuery({ ...queries.person(device.custodian?.id ?? ''), enabled: device.custodian !== null });
  const role = custodian.data?.person.role;
  return (
    <>
      {device.status === 'active' ? (
        <OpenFor
          target={{ kind: 'device', id: device.id }}
          name={device.name}
          adult={role !== undefined && isAdultStaff(role)}
        />
      ) : null}
      <DeviceActions device={device} />
    </>
  );
}

function DeviceTabs({ detail }: { detail: DeviceDetail }) {
  const { tab = 'health' } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (name: string | null) =>
    void navigate({ search: { tab: deviceTabs.find((known) => known === name) }, replace: true, resetScroll: false });
  return (
    <Tabs value={tab} onChange={open} keepMounted={false}>
      <Tabs.List mb="md">
        {deviceTabs.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {tabWords[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="health">
        <HealthTab detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="settings">
        <SettingsTab detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="helpdesk">
        <Suspense fallback={<RowsSkeleton rows={3} height={120} />}>
          <HelpdeskTab device={detail.device} />
        </Suspense>
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <HistoryTab detail={detail} />
      </Tabs.Panel>
    </Tabs>
  );
}

function DeviceLine({ detail }: { detail: DeviceDetail }) {
  const { device } = detail;
  return (
    <Group gap="xs">
      <Connection device={device} />
      <span>
        {[device.model, device.serial, device.os, `agent ${device.agentVersion}`].filter(Boolean).join(' · ')}
      </span>
      {device.tags.map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
    </Group>
  );
}

function Held() {
  return (
    <Alert variant="default" icon={<IconClockPause color="var(--verdict-silent)" />} title="Waiting for approval">
      <Text size="sm">
        This device enrolled with a token that holds devices for approval. It gets no settings until you approve it.
        Check the serial number first.
      </Text>
    </Alert>
  );
}
