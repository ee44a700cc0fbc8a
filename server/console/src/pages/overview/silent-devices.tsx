import { Group, Text } from '@mantine/core';
import type { Overview } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { SimulatedTag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import classes from './reasons.module.css';

export function SilentDevices({ devices }: { devices: Overview['silent'] }) {
  return (
    <Panel
      title="Silent devices"
      note="Not heard from for a while: lost, broken, in a drawer or off-line."
      aside={
        <TextLink to="/devices" search={{ verdict: 'silent' }} size="sm">
          All silent
        </TextLink>
      }
    >
      {devices.length === 0 ? (
        <Text size="sm" c="dimmed">
          Every device has been heard from.
        </Text>
      ) : (
        <ul className={classes.reasons}>
          {devices.slice(0, 8).map((device) => (
            <li key={device.id}>
              <Group gap={6}>
                <TextLink to="/devices/$id" params={{ id: device.id }}>
                  {device.name}
                </TextLink>
                {device.simulated ? <SimulatedTag /> : null}
                <Text size="sm" c="dimmed" span>
                  {device.custodian?.name ?? 'with nobody'}
                </Text>
              </Group>
              <span className={classes.count}>
                <When at={device.lastSeenAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
