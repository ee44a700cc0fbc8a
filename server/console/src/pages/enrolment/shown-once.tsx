import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { CopyButton } from '../../components/copy-button.tsx';
import { When } from '../../components/when.tsx';
import type { Output } from '../../request.ts';
import { count } from '../../words.ts';
import { QrCode } from './qr-code.tsx';
import classes from './shown-once.module.css';
import { enrolCommand } from './token-form.ts';

/** The only time the token's text is shown: the server keeps a hash of it. */
export function ShownOnce({ made, onClose }: { made: Output<'createToken'>; onClose: () => void }) {
  const { token, view } = made;
  const command = enrolCommand(view.platform, token);
  return (
    <Stack>
      <Alert variant="default" icon={<IconEyeOff color="var(--verdict-silent)" />} title="It is shown only this once">
        <Text size="sm">
          Who has it can enrol {count(view.maxUses, 'device')}; it expires <When at={view.expiresAt} />. Close the
          window when you have copied it.
        </Text>
      </Alert>
      <div className={classes.body}>
        <Stack gap="md" miw={0}>
          <div>
            <Text size="sm" fw={600} mb={4}>
              Type this on the device
            </Text>
            <Code block className={classes.code ?? ''}>
              {command}
            </Code>
            <Text size="xs" c="dimmed" mt={4}>
              {view.platform === 'win32'
                ? 'In a terminal opened as administrator.'
                : 'On Windows without sudo, in a terminal opened as administrator.'}
            </Text>
          </div>
          <Group gap="xs">
            <CopyButton text={command} label="Copy the command" />
            <CopyButton text={token} label="Copy the token alone" />
          </Group>
        </Stack>
        <QrCode text={token} />
      </div>
      <Group justify="flex-end">
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
