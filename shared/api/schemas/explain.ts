import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

/** An assignment that set a value, or lost. */
export const ExplainedSource = strictObject({
  profile: text(120),
  profileId: Id,
  revision: Type.Integer(),
  /** Whom the assignment reaches, in words. */
  to: text(600),
  priority: Type.Integer(),
  /** Its place in the order: `locked minimum`, `override until 3 May`, `2 units up`. */
  rank: text(200),
  /** Who published that this profile sets this value, and when. */
  by: text(300),
  since: Instant,
});
export type ExplainedSource = Type.Static<typeof ExplainedSource>;

export const ExplainedValue = strictObject({
  capability: text(40),
  setting: text(60),
  title: text(120),
  value: Type.Unknown(),
  /** How several profiles become one value: `strictest`, `union`, `replace`, `most-help`. */
  merge: text(20),
  from: Type.Array(ExplainedSource),
  /** What they wanted, and why it is not so. */
  beaten: Type.Array(strictObject({ ...ExplainedSource.properties, value: Type.Unknown(), why: text(400) })),
  /** What no profile sets and is so all the same: `the Minnesota preset`. */
  limitedBy: Type.Optional(text(100)),
  /** Since when this device is to hold this section as it is; `null`: not yet worked out. */
  heldSince: Nullable(Instant),
});
export type ExplainedValue = Type.Static<typeof ExplainedValue>;

export const Explanation = strictObject({
  deviceId: Id,
  deviceName: text(253),
  personId: Nullable(Id),
  person: Nullable(text(400)),
  settings: Type.Array(ExplainedValue),
  /** Selectors that cannot be answered for this device, in words, and what that means. */
  unknown: Type.Array(text(600)),
  /** Rollouts on their way to it: what it will get, or has before others. */
  rollouts: Type.Array(text(600)),
});
export type Explanation = Type.Static<typeof Explanation>;
