import { type Permission, permissions, reachOf } from '../../shared/access/permissions.ts';
import type { Role } from '../../shared/access/roles.ts';

/** Units whose things somebody may see: all there are, or these, with all below them listed. */
export type Orgs = 'all' | readonly string[];

/** What is somebody's own, whatever their units are. */
export interface Own {
  staffId: string;
  /** Who they are in the roster. */
  selfId?: string | undefined;
  /** Classes they teach, by the roster. */
  classIds: readonly string[];
  /** Themselves in the roster, and the students of those classes. */
  personIds: readonly string[];
}

/** How far somebody sees: what lies in these units, and what is their own. */
export interface Sight {
  orgs: Orgs;
  own: Own | undefined;
}

/** What is asked of a list, by somebody who sees so far; without a sight by the server itself. */
export type Seen<Q> = Q & { sight?: Sight | undefined };

/** Where an object belongs. Without units it is the district's. */
export interface Place {
  orgs: readonly string[];
  classIds?: readonly string[];
  personIds?: readonly string[];
  /** The account that made it. */
  staffId?: string | undefined;
}

/** A role, with the units it is for. */
export interface HeldRole {
  role: Role;
  orgs: Orgs;
}

/** All and everything: the operator of the server. */
export const everything: Sight = { orgs: 'all', own: undefined };

/** What somebody may do, where. Pure: made anew for each request, so that nothing taken away lives on. */
export class Standing {
  readonly #held: readonly HeldRole[];
  readonly #own: Own | undefined;
  readonly #bounds: Orgs;

  /** `bounds`: units a token is bound to. */
  constructor(held: readonly HeldRole[], own: Own | undefined, bounds: Orgs = 'all') {
    this.#held = held;
    this.#own = own;
    this.#bounds = bounds;
  }

  get roles(): Role[] {
    return [...new Set(this.#held.map(({ role }) => role))];
  }

  /** How far somebody sees by a permission, or by any; undefined: it is not held at all. */
  sight(permission: Permission | 'any'): Sight | undefined {
    const reaches = this.#held.flatMap(({ role, orgs }) => {
      const reach = permission === 'any' ? 'units' : reachOf(role, permission);
      return reach === undefined ? [] : [{ reach, orgs }];
    });
    if (reaches.length === 0) return undefined;
    const inUnits = reaches.filter(({ reach }) => reach === 'units').map(({ orgs }) => orgs);
    return {
      orgs: common(union(inUnits), this.#bounds),
      own: this.#ownBy(reaches.some(({ reach }) => reach === 'own')),
    };
  }

  /** What one made is one's own by every permission; classes and students only where a role reaches that far. */
  #ownBy(isFull: boolean): Own | undefined {
    if (this.#bounds !== 'all' || !this.#own) return undefined;
    return isFull ? this.#own : { staffId: this.#own.staffId, classIds: [], personIds: [] };
  }

  /** Whether a permission is held over all of these, each of which is one object. */
  holds(permission: Permission, places: readonly Place[]): boolean {
    const sight = this.sight(permission);
    return sight !== undefined && places.every((place) => sees(sight, place));
  }

  /** Every permission that is held somewhere. */
  permissions(): Permission[] {
    return permissions.filter((permission) => this.sight(permission) !== undefined);
  }
}

/** The operator's, and that of the tokens the operator made. */
export function operatorStanding(bounds: Orgs = 'all'): Standing {
  return new Standing([{ role: 'owner', orgs: 'all' }], undefined, bounds);
}

export function sees({ orgs, own }: Sight, place: Place): boolean {
  return orgs === 'all' || meets(orgs, place.orgs) || isOwn(own, place);
}

function isOwn(own: Own | undefined, { staffId, classIds = [], personIds = [] }: Place): boolean {
  if (!own) return false;
  return staffId === own.staffId || meets(own.classIds, classIds) || meets(own.personIds, personIds);
}

function meets(some: readonly string[], others: readonly string[]): boolean {
  return others.some((id) => some.includes(id));
}

function union(all: readonly Orgs[]): Orgs {
  const lists: string[] = [];
  for (const orgs of all) {
    if (orgs === 'all') return 'all';
    lists.push(...orgs);
  }
  return [...new Set(lists)];
}

function common(some: Orgs, others: Orgs): Orgs {
  if (some === 'all') return others;
  return others === 'all' ? some : some.filter((id) => others.includes(id));
}
