import { Stack, Text } from '@mantine/core';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { Facts } from '../../components/facts.tsx';
import { Meter } from '../../components/meter.tsx';
import { healthOf } from '../../device-health.ts';
import { percent } from '../../words.ts';
import { HealthCard } from './health-card.tsx';

export function BatteryCard({ detail }: { detail: DeviceDetail }) {
  return (
    <HealthCard title="Battery" report={healthOf(detail, 'battery')}>
      {(battery) =>
        battery.present ? (
          <Stack gap="sm">
            {battery.chargePercent === undefined ? null : (
              <Meter label={battery.charging ? 'Charge, charging' : 'Charge'} value={battery.chargePercent} />
            )}
            {battery.lostPercent === undefined ? null : (
              <Meter label="Capacity lost" value={battery.lostPercent} warnFrom={20} badFrom={40} />
            )}
            <Facts
              facts={[
                ['Charge cycles', battery.cycles?.toLocaleString('en')],
                ['Capacity', capacity(battery.fullWh, battery.designWh)],
              ]}
            />
          </Stack>
        ) : (
          <Text size="sm" c="dimmed">
            This device has no battery.
          </Text>
        )
      }
    </HealthCard>
  );
}

function capacity(full: number | undefined, design: number | undefined): string | undefined {
  if (full === undefined || design === undefined || design === 0) return undefined;
  return `${full.toFixed(1)} of ${design.toFixed(1)} Wh (${percent((full / design) * 100)})`;
}
