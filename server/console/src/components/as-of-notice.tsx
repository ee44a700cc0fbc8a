import { Alert, Button, Group, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { momentWords } from '../as-of.ts';

interface Props {
  at: string | undefined;
  /** What is shown as it was. */
  children: string;
  onNow: () => void;
}

/** Says that a list is not about now, and leads back. */
export function AsOfNotice({ at, children, onNow }: Props) {
  if (at === undefined) return null;
  return (
    <Alert variant="default" icon={<IconHistory color="var(--verdict-silent)" />} role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          <b>As of {momentWords(Date.parse(at))}.</b> {children}
        </Text>
        <Button size="xs" variant="default" onClick={onNow}>
          Back to now
        </Button>
      </Group>
    </Alert>
  );
}
