import { Alert, Button, Code, Group, Stack } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

interface Props {
  secret: string;
  /** Who can do what with it. */
  children: ReactNode;
  onClose: () => void;
}

/** The only time a secret is shown. */
export function SecretOnce({ secret, children, onClose }: Props) {
  return (
    <Stack>
      <Alert variant="default" icon={<IconEyeOff color="var(--verdict-silent)" />} title="It is shown only this once">
        {children}
      </Alert>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {secret}
      </Code>
      <Group justify="space-between">
        <CopyButton text={secret} label="Copy it" />
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
