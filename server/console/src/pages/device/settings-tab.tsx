import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { ExplainView } from '../../components/explain/explain-panel.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { queries } from '../../queries.ts';
import { SectionStatus } from './section-status.tsx';

export function SettingsTab({ detail }: { detail: DeviceDetail }) {
  return (
    <Stack gap="md">
      <Panel
        title="In force on the device"
        note="“Verified” means that the device looked again after applying it, and saw what it should."
      >
        {detail.sections.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing is desired of this device.
          </Text>
        ) : null}
        {detail.sections.map((section) => (
          <SectionStatus key={section.section} section={section} />
        ))}
      </Panel>
      <Why detail={detail} />
    </Stack>
  );
}

function Why({ detail: { device, settings } }: { detail: DeviceDetail }) {
  const explained = useQuery(queries.explainDevice(device.id));
  const limits = settings.flatMap(({ capability, setting, limitedBy }) =>
    limitedBy ? [{ capability, setting, by: limitedBy }] : [],
  );
  return (
    <Panel title="Why these settings" note="Each value, the assignment that gave it, and what it went before.">
      <Loaded query={explained} skeleton={<RowsSkeleton rows={4} />}>
        {(explanation) => <ExplainView explanation={explanation} limits={limits} />}
      </Loaded>
    </Panel>
  );
}
