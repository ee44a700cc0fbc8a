import Type from 'typebox';
import { LiveSample } from '../protocol/health.ts';
import { choice, strictObject, text } from '../schema.ts';
import { Id } from './contract.ts';

/** What may have changed; the console loads again whatever it shows of it. */
export const liveTopics = [
  'overview',
  'people',
  'devices',
  'device',
  'profiles',
  'profile',
  'groups',
  'changes',
  'rollouts',
  'api-tokens',
  'webhooks',
  'lists',
  'requests',
  'overrides',
  'classes',
  'calendars',
  'filter',
  'compliance',
  'waivers',
  'obligations',
  'restrictions',
  'recovery',
  'tokens',
  'events',
  'orgs',
  'tickets',
  'ticket',
  'diagnosis',
  'commands',
  'approvals',
  'scripts',
  'staff',
  'security',
  'audit',
] as const;
export type LiveTopic = (typeof liveTopics)[number];

/** Browser → server, over the WebSocket at /api/live?ticket=…: look at a device each second, or stop. */
export const LiveRequest = Type.Union([
  strictObject({ type: Type.Literal('watch'), deviceId: Id }),
  strictObject({ type: Type.Literal('unwatch'), deviceId: Id }),
]);
export type LiveRequest = Type.Static<typeof LiveRequest>;

/** Server → browser. */
export const LiveEvent = Type.Union([
  strictObject({ type: Type.Literal('changed'), topic: choice(liveTopics), id: Type.Optional(text(64)) }),
  strictObject({ type: Type.Literal('sample'), deviceId: Id, sample: LiveSample }),
  strictObject({ type: Type.Literal('watch-ended'), deviceId: Id, reason: text(200) }),
]);
export type LiveEvent = Type.Static<typeof LiveEvent>;
