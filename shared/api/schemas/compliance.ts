import Type from 'typebox';
import { CompliancePolicy } from '../../compliance/policy.ts';
import { checkSeverities } from '../../compliance/verdict.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

/** A check a policy and a waiver may name, with what holds where they do not. */
export const CheckRow = strictObject({
  check: text(60),
  title: text(120),
  why: text(500),
  severity: choice(checkSeverities),
  countsByDefault: Type.Boolean(),
  /** JSON Schema of its parameters, each with a title; and the library’s values. */
  parameters: Type.Unknown(),
  defaults: Type.Record(Type.String(), Type.Unknown()),
});
export type CheckRow = Type.Static<typeof CheckRow>;

/** The district's policy, with the library it speaks of. */
export const SavedCompliancePolicy = strictObject({
  policy: CompliancePolicy,
  version: Type.Integer(),
  checks: Type.Array(CheckRow),
});
export type SavedCompliancePolicy = Type.Static<typeof SavedCompliancePolicy>;

export const WaiverTarget = strictObject({ kind: choice(['device', 'person']), id: Id });
export type WaiverTarget = Type.Static<typeof WaiverTarget>;

/** An exception for a device, or for the devices a person holds; it ends by itself, after a year at most. */
export const WaiverInput = strictObject({
  /** `null`: every check. */
  check: Nullable(text(60, { minLength: 1 })),
  target: WaiverTarget,
  reason: text(300, { minLength: 3 }),
  until: Instant,
});
export type WaiverInput = Type.Static<typeof WaiverInput>;

export const WaiverView = strictObject({
  id: Id,
  check: Nullable(text(60)),
  checkTitle: text(120),
  target: WaiverTarget,
  targetName: text(400),
  reason: text(300),
  by: text(300),
  from: Instant,
  until: Instant,
  endedAt: Nullable(Instant),
  inForce: Type.Boolean(),
});
export type WaiverView = Type.Static<typeof WaiverView>;
