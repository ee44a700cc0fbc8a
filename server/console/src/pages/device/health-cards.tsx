import { Stack } from '@mantine/core';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { Facts } from '../../components/facts.tsx';
import { Meter } from '../../components/meter.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { healthOf } from '../../device-health.ts';
import { bytes, percent } from '../../words.ts';
import { HealthCard } from './health-card.tsx';

interface Props {
  detail: DeviceDetail;
}

const networkKinds = {
  wired: 'Wired',
  wireless: 'Wireless',
  cellular: 'Cellular',
  none: 'No network',
  unknown: 'Not known',
} as const;

const instant = (at: number) => <When at={new Date(at).toISOString()} />;

export function LoadCard({ detail }: Props) {
  return (
    <HealthCard title="Processor and memory" report={healthOf(detail, 'load')}>
      {(load) => (
        <Stack gap="sm">
          <Meter label="Processor" value={load.cpuPercent} warnFrom={85} />
          <Meter label="Memory" value={load.memoryUsedPercent} warnFrom={85} badFrom={95} />
          {load.swapUsedPercent === undefined ? null : (
            <Meter label="Swap" value={load.swapUsedPercent} warnFrom={60} badFrom={90} />
          )}
        </Stack>
      )}
    </HealthCard>
  );
}

export function OsCard({ detail }: Props) {
  return (
    <HealthCard title="System and updates" report={healthOf(detail, 'os')}>
      {(os) => (
        <Facts
          facts={[
            ['System', `${os.name} ${os.version}`],
            ['Kernel', os.kernel],
            ['Started', os.bootedAt === undefined ? undefined : instant(os.bootedAt)],
            ['Updates waiting', os.pendingUpdates?.toLocaleString('en')],
            ['of these for security', securityUpdates(os.pendingSecurityUpdates)],
            ['Restart needed', os.rebootRequired === undefined ? undefined : os.rebootRequired ? 'Yes' : 'No'],
          ]}
        />
      )}
    </HealthCard>
  );
}

function securityUpdates(number: number | undefined) {
  return number === undefined || number === 0 ? number?.toString() : <Tag tone="warn">{number}</Tag>;
}

export function SystemCard({ detail }: Props) {
  return (
    <HealthCard title="Hardware" report={healthOf(detail, 'system')}>
      {(system) => (
        <Facts
          facts={[
            ['Maker', system.maker],
            ['Model', system.model],
            ['Serial number', system.serial],
            ['Processor', system.cpu],
            ['Cores', system.cores],
            ['Memory', system.memoryBytes === undefined ? undefined : bytes(system.memoryBytes)],
            ['Firmware', system.biosVersion],
          ]}
        />
      )}
    </HealthCard>
  );
}

export function NetworkCard({ detail }: Props) {
  return (
    <HealthCard title="Network" report={healthOf(detail, 'network')}>
      {(network) => (
        <Facts
          facts={[
            ['Kind', networkKinds[network.kind]],
            ['Signal', network.signalPercent === undefined ? undefined : percent(network.signalPercent)],
            ['Link', network.linkMbps === undefined ? undefined : `${network.linkMbps.toLocaleString('en')} Mbit/s`],
          ]}
        />
      )}
    </HealthCard>
  );
}

export function TemperatureCard({ detail }: Props) {
  return (
    <HealthCard title="Temperatures" report={healthOf(detail, 'temperatures')}>
      {({ sensors }) =>
        sensors.length === 0 ? (
          <Facts facts={[['Sensors', 'none that can be read']]} />
        ) : (
          <Facts facts={sensors.map((sensor) => [sensor.name, `${Math.round(sensor.celsius)} °C`])} />
        )
      }
    </HealthCard>
  );
}

export function AgentCard({ detail }: Props) {
  return (
    <HealthCard title="Agent" report={healthOf(detail, 'agent')}>
      {(agent) => (
        <Facts
          facts={[
            ['Version', agent.version],
            ['Memory', bytes(agent.residentBytes)],
            ['Processor', `${agent.cpuPercent.toFixed(2)} %`],
            ['Running since', instant(agent.startedAt)],
            ['Reports waiting to be sent', agent.spooledRecords.toLocaleString('en')],
          ]}
        />
      )}
    </HealthCard>
  );
}
