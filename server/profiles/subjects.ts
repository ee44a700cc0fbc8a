import { type PersonAttributes, type PolicySubject, unknownDevice } from '../../shared/policy/subject.ts';
import type { CustodyStore } from '../store/custody.ts';
import type { DesiredStore } from '../store/desired.ts';
import type { PeopleStore, PersonScope } from '../store/people.ts';
import type { RestrictionStore } from '../store/restrictions.ts';

/** A device that takes part in policy, as selectors see it, with what previews show of it. */
export interface ManagedDevice {
  id: string;
  name: string;
  personId: string | null;
  subject: PolicySubject;
  /** The profile that narrows it until it is put right. */
  restriction?: string | undefined;
}

export interface SubjectStores {
  desired: DesiredStore;
  custody: CustodyStore;
  people: PeopleStore;
  restrictions: RestrictionStore;
}

/** These devices, or all, without those that are held or revoked: a handful of queries however many there are. */
export async function readDevices(stores: SubjectStores, ids?: readonly string[]): Promise<ManagedDevice[]> {
  const devices = await stores.desired.activeDevices(ids);
  const custodies = await stores.custody.openCustodyOfDevices(ids);
  const holders = [...new Set([...custodies.values()].map((custody) => custody.personId))];
  const scopes = await stores.people.scopes(holders);
  const restrictions = await stores.restrictions.profiles(ids);
  return devices.map(({ id, name, tags }) => {
    const personId = custodies.get(id)?.personId ?? null;
    const custodian = personId === null ? null : attributesOf(personId, scopes.get(personId));
    const subject = { ...unknownDevice, deviceId: id, tags, custodian };
    return { id, name, personId, subject, restriction: restrictions.get(id) };
  });
}

/** A custodian who is not in the roster is somebody of whom nothing is known. */
function attributesOf(personId: string, scope: PersonScope | undefined): PersonAttributes {
  return scope ?? { sourcedId: `unknown person ${personId}`, role: null, grade: null, orgs: [], classes: null };
}
