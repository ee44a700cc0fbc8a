import { type AccessRule, accessRules } from '../api/access-rules.ts';
import type { RouteName } from '../api/routes.ts';
import type { OwnAccess } from '../api/schemas.ts';
import { permissionWords } from './permissions.ts';

/** Whether a route is worth offering to somebody. The server decides again, for the very object. */
export function mayCall(access: OwnAccess | null | undefined, name: RouteName): boolean {
  const { may, of }: AccessRule = accessRules[name];
  if (!(may in permissionWords)) return may !== 'operator';
  const held = of === 'district' ? access?.districtPermissions : access?.permissions;
  return held?.some((permission) => permission === may) ?? false;
}
