import type { webhookRoutes } from '../../../shared/api/routes/webhooks.ts';
import type { WebhookService } from '../../webhooks/webhooks.ts';
import type { Handlers } from '../register.ts';

/** Where the server tells other programs what happens. */
export function webhookHandlers({
  webhooks,
}: {
  webhooks: WebhookService;
}): Pick<Handlers, keyof typeof webhookRoutes> {
  return {
    listWebhooks: () => webhooks.list(),
    createWebhook: ({ body, caller }) => webhooks.create(body, caller.actor),
    readWebhook: ({ params }) => webhooks.read(params.id),
    saveWebhook: ({ params, body, caller }) => webhooks.save(params.id, body, caller.actor),
    deleteWebhook: async ({ params, caller }) => {
      await webhooks.delete(params.id, caller.actor);
      return { done: true };
    },
    rotateWebhookSecret: ({ params, caller }) => webhooks.rotateSecret(params.id, caller.actor),
    testWebhook: ({ params }) => webhooks.test(params.id),
    listDeliveries: ({ params, query }) => webhooks.deliveries(params.id, query),
    redeliver: ({ params }) => webhooks.redeliver(params.id),
  };
}
