import { Alert, List, Text } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import type { ChangePreview } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { count } from '../../words.ts';

const few = 10;

/** Devices of which it cannot be said whether they are meant, with what is missing. */
export function UnknownDevices({ unknown, devices }: { unknown: ChangePreview['unknown']; devices: number }) {
  return (
    <Alert
      variant="default"
      icon={<IconHelpCircle color="var(--verdict-silent)" />}
      title={devices === 1 ? 'Of one device it cannot be said' : `Of ${count(devices, 'device')} it cannot be said`}
    >
      <Text size="sm">Something that is asked about is not known of them; they keep what they last had.</Text>
      <List size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
        {unknown.slice(0, few).map((device) => (
          <List.Item key={device.deviceId}>
            <TextLink to="/devices/$id" params={{ id: device.deviceId }}>
              {device.deviceName}
            </TextLink>
            : {device.words}
          </List.Item>
        ))}
      </List>
      {devices > few ? (
        <Text size="sm" c="dimmed" mt={4}>
          The first {Math.min(few, unknown.length)} of {devices.toLocaleString('en')} are shown.
        </Text>
      ) : null}
    </Alert>
  );
}
