import { Button, Card, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp, IconUser, IconUserOff, IconUserPlus } from '@tabler/icons-react';
import type { DeviceSummary } from '../../../../../shared/api/schemas.ts';
import { TextLink } from '../../components/links.tsx';
import { May } from '../../components/may.tsx';
import { HandOverDialog } from './hand-over-dialog.tsx';
import { TakeBackDialog } from './take-back-dialog.tsx';

/** Whose the device is, by custody alone, and the two acts that change it. */
export function Custodian({ device }: { device: DeviceSummary }) {
  const [handing, hand] = useDisclosure();
  const [taking, take] = useDisclosure();
  const { custodian } = device;
  const Sign = custodian ? IconUser : IconUserOff;
  return (
    <Card component="section" aria-label="Custody" padding="md">
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap">
          <Sign stroke={1.5} color="var(--mantine-color-dimmed)" aria-hidden="true" />
          {custodian ? (
            <div>
              <Text size="sm" c="dimmed">
                In the custody of
              </Text>
              <TextLink to="/people/$id" params={{ id: custodian.id }} fw={600}>
                {custodian.name}
              </TextLink>
              <Text span size="sm" c="dimmed">
                {custodian.orgName ? ` · ${custodian.orgName}` : ''}
              </Text>
            </div>
          ) : (
            <div>
              <Text fw={600}>With nobody</Text>
              <Text size="sm" c="dimmed">
                Its settings come from its tags and from what everyone gets.
              </Text>
            </div>
          )}
        </Group>
        {device.status === 'revoked' ? null : (
          <May call="openCustody">
            <Group gap="xs">
              {custodian ? (
                <Button variant="default" size="sm" leftSection={<IconArrowBackUp size={16} />} onClick={take.open}>
                  Take back
                </Button>
              ) : null}
              <Button
                variant={custodian ? 'default' : 'filled'}
                size="sm"
                leftSection={<IconUserPlus size={16} />}
                onClick={hand.open}
              >
                {custodian ? 'Hand to somebody else' : 'Hand over'}
              </Button>
            </Group>
          </May>
        )}
      </Group>
      <HandOverDialog device={device} opened={handing} onClose={hand.close} />
      <TakeBackDialog device={device} opened={taking} onClose={take.close} />
    </Card>
  );
}
