import { Alert, Button, Group, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';

interface Props {
  draft: { busy: boolean; takeTheirs: () => void; saveOver: () => void };
}

/** Somebody else saved this while it was being edited here: nobody's work is lost unasked. */
export function DraftConflict({ draft }: Props) {
  return (
    <Alert
      variant="default"
      role="alert"
      icon={<IconUsers color="var(--verdict-silent)" />}
      title="Somebody else saved this meanwhile"
    >
      <Text size="sm">
        Your changes are still here, but they were made on an older version. Open the page in a second window to
        compare, then choose.
      </Text>
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={draft.takeTheirs}>
          Drop mine, load theirs
        </Button>
        <Button size="xs" variant="default" loading={draft.busy} onClick={draft.saveOver}>
          Keep mine, save over theirs
        </Button>
      </Group>
    </Alert>
  );
}
