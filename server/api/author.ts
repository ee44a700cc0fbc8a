import type { Author } from '../policy-service-types.ts';
import type { Caller } from './guard.ts';

/** Whoever calls, as policy and changes know them. */
export function authorOf({ actor, staff }: Pick<Caller, 'actor' | 'staff'>): Author {
  return { actor, staffId: staff?.id };
}
