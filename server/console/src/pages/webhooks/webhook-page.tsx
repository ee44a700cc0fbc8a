import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { WebhookView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { Facts } from '../../components/facts.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Problem } from '../../components/problem.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { interfaceQueries } from '../../interface-queries.ts';
import { eventTitles } from '../../interface-words.ts';
import { actorWords } from '../../words.ts';
import { DeliveriesPanel } from './deliveries-panel.tsx';
import { DeleteWebhookDialog, EditWebhookDialog, RotateSecretDialog } from './webhook-dialogs.tsx';
import { WebhookStatus } from './webhook-status.tsx';

const route = getRouteApi('/shell/webhooks/$id');
const parent = { to: '/webhooks', label: 'Webhooks' } as const;

export function WebhookPage() {
  const { id } = route.useParams();
  const webhook = useQuery(interfaceQueries.webhook(id));
  if (webhook.data) return <OneWebhook webhook={webhook.data} />;
  return (
    <Page title="Webhook" parent={parent}>
      <Loaded query={webhook}>{(found) => <OneWebhook webhook={found} />}</Loaded>
    </Page>
  );
}

function OneWebhook({ webhook }: { webhook: WebhookView }) {
  const test = useAct({
    act: () => call('testWebhook', { params: { id: webhook.id } }),
    done: 'A test event is on its way.',
    stale: ['webhooks'],
  });
  return (
    <Page
      title={webhook.name}
      badge={<WebhookStatus webhook={webhook} />}
      parent={parent}
      actions={<Actions webhook={webhook} onTest={() => test.mutate(undefined)} testing={test.isPending} />}
    >
      <Stack gap="md">
        {test.error ? <Problem error={test.error} /> : null}
        {webhook.problem === null ? null : (
          <Alert
            variant="default"
            icon={<IconAlertTriangle color="var(--verdict-noncompliant)" />}
            title="The server turned this webhook off"
          >
            <Text size="sm">{webhook.problem} Put the receiver right, then choose “Change…” and turn it on.</Text>
          </Alert>
        )}
        <Panel title="Where and what">
          <Facts
            facts={[
              ['Address', <span style={{ overflowWrap: 'anywhere' }}>{webhook.url}</span>],
              ['Told of', eventTitles(webhook.events)],
              ['Delivered', <When at={webhook.deliveredAt} />],
              ['Made', <Made webhook={webhook} />],
              ...(webhook.oldSecretUntil === null
                ? []
                : [['Secret of before signs until', <When at={webhook.oldSecretUntil} as="moment" />] as const]),
            ]}
          />
        </Panel>
        <DeliveriesPanel webhook={webhook} />
      </Stack>
    </Page>
  );
}

function Made({ webhook: { createdBy, createdAt } }: { webhook: WebhookView }) {
  return (
    <>
      {actorWords(createdBy)}, <When at={createdAt} as="date" />
    </>
  );
}

function Actions({ webhook, onTest, testing }: { webhook: WebhookView; onTest: () => void; testing: boolean }) {
  const [editing, edit] = useDisclosure();
  const [rotating, rotate] = useDisclosure();
  const [deleting, remove] = useDisclosure();
  return (
    <Group gap="xs">
      <Button variant="default" loading={testing} disabled={!webhook.active} onClick={onTest}>
        Send a test
      </Button>
      <Button variant="default" onClick={edit.open}>
        Change…
      </Button>
      <Button variant="default" onClick={rotate.open}>
        New secret…
      </Button>
      <Button variant="default" onClick={remove.open}>
        Delete…
      </Button>
      <EditWebhookDialog webhook={webhook} opened={editing} onClose={edit.close} />
      <RotateSecretDialog webhook={webhook} opened={rotating} onClose={rotate.close} />
      <DeleteWebhookDialog webhook={webhook} opened={deleting} onClose={remove.close} />
    </Group>
  );
}
