import type { PersonRole } from './selector.ts';

/** Everything a selector may ask about a person. `null`, and an empty `orgs`, mean *not known*. */
export interface PersonAttributes {
  sourcedId: string;
  role: PersonRole | null;
  grade: string | null;
  /** sourcedIds of the person's units and of all units above them, the person's own first. */
  orgs: readonly string[];
}

/** What selectors look at: one device, and who has it in custody. */
export interface PolicySubject {
  deviceId: string;
  tags: readonly string[];
  /** `null`: nobody has the device in custody. */
  custodian: PersonAttributes | null;
}
