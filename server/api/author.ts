import type { Author } from '../policy-service-types.ts';
import type { Caller } from './guard.ts';

/** Whoever calls, as policy and changes know them. */
export function authorOf({ actor, staff, token }: Pick<Caller, 'actor' | 'staff' | 'token'>): Author {
  return { actor, staffId: staff?.id, makerId: token?.makerId };
}
