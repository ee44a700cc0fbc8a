import { Alert, Button, Code, Group, SimpleGrid, Stack } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { CopyButton } from './copy-button.tsx';

/** The only time recovery codes are shown. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <Stack>
      <Alert variant="default" icon={<IconEyeOff color="var(--verdict-silent)" />} title="Shown only this once">
        Each of these codes lets you in once when you have neither your passkey nor your code app. Print them, or keep
        them in a password safe that you can open without this device.
      </Alert>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {codes.map((code) => (
          <li key={code}>
            <Code fz="sm">{code}</Code>
          </li>
        ))}
      </SimpleGrid>
      <Group justify="space-between">
        <CopyButton text={codes.join('\n')} label="Copy all" />
        <Button onClick={onKept}>I have kept them</Button>
      </Group>
    </Stack>
  );
}
