import { Alert, Button, Code, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconKeyOff } from '@tabler/icons-react';
import type { EscrowKeyView, EscrowView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { EscrowDialog } from './escrow-dialog.tsx';

/** What devices seal for, and what must be there before an emergency. */
export function EscrowPanel({ escrow }: { escrow: EscrowView }) {
  const [opened, dialog] = useDisclosure();
  const { key, retired, staff } = escrow;
  const keys = key ? [key, ...retired] : retired;
  return (
    <Panel
      title="Escrow key"
      note="Devices seal their recovery keys for it. Its passphrase opens them; the server does not have it."
      aside={
        <Button size="sm" variant={key ? 'default' : 'filled'} onClick={dialog.open}>
          {key ? 'Replace…' : 'Set up…'}
        </Button>
      }
    >
      {staff < 2 ? (
        <Alert variant="default" icon={<IconAlertTriangle color="var(--verdict-silent)" />} title="It takes two people">
          Only one person can sign in. On the server, <Code>rollcall staff add NAME EMAIL</Code> adds another.
        </Alert>
      ) : null}
      {keys.length > 0 ? (
        <Rows label="Escrow keys" rows={keys} keyOf={(row) => row.id} columns={columns} />
      ) : (
        <Empty icon={IconKeyOff} title="There is no escrow key">
          Until there is, no device hands in a recovery key. Have the passphrase kept by two approvers who do not ask
          for keys themselves.
        </Empty>
      )}
      <EscrowDialog opened={opened} isReplacing={key !== null} onClose={dialog.close} />
    </Panel>
  );
}

const columns: Column<EscrowKeyView>[] = [
  {
    title: 'Made',
    main: true,
    cell: ({ createdAt, by }) => (
      <div>
        <When at={createdAt} as="moment" />
        <Text size="xs" c="dimmed">
          {by}
        </Text>
      </div>
    ),
  },
  {
    title: 'State',
    cell: ({ retiredAt }) =>
      retiredAt ? (
        <span>
          <Tag>Replaced</Tag> <When at={retiredAt} as="moment" />
        </span>
      ) : (
        <Tag tone="good">In use</Tag>
      ),
  },
  {
    title: 'Keys of devices',
    cell: ({ keys, retiredAt }) =>
      retiredAt && keys > 0 ? `${keys.toLocaleString('en')} still need this passphrase` : keys.toLocaleString('en'),
  },
];
