import { Alert, Stack, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../queries.ts';
import { TextLink } from './links.tsx';
import { When } from './when.tsx';

type Which = { device: string } | { person: string };

/** Says that a device, or one of a person's, is restricted: why, since when, and the way out. Nothing when it is not. */
export function RestrictedNotice(which: Which) {
  const restrictions = useQuery(queries.restrictions({ ...which, open: true, limit: 20 }));
  return (restrictions.data?.items ?? []).map(({ id, device, profile, reason, from }) => (
    <Alert
      key={id}
      variant="default"
      icon={<IconShieldLock color="var(--verdict-noncompliant)" />}
      title={'person' in which ? `${device.name} is restricted` : 'Restricted until it is put right'}
    >
      <Stack gap={4}>
        <Text size="sm" component="div">
          Since <When at={from} as="moment" /> it holds the profile “{profile.name}” above all others. {reason}.
        </Text>
        <Text size="sm" c="dimmed">
          It is lifted at once when that is fixed, or when you choose “Waive…” beside the failing check
          {'person' in which ? ' on ' : '. '}
          {'person' in which ? (
            <TextLink to="/devices/$id" params={{ id: device.id }}>
              {device.name}
            </TextLink>
          ) : null}
          {'person' in which ? '. ' : ''}
          Its own page, sign-in and help stay open.
        </Text>
      </Stack>
    </Alert>
  ));
}
