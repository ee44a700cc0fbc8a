import { Modal, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { WebhookInput, WebhookView } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';
import { useAct } from '../../components/use-act.ts';
import { When } from '../../components/when.tsx';
import { WebhookForm } from './webhook-form.tsx';

const fresh: WebhookInput = { name: '', url: '', events: ['unblock-request'], active: true };

interface Props {
  opened: boolean;
  onClose: () => void;
}

export function CreateWebhookDialog({ opened, onClose }: Props) {
  return (
    <SecretDialog
      opened={opened}
      onClose={onClose}
      title="New webhook"
      titleMade="Copy the secret now"
      make={(body: WebhookInput) => call('createWebhook', { body })}
      stale="webhooks"
      form={({ make, busy, error }) => (
        <WebhookForm
          start={fresh}
          action="Make the webhook"
          busy={busy}
          error={error}
          onSave={make}
          onClose={onClose}
        />
      )}
      shown={({ secret, webhook }) => (
        <SecretOnce secret={secret} onClose={onClose}>
          <Text size="sm">By this secret “{webhook.name}” knows that a delivery comes from this server.</Text>
        </SecretOnce>
      )}
    />
  );
}

export function EditWebhookDialog({ webhook, opened, onClose }: Props & { webhook: WebhookView }) {
  const save = useAct({
    act: (body: WebhookInput) => call('saveWebhook', { params: { id: webhook.id }, body }),
    done: 'The webhook is saved.',
    stale: ['webhooks'],
    onDone: onClose,
  });
  const { name, url, events, active } = webhook;
  return (
    <Modal opened={opened} onClose={onClose} onExitTransitionEnd={save.reset} size="lg" title="Change the webhook">
      <WebhookForm
        start={{ name, url, events, active }}
        action="Save"
        busy={save.isPending}
        error={save.error}
        onSave={save.mutate}
        onClose={onClose}
      />
    </Modal>
  );
}

export function RotateSecretDialog({ webhook, opened, onClose }: Props & { webhook: WebhookView }) {
  const client = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => call('rotateWebhookSecret', { params: { id: webhook.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  if (!rotate.data)
    return (
      <ConfirmDialog
        opened={opened}
        onClose={onClose}
        title="Make another secret"
        action="Make it"
        onConfirm={() => rotate.mutate()}
        busy={rotate.isPending}
        error={rotate.error}
      >
        <Text size="sm">
          For a day every delivery is signed by the secret of before too, so that the receiver can change over.
        </Text>
      </ConfirmDialog>
    );
  return (
    <Modal opened={opened} onClose={onClose} onExitTransitionEnd={rotate.reset} size="lg" title="Copy the secret now">
      <SecretOnce secret={rotate.data.secret} onClose={onClose}>
        <Text size="sm">
          The secret of before stops signing <When at={rotate.data.oldSecretUntil} />.
        </Text>
      </SecretOnce>
    </Modal>
  );
}

export function DeleteWebhookDialog({ webhook, opened, onClose }: Props & { webhook: WebhookView }) {
  const navigate = useNavigate();
  const remove = useAct({
    act: () => call('deleteWebhook', { params: { id: webhook.id } }),
    done: 'The webhook is deleted.',
    stale: ['webhooks'],
    onDone: () => void navigate({ to: '/webhooks' }),
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title="Delete this webhook"
      action="Delete it"
      dangerous
      onConfirm={() => remove.mutate(undefined)}
      busy={remove.isPending}
      error={remove.error}
    >
      <Text size="sm">“{webhook.name}” is told nothing more, and its deliveries are forgotten.</Text>
    </ConfirmDialog>
  );
}
