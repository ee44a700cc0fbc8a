import { type ObjectKind, objectKinds } from '../../shared/access/objects.ts';
import { type Permission, permissionWords, rolesWith } from '../../shared/access/permissions.ts';
import { roleWords } from '../../shared/access/roles.ts';
import { type AccessRule, accessRules, type IdPlace } from '../../shared/api/access-rules.ts';
import type { RouteName } from '../../shared/api/routes.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { GrantStore } from '../store/grants.ts';
import type { ObjectStore } from '../store/objects.ts';
import type { TokenIdentity } from './api-tokens.ts';
import { operatorStanding, type Place, type Sight, type Standing } from './standing.ts';

/** What of a request may hold ids. */
export interface Asked {
  params: unknown;
  query: unknown;
  body: unknown;
}

type Ids = Map<ObjectKind, Set<string>>;

/**
 * Whether somebody may do what they ask, to the very things they name. Nothing else in the server decides this.
 *
 * What somebody may do nowhere is `forbidden`. An object beyond their units is `not-found`, as one that does not exist,
 * unless they see it by another permission: then it is `forbidden`, which tells them nothing new.
 */
export class Authoriser {
  readonly #grants: GrantStore;
  readonly #objects: ObjectStore;

  constructor(grants: GrantStore, objects: ObjectStore) {
    this.#grants = grants;
    this.#objects = objects;
  }

  async ofStaff(staffId: string): Promise<Standing> {
    return await this.#grants.standing(staffId);
  }

  /** Never more than whoever made it may now. */
  async ofToken({ makerId, orgId }: TokenIdentity): Promise<Standing> {
    const bounds = orgId === '' ? 'all' : await this.#grants.unitsBelow(orgId);
    return makerId === undefined ? operatorStanding(bounds) : await this.#grants.standing(makerId, bounds);
  }

  /** Before anything of a request is read: how far this caller sees by this route. */
  demandPermission(name: RouteName, standing: Standing): Sight {
    const { may, of }: AccessRule = accessRules[name];
    if (may === 'operator')
      throw new CodedError('forbidden', 'The operator of the server does this: the command line rollcall.');
    if (may === 'anybody' || may === 'entering') return standing.sight('any') ?? nothing;
    const sight = standing.sight(may === 'staff' ? 'any' : may);
    if (may === 'staff') return sight ?? nothing;
    if (!sight || (of === 'district' && sight.orgs !== 'all')) throw refusal(may, of === 'district');
    return sight;
  }

  /** Each object a request names must be within the caller's reach. */
  async demandObjects(name: RouteName, standing: Standing, asked: Asked): Promise<void> {
    const { may, of, ids = {} }: AccessRule = accessRules[name];
    if (Object.keys(ids).length === 0 || !(may in permissionWords)) return;
    const permission = may as Permission;
    const named = idsIn(ids, asked);
    if (of === 'objects' && named.size === 0 && standing.sight(permission)?.orgs !== 'all')
      throw refusal(permission, true);
    for (const [kind, wanted] of named) await this.#demand(standing, permission, kind, [...wanted]);
  }

  /** Whether somebody holds a permission over an object, for what is no route, such as what a live socket watches. */
  async holds(standing: Standing, permission: Permission, kind: ObjectKind, id: string): Promise<boolean> {
    const places = (await this.#objects.places(kind, [id])).get(id);
    return places !== undefined && standing.holds(permission, places);
  }

  /** Where an object belongs; what does not exist is the district's. */
  async placesOf(kind: ObjectKind, id: string): Promise<Place[]> {
    return (await this.#objects.places(kind, [id])).get(id) ?? [district];
  }

  async #demand(standing: Standing, permission: Permission, kind: ObjectKind, ids: readonly string[]): Promise<void> {
    const places = await this.#objects.places(kind, ids);
    const beyond = ids.filter((id) => !standing.holds(permission, places.get(id) ?? [district]));
    // What does not exist is for whoever does it to say, in better words: to those who may do it anywhere.
    if (beyond.length === 0) return;
    const isSeen = (id: string) => standing.holds(objectKinds[kind], places.get(id) ?? [district]);
    throw beyond.every(isSeen) ? refusal(permission, false) : new CodedError('not-found');
  }
}

const nothing: Sight = { orgs: [], own: undefined };
const district: Place = { orgs: [] };

function refusal(permission: Permission, isDistrict: boolean): CodedError {
  const roles = rolesWith(permission).map((role) => roleWords[role].title);
  const where = isDistrict ? ' for the whole district' : ' here';
  return new CodedError(
    'forbidden',
    `You may not ${permissionWords[permission]}${where}. Ask an owner of the district; it takes one of the roles ${roles.join(', ')}.`,
  );
}

/** Every id the rule speaks of, by kind. */
function idsIn(rule: NonNullable<AccessRule['ids']>, asked: Asked): Ids {
  const found: Ids = new Map();
  for (const [place, kind] of Object.entries(rule) as [IdPlace, ObjectKind | 'target'][])
    for (const value of valuesAt(asked, place.split('.'))) {
      const [objectKind, id] = kind === 'target' ? targetOf(value) : [kind, value];
      if (typeof id === 'string') found.set(objectKind, (found.get(objectKind) ?? new Set()).add(id));
    }
  return found;
}

function targetOf(value: unknown): [ObjectKind, unknown] {
  const { kind, id } = value as { kind: ObjectKind; id: unknown };
  return [kind, id];
}

/** What stands there, in the form `access-rules.ts` writes it; nothing where it was left out or is null. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path;
  if (value === undefined || value === null) return [];
  if (step === undefined) return [value];
  const isList = step.endsWith('[]');
  const below = (value as Record<string, unknown>)[isList ? step.slice(0, -2) : step];
  return isList && Array.isArray(below) ? below.flatMap((one) => valuesAt(one, rest)) : valuesAt(below, rest);
}
