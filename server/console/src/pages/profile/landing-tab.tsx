import { Stack, Text } from '@mantine/core';
import { IconRocketOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Landing } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/rows.tsx';
import { StatusTag } from '../../components/status-tag.tsx';
import { SimulatedTag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { LandingBar } from './landing-bar.tsx';

/** Watches a published revision land, device by device. */
export function LandingTab({ id }: { id: string }) {
  const landing = useQuery({
    ...queries.landing(id),
    refetchInterval: ({ state }) => (state.data && state.data.pending + state.data.applied > 0 ? 3000 : false),
  });
  return <Loaded query={landing}>{(value) => <Landed landing={value} />}</Loaded>;
}

function Landed({ landing }: { landing: Landing }) {
  if (landing.revision === null || landing.total === 0)
    return (
      <Panel title="On devices">
        <Empty
          icon={IconRocketOff}
          title={landing.revision === null ? 'Nothing is published yet' : 'It reaches no device'}
        >
          {landing.revision === null
            ? 'Publish the profile to see it land here.'
            : 'Add an assignment that names people who have a device.'}
        </Empty>
      </Panel>
    );
  return (
    <Stack gap="md">
      <Panel
        title={`Revision ${landing.revision}`}
        note={
          <>
            published <When at={landing.publishedAt} />
          </>
        }
      >
        <LandingBar landing={landing} />
      </Panel>
      <Rows
        label="Devices"
        rows={landing.devices}
        keyOf={(device) => device.deviceId}
        columns={[
          { title: 'Device', main: true, cell: (device) => <DeviceName device={device} /> },
          { title: 'Status', cell: (device) => <StatusTag status={device.status} /> },
          { title: 'What it says', cell: (device) => device.words || '–' },
          { title: 'Connected', cell: (device) => (device.connected ? 'Yes' : 'No') },
          { title: 'Reported', cell: (device) => (device.at ? <When at={device.at} /> : 'Not yet') },
        ]}
      />
      {landing.total > landing.devices.length ? (
        <Text size="sm" c="dimmed">
          The first {landing.devices.length} of {landing.total.toLocaleString('en')} devices, failures first.
        </Text>
      ) : null}
    </Stack>
  );
}

function DeviceName({ device }: { device: Landing['devices'][number] }) {
  return (
    <>
      <TextLink to="/devices/$id" params={{ id: device.deviceId }} search={{ tab: 'settings' }} fw={600}>
        {device.name}
      </TextLink>{' '}
      {device.simulated ? <SimulatedTag /> : null}
    </>
  );
}
