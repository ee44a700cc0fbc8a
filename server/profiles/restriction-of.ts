import type { Assignment } from '../../shared/policy/assignment.ts';
import { restrictionAssignment, type WaysOut } from '../../shared/policy/restriction.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import type { ManagedDevice } from './subjects.ts';

/** What narrows a device until it is put right; undefined: nothing, or its profile is not published. */
export type RestrictionOf = (device: Pick<ManagedDevice, 'restriction'>) => Assignment | undefined;

interface RestrictingProfile {
  id: string;
  name: string;
  published: { number: number; settings: ProfileSettings };
}

/** Devices with the same restriction get the same assignment. */
export function restrictionsOf(profiles: readonly RestrictingProfile[], out: WaysOut): RestrictionOf {
  const known = new Map<string, Assignment | undefined>();
  return ({ restriction: id }) => {
    if (id === undefined || known.has(id)) return id === undefined ? undefined : known.get(id);
    const profile = profiles.find((one) => one.id === id);
    const assignment = profile && restrictionAssignment(profile, profile.published, out);
    known.set(id, assignment);
    return assignment;
  };
}
