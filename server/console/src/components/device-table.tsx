import { Checkbox, Group, Text } from '@mantine/core';
import type { DeviceSummary } from '../../../../shared/api/schemas.ts';
import { deviceStatusWords, platformWords } from '../words.ts';
import { Connection } from './connection.tsx';
import { TextLink } from './links.tsx';
import { type Column, Rows } from './rows.tsx';
import { SimulatedTag, Tag } from './tag.tsx';
import { Verdict } from './verdict.tsx';

const custodian: Column<DeviceSummary> = {
  title: 'With',
  cell: (device) =>
    device.custodian ? (
      <div>
        <TextLink to="/people/$id" params={{ id: device.custodian.id }}>
          {device.custodian.name}
        </TextLink>
        <Text size="xs" c="dimmed">
          {device.custodian.orgName}
        </Text>
      </div>
    ) : (
      <Text size="sm" c="dimmed">
        Nobody
      </Text>
    ),
};

/** Devices that are chosen for something that is done to several at once. */
export interface DeviceChoice {
  has: (id: string) => boolean;
  set: (device: DeviceSummary, isChosen: boolean) => void;
}

interface Props {
  devices: readonly DeviceSummary[];
  /** Left off on a person's own page. */
  withCustodian?: boolean;
  choice?: DeviceChoice;
}

export function DeviceTable({ devices, withCustodian = true, choice }: Props) {
  const columns: Column<DeviceSummary>[] = [
    ...(choice ? [chooser(choice)] : []),
    { title: 'Device', main: true, cell: (device) => <DeviceName device={device} /> },
    ...(withCustodian ? [custodian] : []),
    { title: 'System', cell: (device) => <System device={device} /> },
    { title: 'Connection', cell: (device) => <Connection device={device} /> },
    { title: 'Verdict', cell: (device) => <Verdict state={device.verdict.state} until={device.verdict.until} /> },
  ];
  return <Rows label="Devices" rows={devices} keyOf={(device) => device.id} columns={columns} />;
}

const chooser = (choice: DeviceChoice): Column<DeviceSummary> => ({
  title: 'Chosen',
  cell: (device) => (
    <Checkbox
      aria-label={`Choose ${device.name}`}
      checked={choice.has(device.id)}
      disabled={device.status !== 'active'}
      onChange={(event) => choice.set(device, event.currentTarget.checked)}
    />
  ),
});

function DeviceName({ device }: { device: DeviceSummary }) {
  return (
    <div>
      <Group gap={6}>
        <TextLink to="/devices/$id" params={{ id: device.id }} fw={600}>
          {device.name}
        </TextLink>
        {device.simulated ? <SimulatedTag /> : null}
        {device.status === 'active' ? null : (
          <Tag tone={device.status === 'held' ? 'warn' : 'bad'}>{deviceStatusWords[device.status]}</Tag>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {[device.model, device.serial].filter(Boolean).join(' · ') || 'Model not reported'}
      </Text>
    </div>
  );
}

function System({ device }: { device: DeviceSummary }) {
  return (
    <div>
      {device.os || platformWords[device.platform]}
      <Text size="xs" c="dimmed">
        Agent {device.agentVersion}
      </Text>
    </div>
  );
}
