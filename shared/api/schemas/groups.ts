import Type from 'typebox';
import { GroupContent } from '../../policy/group.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

const Count = Type.Integer({ minimum: 0 });

/** How many a selector or group reaches now. */
export const ReachCount = strictObject({
  devices: Count,
  people: Count,
  /** Devices of which it cannot be said: something asked about is not known. Those that it last reached are among `devices`. */
  unknown: Count,
});
export type ReachCount = Type.Static<typeof ReachCount>;

export const GroupSummary = strictObject({
  id: Id,
  name: text(120),
  description: text(1000),
  kind: choice(['rule', 'list']),
  /** Whom it means, in words; a list: how many entries. */
  words: text(1000),
  publishedRevision: Nullable(Type.Integer()),
  hasDraft: Type.Boolean(),
  reach: ReachCount,
  /** Names of profiles and groups that use it. */
  usedBy: Type.Array(text(120)),
});
export type GroupSummary = Type.Static<typeof GroupSummary>;

export const GroupRevision = strictObject({
  number: Type.Integer(),
  publishedAt: Instant,
  by: text(300),
  note: text(500),
  content: GroupContent,
});

export const GroupDetail = strictObject({
  group: GroupSummary,
  /** What the form shows: the draft if there is one, else what is published. */
  content: GroupContent,
  /** Changes with every save; send it back so that nobody's change is lost. */
  version: Type.Integer(),
  revisions: Type.Array(GroupRevision),
});
export type GroupDetail = Type.Static<typeof GroupDetail>;

/** A device that a selector, group or profile reaches, or may reach. */
export const ReachedDevice = strictObject({
  deviceId: Id,
  deviceName: text(253),
  personId: Nullable(Id),
  person: Nullable(text(400)),
  org: Nullable(text(255)),
  answer: choice(['yes', 'stays', 'unknown']),
  /** Why, in words: `Grade 5 at Maple Elementary`; for what is not known, what is missing. */
  why: text(600),
});
export type ReachedDevice = Type.Static<typeof ReachedDevice>;
