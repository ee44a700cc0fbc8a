import { Stack, Text } from '@mantine/core';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { Facts } from '../../components/facts.tsx';
import { Meter } from '../../components/meter.tsx';
import { Tag } from '../../components/tag.tsx';
import { healthOf } from '../../device-health.ts';
import { bytes, percent } from '../../words.ts';
import { HealthCard } from './health-card.tsx';

const smartWords = {
  ok: <Tag tone="good">healthy</Tag>,
  failing: <Tag tone="bad">failing</Tag>,
  unknown: <Tag>state not known</Tag>,
} as const;

export function DisksCard({ detail }: { detail: DeviceDetail }) {
  return (
    <HealthCard title="Disks" report={healthOf(detail, 'disks')}>
      {({ volumes, drives }) => (
        <Stack gap="sm">
          {volumes.length + drives.length === 0 ? (
            <Text size="sm" c="dimmed">
              No disks were found.
            </Text>
          ) : null}
          {volumes.map((volume) => (
            <Meter
              key={volume.mount}
              label={volume.mount}
              value={volume.usedPercent}
              detail={`of ${bytes(volume.sizeBytes)}`}
              warnFrom={80}
              badFrom={92}
            />
          ))}
          <Facts
            facts={drives.map((drive) => [
              drive.name,
              <span key={drive.name}>
                {smartWords[drive.smart]} {driveWords(drive)}
              </span>,
            ])}
          />
        </Stack>
      )}
    </HealthCard>
  );
}

function driveWords(drive: { kind?: string; sizeBytes?: number; celsius?: number; wearPercent?: number }): string {
  return [
    drive.kind,
    drive.sizeBytes === undefined ? undefined : bytes(drive.sizeBytes),
    drive.wearPercent === undefined ? undefined : `${percent(drive.wearPercent)} worn`,
    drive.celsius === undefined ? undefined : `${Math.round(drive.celsius)} °C`,
  ]
    .filter(Boolean)
    .join(' · ');
}
