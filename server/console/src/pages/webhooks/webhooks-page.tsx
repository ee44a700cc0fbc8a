import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { WebhookView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { type Column, Rows } from '../../components/rows.tsx';
import { When } from '../../components/when.tsx';
import { interfaceQueries } from '../../interface-queries.ts';
import { eventTitles } from '../../interface-words.ts';
import { CreateWebhookDialog } from './webhook-dialogs.tsx';
import { WebhookStatus } from './webhook-status.tsx';

const columns: Column<WebhookView>[] = [
  { title: 'Webhook', main: true, cell: (webhook) => <Name webhook={webhook} /> },
  { title: 'Told of', cell: ({ events }) => eventTitles(events) },
  { title: 'Status', cell: (webhook) => <WebhookStatus webhook={webhook} /> },
  { title: 'Waiting', align: 'right', cell: ({ waiting }) => waiting.toLocaleString('en') },
  { title: 'Given up', align: 'right', cell: ({ dead }) => dead.toLocaleString('en') },
  { title: 'Delivered', cell: ({ deliveredAt }) => <When at={deliveredAt} /> },
];

export function WebhooksPage() {
  const webhooks = useQuery(interfaceQueries.webhooks());
  const [creating, dialog] = useDisclosure();
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
      New webhook
    </Button>
  );
  return (
    <Page
      title="Webhooks"
      lead="Where other programs are told at once what happens here. Every delivery is signed, and tried again for a day when it fails."
      actions={create}
    >
      <Loaded query={webhooks}>
        {({ items }) =>
          items.length > 0 ? (
            <Rows label="Webhooks" rows={items} keyOf={({ id }) => id} columns={columns} />
          ) : (
            <Empty icon={IconWebhook} title="Nobody is told yet" action={create}>
              A help desk or a chat room can hear of unblock requests, tampering and rollouts that were halted.
            </Empty>
          )
        }
      </Loaded>
      <CreateWebhookDialog opened={creating} onClose={dialog.close} />
    </Page>
  );
}

function Name({ webhook: { id, name, url } }: { webhook: WebhookView }) {
  return (
    <div>
      <TextLink to="/webhooks/$id" params={{ id }} fw={600} size="sm">
        {name}
      </TextLink>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {url}
      </Text>
    </div>
  );
}
