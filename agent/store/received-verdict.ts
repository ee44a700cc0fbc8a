import type Type from 'typebox';
import { VerdictMessage } from '../../shared/protocol/messages.ts';
import { EpochMs, strictObject, validator } from '../../shared/schema.ts';

const ReceivedVerdict = strictObject({
  verdict: VerdictMessage,
  /** By the clock of the device, which `verdict.at` is not. */
  receivedAt: EpochMs,
});
/** What the server said last of this device. */
export type ReceivedVerdict = Type.Static<typeof ReceivedVerdict>;
export const receivedVerdict = validator(ReceivedVerdict);
