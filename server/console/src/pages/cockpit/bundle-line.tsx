import { Button, Text } from '@mantine/core';
import { IconDownload, IconPackage } from '@tabler/icons-react';
import type { DiagnosisView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { useAct } from '../../components/use-act.ts';
import { bundleWords } from '../../diagnosis-words.ts';
import { addressOf } from '../../request.ts';
import { bytes } from '../../words.ts';

/** The support bundle: asked for, looked through by the person, and then here. */
export function BundleLine({ look: { id, bundle } }: { look: DiagnosisView }) {
  const ask = useAct({
    act: () => call('askBundle', { params: { id } }),
    done: 'The device was asked for a support bundle.',
    stale: ['diagnosis'],
  });
  if (bundle?.state === 'ready')
    return (
      <Button
        component="a"
        variant="default"
        leftSection={<IconDownload size={16} />}
        href={addressOf('readBundle', { params: { id } })}
        download
      >
        Support bundle{bundle.bytes === null ? '' : ` (${bytes(bundle.bytes)})`}
      </Button>
    );
  if (bundle !== null && bundle.state !== 'refused')
    return (
      <Text size="sm" c="dimmed" role="status" maw={300}>
        {bundleWords[bundle.state]}
      </Text>
    );
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPackage size={16} />}
        loading={ask.isPending}
        onClick={() => ask.mutate(undefined)}
      >
        Support bundle…
      </Button>
      {bundle ? (
        <Text size="sm" c="dimmed" role="status">
          {bundleWords[bundle.state]}
        </Text>
      ) : null}
      {ask.error ? (
        <Text size="sm" c="var(--verdict-noncompliant-text)" role="alert">
          {ask.error.message}
        </Text>
      ) : null}
    </>
  );
}
