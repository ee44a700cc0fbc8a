import Type from 'typebox';
import { StreamFilter, StreamSample, streamKinds } from '../diagnostics/streams.ts';
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

/** One stream of one diagnosis; a socket watches each once, whatever the filter. */
const watched = { diagnosisId: Id, stream: choice(streamKinds) };

/**
 * Browser → server, over the WebSocket at /api/live?ticket=…: look at a device each second within a running diagnosis, or
 * stop. Another filter: `unwatch`, then `watch`.
 */
export const LiveRequest = Type.Union([
  strictObject({ type: Type.Literal('watch'), ...watched, filter: Type.Optional(StreamFilter) }),
  strictObject({ type: Type.Literal('unwatch'), ...watched }),
]);
export type LiveRequest = Type.Static<typeof LiveRequest>;

/** Server → browser. A tab that reads slowly is sent the latest sample of each stream and not those between. */
export const LiveEvent = Type.Union([
  strictObject({ type: Type.Literal('changed'), topic: choice(liveTopics), id: Type.Optional(text(64)) }),
  strictObject({
    type: Type.Literal('sample'),
    ...watched,
    /** Of the stream `live` a `LiveSample`; of the others what has their `kind`. */
    sample: Type.Union([LiveSample, StreamSample]),
  }),
  /** No sample of the stream comes any more; watching again may work. */
  strictObject({ type: Type.Literal('watch-ended'), ...watched, reason: text(200) }),
]);
export type LiveEvent = Type.Static<typeof LiveEvent>;
