import type { Place } from '../filter/place.ts';
import type { Platform } from '../profile/keywords.ts';
import type { PersonRole } from './selector.ts';

/** Everything a selector may ask about a person. `null`, and an empty `orgs`, mean *not known*. */
export interface PersonAttributes {
  sourcedId: string;
  role: PersonRole | null;
  /** Of a student, or of somebody whose role is not known: others have none. */
  grade: string | null;
  /** sourcedIds of the person's units and of all units above them, the person's own first. */
  orgs: readonly string[];
  /** sourcedIds of the classes the person is in now; `null`: the roster has no enrolments. */
  classes: readonly string[] | null;
}

/** What selectors look at: one device, and who has it in custody. `null` means *not known*, but for the custodian. */
export interface PolicySubject {
  deviceId: string;
  serial: string | null;
  tags: readonly string[];
  platform: Platform | null;
  model: string | null;
  /** Name and version of the operating system. */
  os: { name: string; version: string } | null;
  /** Where the server last saw it. */
  place: Place | null;
  /** `null`: nobody has the device in custody. */
  custodian: PersonAttributes | null;
  /** Of the open custody; `none` without one. */
  custody: 'primary' | 'loan' | 'none';
}

/** A device of which nothing is known, in nobody's custody. */
export const unknownDevice: PolicySubject = {
  deviceId: '',
  serial: null,
  tags: [],
  platform: null,
  model: null,
  os: null,
  place: null,
  custodian: null,
  custody: 'none',
};
