import Type from 'typebox';
import { choice, strictObject, text } from '../schema.ts';

/** Roles a selector can name, wider than the roster's own words. */
export const personRoles = ['student', 'teacher', 'staff', 'administrator', 'guardian'] as const;
export type PersonRole = (typeof personRoles)[number];

/** Whom an assignment reaches. One device is reached through its custodian or by its own tags. */
export const Selector = Type.Union([
  strictObject({ kind: Type.Literal('everyone') }),
  strictObject({ kind: Type.Literal('role'), role: choice(personRoles) }),
  strictObject({
    kind: Type.Literal('org'),
    org: text(255, { description: 'sourcedId; includes all units below it' }),
  }),
  strictObject({ kind: Type.Literal('grade'), grade: text(20) }),
  strictObject({ kind: Type.Literal('person'), person: text(255, { description: 'sourcedId of the person' }) }),
  strictObject({ kind: Type.Literal('tag'), tag: text(60) }),
]);
export type Selector = Type.Static<typeof Selector>;

/** An assignment as people write it: higher priority wins where the merge rule is `priority`. */
export const AssignmentInput = strictObject({
  to: Selector,
  priority: Type.Integer({ minimum: 0, maximum: 1000, default: 100 }),
});
export type AssignmentInput = Type.Static<typeof AssignmentInput>;
