import { signSides } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Author } from '../policy-service-types.ts';
import type { Actor } from '../services.ts';
import type { Side, Signature } from '../store/change-records.ts';

/** How the operator of the server is called in records. */
export const operator: Actor = 'command line';

/** Accounts are told apart by their id: names are not unique, and may change. Everything else has only its name. */
export function isSame({ actor, staffId, makerId }: Author, { staff, by }: Pick<Signature, 'staff' | 'by'>): boolean {
  return staffId === undefined ? staff === makerId && by === actor : staffId === staff;
}

/** What a token does is signed with the account that made it, which cannot be the second person of it then. */
export function signatureOf({ actor, staffId, makerId }: Author, at: number): Signature {
  return { staff: staffId ?? makerId, by: actor, at };
}

/** A token is nobody: whoever holds it may be the person who proposed. */
export function isPerson({ actor, staffId }: Author): boolean {
  return staffId !== undefined || actor === operator;
}

export function demandPerson(author: Author): void {
  if (isPerson(author)) return;
  throw new CodedError('forbidden', 'Only somebody who is signed in, or the command line of the server, decides this.');
}

/** The operator signs for every side: a district with a single account must be able to go on. */
export async function sidesOf(
  { actor, staffId }: Author,
  staff: { sidesOf(id: string): Promise<readonly Side[]> },
): Promise<readonly Side[]> {
  if (staffId !== undefined) return await staff.sidesOf(staffId);
  return actor === operator ? signSides : [];
}
