import Type from 'typebox';
import { Examination } from '../diagnostics/probe.ts';
import { StreamFilter, StreamSample, streamKinds } from '../diagnostics/streams.ts';
import { choice, EpochMs, strictObject, text } from '../schema.ts';
import { Id } from './fields.ts';
import { LiveSample } from './health.ts';

/** The longest look at a device. The agent ends every look after this by its monotonic clock, whatever the server says. */
export const longestDiagnosisSeconds = 3_600;

/** Somebody wants to look at the device for a ticket. The device tells its person, and asks them where its own rules say so. */
export const DiagnosisOpen = strictObject({
  /** Of the look; never used twice. */
  id: Id,
  /** Number of the ticket, as people know it. */
  ticket: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  reason: text(500, { minLength: 1 }),
  /** Who looks, as the person reads it. */
  by: text(200, { minLength: 1 }),
  /** When it ends, by the server's clock; the device itself counts `seconds`, for its clock may be what is wrong. */
  until: EpochMs,
  seconds: Type.Integer({ minimum: 1, maximum: longestDiagnosisSeconds }),
  /** What the person who holds the device is; absent: nobody knows. */
  role: Type.Optional(choice(['student', 'staff'])),
});
export type DiagnosisOpen = Type.Static<typeof DiagnosisOpen>;
/** `reason`: for the person, in words. */
export const DiagnosisClose = strictObject({ id: Id, reason: text(200) });
/** Of a running look: “what is wrong?”. */
export const Examine = strictObject({ id: Id });
/** Of a running look: a support bundle, which the person reads before it leaves the device. */
export const BundleAsk = strictObject({ id: Id });

/** How a look stands on the device. After `refused` and `ended` nothing of it runs there any more. */
export const DiagnosisState = strictObject({
  id: Id,
  state: choice(['asking', 'running', 'refused', 'ended']),
  /** Why. */
  words: text(300),
  /** How the person was told: the page, the notification. */
  shown: Type.Array(text(300), { maxItems: 10 }),
});
export type DiagnosisState = Type.Static<typeof DiagnosisState>;
/** Absent `examination`: it could not be made; `words` say why. */
export const ExaminationMessage = strictObject({
  id: Id,
  examination: Type.Optional(Examination),
  words: Type.Optional(text(300)),
});

/** A support bundle is no larger than this many bytes. */
export const largestBundle = 700_000;
/** `preview`: the person reads it. The zip comes with `ready`, in base64 (RFC 4648 section 4). */
export const BundleMessage = strictObject({
  id: Id,
  state: choice(['preview', 'refused', 'ready']),
  zip: Type.Optional(Type.String({ maxLength: Math.ceil(largestBundle / 3) * 4, pattern: '^[A-Za-z0-9+/]+={0,2}$' })),
});

export const StreamOpen = strictObject({
  stream: Id,
  kind: choice(streamKinds),
  intervalMs: Type.Integer({ minimum: 500, maximum: 60_000 }),
  /** The running look it belongs to: without one the agent refuses it. */
  diagnosis: Type.Optional(Id),
  filter: Type.Optional(StreamFilter),
});
export const StreamChunk = strictObject({ stream: Id, sample: Type.Union([LiveSample, StreamSample]) });
export const StreamClose = strictObject({ stream: Id, reason: text(200) });
