import Type from 'typebox';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { validator } from '../../../shared/schema.ts';

const Keys = validator(
  Type.Array(Type.Union([Type.String({ maxLength: 500 }), Type.Number()]), { minItems: 1, maxItems: 3 }),
);

/** A page begins after these keys; opaque to callers. */
export function encodeCursor(keys: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** `count`: how many keys the list is ordered by. Throws `bad-request` for what is no cursor of such a list. */
export function decodeCursor(cursor: string | undefined, count = 2): (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    throw new CodedError('bad-request', 'The page cursor is not valid. Start from the first page.', [], error);
  }
  if (!Keys.check(keys) || keys.length !== count)
    throw new CodedError('bad-request', 'The page cursor is not valid. Start from the first page.');
  return keys;
}

/** `%text%` for LIKE with its wildcards taken literally (escape character `\`). */
export function likePattern(search: string): string {
  return `%${search.trim().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
