import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { webhookEvents } from '../webhook-events.ts';

const Url = Type.String({
  maxLength: 500,
  pattern: '^https?://[^\\s]+$',
  description: 'http only where the server’s configuration allows private addresses',
});

export const WebhookInput = strictObject({
  name: text(100, { minLength: 1 }),
  url: Url,
  events: Type.Array(choice(webhookEvents), { minItems: 1, maxItems: webhookEvents.length, uniqueItems: true }),
  active: Type.Boolean(),
});
export type WebhookInput = Type.Static<typeof WebhookInput>;

export const WebhookView = strictObject({
  id: Id,
  ...WebhookInput.properties,
  createdAt: Instant,
  createdBy: text(300),
  /** Why the server turned it off; `null`: it did not. */
  problem: Nullable(text(300)),
  /** Deliveries that wait for a first or a further try, and those that were given up. */
  waiting: Type.Integer(),
  dead: Type.Integer(),
  deliveredAt: Nullable(Instant),
  /** Until when the secret before this one signs too; `null`: there is one secret. */
  oldSecretUntil: Nullable(Instant),
});
export type WebhookView = Type.Static<typeof WebhookView>;

export const deliveryStates = ['waiting', 'delivered', 'dead'] as const;

export const DeliveryView = strictObject({
  /** The header `webhook-id`: the same in every try. */
  id: Id,
  webhookId: Id,
  event: choice([...webhookEvents, 'test']),
  at: Instant,
  state: choice(deliveryStates),
  attempts: Type.Integer(),
  nextAt: Nullable(Instant),
  lastAt: Nullable(Instant),
  /** HTTP status of the last answer; `null`: there was none. */
  lastStatus: Nullable(Type.Integer()),
  lastProblem: Nullable(text(300)),
  /** The very bytes that are signed and sent: JSON. */
  body: Type.String(),
});
export type DeliveryView = Type.Static<typeof DeliveryView>;
