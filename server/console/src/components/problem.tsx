import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api.ts';

interface Props {
  error: Error;
  onRetry?: () => void;
  title?: string;
}

/** A failure in the server's words, with its details and, where it helps, another try. */
export function Problem({ error, onRetry, title = 'That did not work' }: Props) {
  const details = error instanceof ApiError ? error.details : [];
  return (
    <Alert
      variant="default"
      role="alert"
      icon={<IconAlertTriangle color="var(--verdict-noncompliant)" />}
      title={title}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{error.message}</Text>
        {details.length > 0 ? (
          <List size="sm" style={{ overflowWrap: 'anywhere' }}>
            {details.map((detail) => (
              <List.Item key={detail}>{detail}</List.Item>
            ))}
          </List>
        ) : null}
        {onRetry ? (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </Stack>
    </Alert>
  );
}
