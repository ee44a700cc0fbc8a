import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Done, IdParams, Instant, PageQuery, page, route } from '../contract.ts';
import { DeliveryView, deliveryStates, WebhookInput, WebhookView } from '../schemas/webhooks.ts';

/** `whsec_` and the key in base64 (https://www.standardwebhooks.com). */
const Secret = text(120);

/** Where the server tells other programs what happens. */
export const webhookRoutes = {
  listWebhooks: route('GET', '/api/webhooks', {
    summary: 'Webhooks, by name; at most 50',
    response: strictObject({ items: Type.Array(WebhookView) }),
  }),
  createWebhook: route('POST', '/api/webhooks', {
    summary: 'Make a webhook; its secret is answered this once',
    body: WebhookInput,
    response: strictObject({ webhook: WebhookView, secret: Secret }),
    secret: true,
  }),
  readWebhook: route('GET', '/api/webhooks/:id', { summary: 'One webhook', params: IdParams, response: WebhookView }),
  saveWebhook: route('PUT', '/api/webhooks/:id', {
    summary: 'Change a webhook, or turn it on again',
    params: IdParams,
    body: WebhookInput,
    response: WebhookView,
  }),
  deleteWebhook: route('DELETE', '/api/webhooks/:id', {
    summary: 'Delete a webhook and its deliveries',
    params: IdParams,
    response: Done,
  }),
  rotateWebhookSecret: route('POST', '/api/webhooks/:id/secret', {
    summary: 'Make another secret; the earlier one signs beside it for a day',
    params: IdParams,
    response: strictObject({ secret: Secret, oldSecretUntil: Instant }),
    secret: true,
  }),
  testWebhook: route('POST', '/api/webhooks/:id/test', {
    summary: 'Send a test event',
    params: IdParams,
    response: DeliveryView,
  }),
  listDeliveries: route('GET', '/api/webhooks/:id/deliveries', {
    summary: 'Deliveries of a webhook, newest first; what was delivered is kept for 30 days',
    params: IdParams,
    query: strictObject({ ...PageQuery, state: Type.Optional(choice(deliveryStates)) }),
    response: page(DeliveryView),
  }),
  redeliver: route('POST', '/api/webhook-deliveries/:id/redeliver', {
    summary: 'Send a delivery again, now',
    params: IdParams,
    response: DeliveryView,
  }),
} as const;
