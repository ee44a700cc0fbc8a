import Type from 'typebox';
import { Examination } from '../../diagnostics/probe.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

/** `asking`: the person is asked on the device. */
export const diagnosisStates = ['opening', 'asking', 'running', 'refused', 'ended'] as const;
export type DiagnosisState = (typeof diagnosisStates)[number];

/** A look at a device, for one ticket and one reason, of which the person is told; over at `until` at the latest. */
export const DiagnosisView = strictObject({
  id: Id,
  ticketId: Id,
  device: strictObject({ id: Id, name: text(300) }),
  by: text(300),
  reason: text(500),
  state: choice(diagnosisStates),
  openedAt: Instant,
  until: Instant,
  endedAt: Nullable(Instant),
  /** Why it is over or was refused, in words. */
  ended: Nullable(text(300)),
  /** What the device did to tell its person, in its own words: the page, the notification. */
  shown: Type.Array(text(300)),
  examination: Nullable(Examination),
  /** `preview`: the person looks at it first. */
  bundle: Nullable(
    strictObject({
      state: choice(['asked', 'preview', 'refused', 'ready']),
      bytes: Nullable(Type.Integer()),
      at: Instant,
    }),
  ),
});
export type DiagnosisView = Type.Static<typeof DiagnosisView>;
