import Type from 'typebox';
import { strictObject, text } from '../schema.ts';
import { Selector } from './selector.ts';

const most = 20_000;

/** Who is in a saved group: whoever the rule reaches, or those on a list. */
export const GroupContent = Type.Union([
  strictObject({ kind: Type.Literal('rule'), selector: Selector }),
  strictObject({
    kind: Type.Literal('list'),
    /** sourcedIds. */
    people: Type.Array(text(255, { minLength: 1 }), { maxItems: most }),
    /** Serial numbers. */
    devices: Type.Array(text(100, { minLength: 1 }), { maxItems: most }),
  }),
]);
export type GroupContent = Type.Static<typeof GroupContent>;

/** Groups by name, as resolution takes them. */
export type Groups = ReadonlyMap<string, GroupContent>;
