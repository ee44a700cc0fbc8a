import Type from 'typebox';
import { places } from '../filter/place.ts';
import { choice, strictObject, text } from '../schema.ts';

/** Roles a selector can name, wider than the roster's own words. */
export const personRoles = ['student', 'teacher', 'staff', 'administrator', 'guardian'] as const;
export type PersonRole = (typeof personRoles)[number];

export const custodyKinds = ['primary', 'loan', 'none'] as const;
export type CustodyKind = (typeof custodyKinds)[number];

const Platform = choice(['linux', 'darwin', 'win32']);
const OsVersion = Type.String({ pattern: '^[0-9]{1,6}(\\.[0-9]{1,6}){0,4}$' });

/** What one question asks of a device or of the person who has it. */
const leaves = [
  strictObject({ kind: Type.Literal('everyone') }),
  strictObject({ kind: Type.Literal('role'), role: choice(personRoles) }),
  strictObject({
    kind: Type.Literal('org'),
    org: text(255, { description: 'sourcedId; includes all units below it' }),
  }),
  strictObject({ kind: Type.Literal('grade'), grade: text(20) }),
  strictObject({ kind: Type.Literal('class'), class: text(255, { description: 'sourcedId of the class' }) }),
  strictObject({ kind: Type.Literal('person'), person: text(255, { description: 'sourcedId of the person' }) }),
  strictObject({
    kind: Type.Literal('group'),
    group: text(120, { minLength: 1, description: 'name of a saved group' }),
  }),
  strictObject({ kind: Type.Literal('tag'), tag: text(60) }),
  strictObject({ kind: Type.Literal('platform'), platform: Platform }),
  strictObject({ kind: Type.Literal('model'), model: text(100, { minLength: 1 }) }),
  strictObject({
    kind: Type.Literal('os'),
    /** As the device names it; absent: any. */
    name: Type.Optional(text(100, { minLength: 1 })),
    atLeast: Type.Optional(OsVersion),
    below: Type.Optional(OsVersion),
  }),
  strictObject({ kind: Type.Literal('custody'), custody: choice(custodyKinds) }),
  strictObject({
    kind: Type.Literal('place'),
    place: choice(places, { description: 'where the server last saw it; what must hold offline is a schedule' }),
  }),
] as const;

export type SelectorLeaf = Type.Static<(typeof leaves)[number]>;

/** Whom an assignment or a saved group reaches: one question, or several composed. */
export type Selector =
  | SelectorLeaf
  | { kind: 'all'; of: Selector[] }
  | { kind: 'any'; of: Selector[] }
  | { kind: 'not'; of: Selector };

const Parts = Type.Array(Type.Ref('Selector'), { minItems: 1, maxItems: 50 });

/** How deep selectors nest, groups not counted, and how many questions one asks: `selectorProblems` checks both. */
export const deepestSelector = 6;
export const mostQuestions = 200;

export const Selector = Type.Unsafe<Selector>(
  Type.Cyclic(
    {
      Selector: Type.Union([
        ...leaves,
        strictObject({ kind: Type.Literal('all'), of: Parts }),
        strictObject({ kind: Type.Literal('any'), of: Parts }),
        strictObject({ kind: Type.Literal('not'), of: Type.Ref('Selector') }),
      ]),
    },
    'Selector',
  ),
);

/** The questions a selector asks, in the order they are written. */
export function leavesOf(selector: Selector): SelectorLeaf[] {
  switch (selector.kind) {
    case 'all':
    case 'any':
      return selector.of.flatMap(leavesOf);
    case 'not':
      return leavesOf(selector.of);
    default:
      return [selector];
  }
}

/** An assignment as people write it: higher priority wins where the merge rule is `replace`. */
export const AssignmentInput = strictObject({
  to: Selector,
  priority: Type.Integer({ minimum: 0, maximum: 1000, default: 100 }),
  /** An exception that goes before all but locked minimums, until an instant (UTC, ISO 8601) or until it is taken away. */
  override: Type.Optional(
    strictObject({
      reason: text(300, { minLength: 3 }),
      until: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{3})?)?Z$' })),
    }),
  ),
});
export type AssignmentInput = Type.Static<typeof AssignmentInput>;
