import type { Place } from '../../shared/filter/place.ts';
import type { PersonAttributes, PolicySubject } from '../../shared/policy/subject.ts';
import type { Platform } from '../../shared/profile/keywords.ts';
import type { CustodyRecord, CustodyStore } from '../store/custody.ts';
import type { DesiredStore, DeviceRecord } from '../store/desired.ts';
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

/**
 * These devices, or all, without those that are held or revoked, as they are at an instant: a handful of queries however
 * many there are.
 */
export async function readDevices(
  stores: SubjectStores,
  at: number,
  ids?: readonly string[],
): Promise<ManagedDevice[]> {
  const devices = await stores.desired.activeDevices(ids);
  const custodies = await stores.custody.openCustodyOfDevices(ids);
  const holders = [...new Set([...custodies.values()].map((custody) => custody.personId))];
  const scopes = await stores.people.scopes(holders, at);
  const restrictions = await stores.restrictions.profiles(ids);
  return devices.map((device) => {
    const custody = custodies.get(device.id);
    const personId = custody?.personId ?? null;
    const subject = subjectOf(device, custody, personId === null ? undefined : scopes.get(personId));
    return { id: device.id, name: device.name, personId, subject, restriction: restrictions.get(device.id) };
  });
}

/** Stands in the store for the name of a system that a device does not say (`greetingOf` in `greeter.ts`). */
const notSaid = 'unknown';

/** A device as selectors see it, in this custody. */
export function subjectOf(
  { id, serial, tags, platform, model, osName, osVersion, place }: DeviceRecord,
  custody: CustodyRecord | undefined,
  scope: PersonScope | undefined,
): PolicySubject {
  return {
    ...{ deviceId: id, serial, tags, model },
    platform: platforms.find((known) => known === platform) ?? null,
    os: osVersion === '' || osName === notSaid ? null : { name: osName, version: osVersion },
    place: seenPlaces.find((known) => known === place) ?? null,
    custodian: custody ? attributesOf(custody.personId, scope) : null,
    custody: custody?.kind ?? 'none',
  };
}

const platforms: readonly Platform[] = ['linux', 'darwin', 'win32'];
const seenPlaces: readonly Place[] = ['on-campus', 'off-campus'];

/** A custodian who is not in the roster is somebody of whom nothing is known. */
export function attributesOf(personId: string, scope: PersonScope | undefined): PersonAttributes {
  if (!scope) return { sourcedId: `unknown person ${personId}`, role: null, grade: null, orgs: [], classes: null };
  const { sourcedId, role, grade, orgs, classes } = scope;
  return { sourcedId, role, grade, orgs, classes };
}
