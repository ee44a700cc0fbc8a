import { Alert, List, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  outdated: boolean;
  /** What fell when it was last worked out anew. */
  fallen: readonly string[];
  refresh: ReactNode;
}

/** Says that a preview is not what would happen now, and what came of working it out anew. */
export function Outdated({ outdated, fallen, refresh }: Props) {
  if (!outdated && fallen.length === 0) return null;
  return (
    <Alert
      variant="default"
      role="alert"
      icon={<IconRefresh color="var(--verdict-silent)" />}
      title={outdated ? 'Something has changed since it was worked out' : 'It does more than it did'}
    >
      <Stack gap="xs" align="flex-start">
        {fallen.length > 0 ? (
          <List size="sm">
            {fallen.map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
        ) : null}
        {outdated ? (
          <>
            <Text size="sm">
              Policy, people or devices are not as they were. Approvals stay unless the change does more than they saw.
            </Text>
            {refresh}
          </>
        ) : null}
      </Stack>
    </Alert>
  );
}
