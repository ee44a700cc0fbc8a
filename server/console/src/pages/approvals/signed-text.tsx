import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CopyButton } from '../../components/copy-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { digestOf, fingerprint, readSigned } from '../../sign-text.ts';
import classes from './signed-text.module.css';

/** The exact text that is signed, as this browser reads it and as it stands, with the digest that a passkey signs. */
export function SignedText({ text }: { text: string }) {
  const digest = useQuery({
    queryKey: ['digest', text],
    queryFn: async () => fingerprint(await digestOf(text)),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const lines = readSigned(text);
  return (
    <Panel
      title="The exact text that is signed"
      note="Read and digested by this browser; devices obey nothing else."
      aside={<CopyButton text={text} label="Copy the text" />}
    >
      {lines === undefined ? null : (
        <dl className={classes.values} aria-label="Values of the text">
          {lines.map(({ path, value }) => (
            <div key={path}>
              <dt>{path}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <details open={lines === undefined}>
        <summary>
          <Text span size="sm">
            As it stands, byte for byte
          </Text>
        </summary>
        <pre className={classes.text}>{text}</pre>
      </details>
      <Group gap="xs" align="baseline">
        <Text size="xs" c="dimmed">
          SHA-256
        </Text>
        <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {digest.data ?? digest.error?.message ?? 'is being worked out'}
        </Text>
      </Group>
    </Panel>
  );
}
