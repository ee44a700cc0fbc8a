import { Button, Center, Group, Stack, Text, Title } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ApiError } from '../api.ts';
import { ButtonLink } from './links.tsx';
import { Mark } from './wordmark.tsx';

export function NotFound() {
  return (
    <Center component="main" mih="70vh" p="md">
      <Stack align="center" gap="sm" maw={440} ta="center">
        <Mark size={48} />
        <Title order={1}>There is no such page</Title>
        <Text c="dimmed">The address may be mistyped, or the person, device or profile may have been removed.</Text>
        <ButtonLink to="/" mt="sm">
          Go to the overview
        </ButtonLink>
      </Stack>
    </Center>
  );
}

/** What a page shows when it fails to load or to draw; nothing was changed by it. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const known = error instanceof ApiError ? error : undefined;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Center component="main" mih="70vh" p="md" role="alert">
      <Stack align="center" gap="sm" maw={480} ta="center">
        <Mark size={48} />
        <Title order={1}>{known ? 'The page could not be loaded' : 'This page broke'}</Title>
        <Text c="dimmed">
          {known ? known.message : 'That is a fault in Rollcall; nothing was changed. Load it again, or report it.'}
        </Text>
        {known ? null : (
          <Text size="xs" c="dimmed" ff="monospace">
            {String(error)}
          </Text>
        )}
        <Group mt="sm">
          <Button onClick={retry}>Try again</Button>
          <ButtonLink to="/" variant="default">
            Overview
          </ButtonLink>
        </Group>
      </Stack>
    </Center>
  );
}
