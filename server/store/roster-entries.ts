import type { PersonRole } from '../../shared/policy/selector.ts';

/** The roster's rows, which refer to each other by sourcedId, as the school's own system does. */

export interface OrgEntry {
  sourcedId: string;
  name: string;
  type: string;
  parent: string | null;
  identifier: string | null;
}

export interface Membership {
  org: string;
  role: PersonRole;
  primary: boolean;
}

export interface PersonEntry {
  sourcedId: string;
  role: PersonRole;
  givenName: string;
  familyName: string;
  username: string;
  email: string | null;
  grade: string | null;
  /** The unit the person is counted in; `null` when it is not known. */
  org: string | null;
  memberships: Membership[];
}

export interface ClassEntry {
  sourcedId: string;
  title: string;
  org: string | null;
  grades: string[];
}

export interface EnrollmentEntry {
  sourcedId: string;
  class: string;
  person: string;
  role: string;
  /** `YYYY-MM-DD`. */
  beginsOn: string | null;
  endsOn: string | null;
}

export interface SessionEntry {
  sourcedId: string;
  title: string;
  type: string;
  startDate: string;
  endDate: string;
  parent: string | null;
  schoolYear: string;
}

/** An entry as the store holds it. What left the roster stays, inactive. */
export interface Stored<T> {
  id: string;
  active: boolean;
  entry: T;
}

/** By sourcedId. */
export type StoredKind<T> = ReadonlyMap<string, Stored<T>>;

export interface StoredRoster {
  /** Changes with every import that writes; an import based on an older one is refused. */
  version: string;
  orgs: StoredKind<OrgEntry>;
  people: StoredKind<PersonEntry>;
  classes: StoredKind<ClassEntry>;
  enrollments: StoredKind<EnrollmentEntry>;
  sessions: StoredKind<SessionEntry>;
}

/** What is written for one kind: rows made or changed (and active again), and ids of rows that left. */
export interface KindChanges<T> {
  save: { id: string; entry: T }[];
  deactivate: string[];
}

export interface RosterChanges {
  orgs: KindChanges<OrgEntry>;
  people: KindChanges<PersonEntry>;
  classes: KindChanges<ClassEntry>;
  enrollments: KindChanges<EnrollmentEntry>;
  sessions: KindChanges<SessionEntry>;
}
