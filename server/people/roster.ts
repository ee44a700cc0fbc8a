import type { PersonRole } from '../../shared/policy/selector.ts';
import type { ClassEntry, EnrollmentEntry, OrgEntry, SessionEntry } from '../store/roster-entries.ts';

/**
 * How a file speaks of what it leaves out: `bulk` lists everything, so what is absent has left; `delta` lists changes;
 * `absent` says nothing.
 */
export type FileMode = 'bulk' | 'delta' | 'absent';

/** The rows of one kind as an upload states them, references not yet looked up. */
export interface Stated<T> {
  file: string;
  mode: FileMode;
  entries: Map<string, Located<T>>;
  /** Marked as left. */
  removed: Set<string>;
  /** Named by a row that could not be used: these stay as they are. */
  spared: Set<string>;
  /** False when rows were lost: then nobody counts as absent. */
  complete: boolean;
}

/** An entry and the row it stood in. */
export interface Located<T> {
  row: number;
  entry: T;
}

/** A person as a row states it. `undefined`: the file does not say, so what is known stays; `null`: it says none. */
export interface StatedPerson {
  sourcedId: string;
  givenName: string;
  familyName: string;
  username: string;
  email: string | null | undefined;
  grade: string | null | undefined;
  /** OneRoster 1.1 and plain CSV. In 1.2 it comes from roles. */
  role: PersonRole | undefined;
  orgs: string[] | undefined;
  /** OneRoster 1.2. */
  primaryOrg: string | undefined;
}

/** A row of OneRoster 1.2 `roles.csv`. */
export interface StatedRole {
  row: number;
  user: string;
  org: string;
  role: PersonRole;
  primary: boolean;
  removed: boolean;
}

export interface StatedClass extends ClassEntry {
  terms: string[];
}

/** OneRoster 1.2 `roles.csv`. */
export interface StatedRoles {
  file: string;
  mode: FileMode;
  rows: StatedRole[];
  complete: boolean;
  /** People with a row that could not be used. */
  spared: Set<string>;
  /** People with a row that is right but gives nothing: an extension's role, or one that is not running. */
  idle: Set<string>;
}

/** Everything an upload states. */
export interface StatedRoster {
  /** For people: `OneRoster 1.1`. */
  format: string;
  orgs: Stated<OrgEntry>;
  people: Stated<StatedPerson>;
  roles: StatedRoles | undefined;
  classes: Stated<StatedClass>;
  enrollments: Stated<EnrollmentEntry>;
  sessions: Stated<SessionEntry>;
}

/** The sourcedId itself when the unit is known, else null, with a problem at the place. */
export type UnitLookUp = (org: string, file: string, row: number, column: string) => string | null;

export function nothingStated<T>(file: string, mode: FileMode = 'absent'): Stated<T> {
  return { file, mode, entries: new Map(), removed: new Set(), spared: new Set(), complete: true };
}
