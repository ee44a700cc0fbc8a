import Type from 'typebox';
import { verdictStates } from '../compliance/verdict.ts';
import { choice, strictObject, text } from '../schema.ts';
import { Id, Instant, Nullable } from './contract.ts';
import { SignedHead } from './schemas/audit.ts';

/** What a webhook may ask for. Besides, each can be sent a `test`. */
export const webhookEvents = [
  'verdict-changed',
  'rollout-halted',
  'device-silent',
  'tamper',
  'unblock-request',
  'audit-head',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number] | 'test';

/** So many verdicts come in one delivery at most: a change of policy turns many at once. */
export const verdictsPerDelivery = 100;

const event = <T extends WebhookEvent, D extends Type.TProperties>(type: T, description: string, data: D) =>
  strictObject({ type: Type.Literal(type), timestamp: Instant, data: strictObject(data) }, { description });

/**
 * The body of each event: ids, states and words, never the name of a person. `timestamp` is when it happened. Receivers
 * must accept properties that are added later.
 */
export const webhookPayloads = {
  'verdict-changed': event('verdict-changed', 'Verdicts of devices and people are others than before.', {
    verdicts: Type.Array(
      strictObject({
        subject: strictObject({ kind: choice(['device', 'person']), id: Id }),
        state: choice(verdictStates),
        /** `null`: there was none. */
        before: Nullable(choice(verdictStates)),
        since: Instant,
      }),
      { minItems: 1, maxItems: verdictsPerDelivery },
    ),
  }),
  'rollout-halted': event('rollout-halted', 'A rollout was halted.', {
    rolloutId: Id,
    ring: Type.Integer(),
    words: text(1000),
  }),
  'device-silent': event('device-silent', 'A device was not heard of for longer than allowed.', {
    deviceId: Id,
    since: Instant,
  }),
  tamper: event('tamper', 'Something on a device keeps changing a setting that is enforced.', {
    deviceId: Id,
    findingId: Type.Integer(),
    openedAt: Instant,
  }),
  'unblock-request': event('unblock-request', 'Somebody asks on the block page that a name be opened.', {
    requestId: Id,
    deviceId: Id,
    name: text(253),
    category: Nullable(text(63)),
    askedAt: Instant,
    dueAt: Instant,
  }),
  'audit-head': event(
    'audit-head',
    'Once a day where the audit ends, signed: keep it, and the audit can be held against it.',
    SignedHead.properties,
  ),
  test: event('test', 'Sent by hand, to try the receiver.', { words: text(200) }),
} as const satisfies Record<WebhookEvent, Type.TSchema>;

export type WebhookPayload<E extends WebhookEvent = WebhookEvent> = Type.Static<(typeof webhookPayloads)[E]>;
