import Type from 'typebox';
import { personRoles } from '../../policy/selector.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { RowProblem } from './imports.ts';

export const obligationKinds = ['agreement', 'device-return'] as const;
export type ObligationKind = (typeof obligationKinds)[number];

const Named = strictObject({ id: Id, name: text(400) });

/** What one person owes. */
export const ObligationView = strictObject({
  id: Id,
  kind: choice(obligationKinds),
  title: text(200),
  person: Named,
  /** The device to be brought back. */
  device: Nullable(Named),
  from: Instant,
  dueAt: Instant,
  by: text(300),
  /** Open and past its due date. */
  overdue: Type.Boolean(),
  endedAt: Nullable(Instant),
  outcome: Nullable(choice(['met', 'cancelled'])),
  endedBy: Nullable(text(300)),
});
export type ObligationView = Type.Static<typeof ObligationView>;

/** Active people to whom everything said applies; nothing said: everybody. */
export const Audience = strictObject({
  person: Type.Optional(Id),
  role: Type.Optional(choice(personRoles)),
  /** A unit, with all units below it. */
  org: Type.Optional(Id),
  grade: Type.Optional(text(20, { minLength: 1 })),
  /** The students of a class. */
  class: Type.Optional(Id),
});
export type Audience = Type.Static<typeof Audience>;

/** Asks people to sign an agreement, or to bring back the devices they hold. */
export const ObligationInput = strictObject({
  kind: choice(obligationKinds),
  /** What is owed, as the person reads it: `Device agreement 2026/27`. */
  title: text(200, { minLength: 3 }),
  to: Audience,
  /** Due with the last bell of this day, or of the next school day of the person’s calendar. */
  dueOn: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
});
export type ObligationInput = Type.Static<typeof ObligationInput>;

/** Whom an obligation would be made for; nothing is saved. */
export const ObligationPreview = strictObject({
  /** How many would be made, for how many people. */
  obligations: Type.Integer({ minimum: 0 }),
  people: Type.Integer({ minimum: 0 }),
  /** People who owe the same already, or hold no device to bring back: nothing is made for them. */
  owing: Type.Integer({ minimum: 0 }),
  withoutDevice: Type.Integer({ minimum: 0 }),
  /** When the first and the last of them are due. */
  dueFrom: Nullable(Instant),
  dueTo: Nullable(Instant),
  sample: Type.Array(text(400), { maxItems: 20 }),
});
export type ObligationPreview = Type.Static<typeof ObligationPreview>;

/** What a file of people who signed did, or would do. */
export const SignatureImport = strictObject({
  applied: Type.Boolean(),
  dryRun: Type.Boolean(),
  mode: choice(['strict', 'lenient']),
  /** Obligations met by it. */
  met: Type.Integer({ minimum: 0 }),
  /** Rows of people who had signed before. */
  already: Type.Integer({ minimum: 0 }),
  /** People who still owe it. */
  left: Type.Integer({ minimum: 0 }),
  problems: Type.Array(RowProblem),
});
export type SignatureImport = Type.Static<typeof SignatureImport>;
