import type { ProfileStore } from '../store/profiles.ts';
import { readNames } from './names.ts';
import type { ManagedDevice } from './subjects.ts';

/** A device as lists show it: with who has it, and their unit. */
export interface NamedDevice {
  deviceId: string;
  deviceName: string;
  personId: string | null;
  person: string | null;
  org: string | null;
}

export async function nameDevices(
  profiles: ProfileStore,
  devices: readonly ManagedDevice[],
): Promise<(device: ManagedDevice) => NamedDevice> {
  const held = devices.flatMap(({ subject }) => subject.custodian ?? []);
  const units = new Set(held.flatMap(({ orgs }) => orgs[0] ?? []));
  const names = await readNames(profiles, [
    ...held.map(({ sourcedId }) => ({ kind: 'person' as const, person: sourcedId })),
    ...[...units].map((org) => ({ kind: 'org' as const, org })),
  ]);
  return ({ id, name, personId, subject: { custodian } }) => {
    const unit = custodian?.orgs[0];
    const person = custodian && (names.person(custodian.sourcedId) ?? null);
    return { deviceId: id, deviceName: name, personId, person, org: unit ? (names.org(unit) ?? unit) : null };
  };
}
