import { Stack, Text } from '@mantine/core';
import { IconAdjustmentsOff } from '@tabler/icons-react';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { EffectiveSettings } from './effective-settings.tsx';
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
      <Panel
        title="Settings and where they come from"
        note="Each value, the assignment that set it, and those it beat."
      >
        {detail.settings.length > 0 ? (
          <EffectiveSettings settings={detail.settings} />
        ) : (
          <Empty icon={IconAdjustmentsOff} title="No profile reaches this device">
            Assign a <TextLink to="/profiles">profile</TextLink> to its person, their school, or one of its tags.
          </Empty>
        )}
      </Panel>
    </Stack>
  );
}
