import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconSignature } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { needsWords } from '../../command-words.ts';
import type { Output } from '../../request.ts';
import { count } from '../../words.ts';
import { Loaded, RowsSkeleton } from '../loaded.tsx';

/** What a command would do, how many must sign it, and whether anything hinders it. */
export function CommandPreview({ query }: { query: UseQueryResult<Output<'previewCommand'>> }) {
  return (
    <Loaded query={query} skeleton={<RowsSkeleton rows={1} height={64} />}>
      {({ words, needs, problem, connected, devices }) => {
        if (problem !== null)
          return (
            <Alert
              variant="default"
              role="alert"
              icon={<IconAlertTriangle color="var(--verdict-noncompliant)" />}
              title="It cannot be given"
            >
              <Text size="sm">{problem}</Text>
            </Alert>
          );
        return (
          <Alert
            variant="default"
            role="status"
            icon={needs > 0 ? <IconSignature color="var(--verdict-silent)" /> : null}
            title={words}
          >
            <Stack gap={2}>
              <Text size="sm">{needsWords(needs)}</Text>
              <Text size="sm" c="dimmed">
                {connected} of {count(devices, 'device')} {connected === 1 ? 'is' : 'are'} connected now.
              </Text>
            </Stack>
          </Alert>
        );
      }}
    </Loaded>
  );
}
