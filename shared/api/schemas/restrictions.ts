import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

const Named = strictObject({ id: Id, name: text(400) });

/** A device that was narrowed until it was put right. */
export const RestrictionView = strictObject({
  id: Id,
  device: Named,
  /** Who held it when it began. */
  person: Nullable(Named),
  /** The profile that narrows it. */
  profile: Named,
  /** Which checks failed. */
  reason: text(1000),
  from: Instant,
  endedAt: Nullable(Instant),
  /** Why it was lifted. */
  endReason: Nullable(text(200)),
});
export type RestrictionView = Type.Static<typeof RestrictionView>;

/** Whether new restrictions are held back, and how many wait for somebody to look. */
export const RestrictionHold = strictObject({
  /** `null`: nothing is held. */
  held: Nullable(strictObject({ since: Instant, by: text(300), reason: text(500) })),
  /** Devices that would be restricted now. */
  waiting: Type.Integer({ minimum: 0 }),
  /** The first of them. */
  sample: Type.Array(strictObject({ device: Named, reason: text(1000) }), { maxItems: 50 }),
  open: Type.Integer({ minimum: 0 }),
  /** More than this within an hour are held. */
  brake: Type.Integer({ minimum: 0 }),
});
export type RestrictionHold = Type.Static<typeof RestrictionHold>;
