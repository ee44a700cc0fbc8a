import type {
  ClassEntry,
  EnrollmentEntry,
  OrgEntry,
  PersonEntry,
  SessionEntry,
  StoredKind,
  StoredRoster,
} from '../store/roster-entries.ts';
import { settlePeople } from './memberships.ts';
import { type ProblemLog, quoted } from './problems.ts';
import type { Stated, StatedClass, StatedRoster, UnitLookUp } from './roster.ts';

/** A stated roster whose references are looked up: among the upload's rows first, then among what is known. */
export interface SettledRoster {
  orgs: Stated<OrgEntry>;
  people: Stated<PersonEntry>;
  classes: Stated<ClassEntry>;
  enrollments: Stated<EnrollmentEntry>;
  sessions: Stated<SessionEntry>;
}

/**
 * Looks up what rows refer to. A unit that is missing from the upload but known from before stays what it was; one
 * nobody has heard of becomes unknown. Nothing is invented.
 */
export function settle(stated: StatedRoster, stored: StoredRoster, log: ProblemLog): SettledRoster {
  const orgs = settleOrgs(stated.orgs, stored.orgs, log);
  const unit = unitLookUp(orgs, stored.orgs, log);
  const people = settlePeople(stated, stored, unit, log);
  const classes = settleClasses(stated.classes, unit, stated.sessions, stored.sessions, log);
  const enrollments = settleEnrollments(
    stated.enrollments,
    { ...classes, stored: stored.classes },
    { ...people, stored: stored.people },
    log,
  );
  return { orgs, people, classes, enrollments, sessions: stated.sessions };
}

function unitLookUp(orgs: Stated<OrgEntry>, stored: StoredKind<OrgEntry>, log: ProblemLog): UnitLookUp {
  const listed = orgs.mode === 'bulk' && orgs.complete;
  return (org, file, row, column) => {
    if (orgs.entries.has(org)) return org;
    const known = stored.has(org);
    if (known && !listed) return org;
    const taken = known ? 'it is kept as it was known before' : 'it was left unknown';
    log.forgive({ file, row, column }, `The unit ${quoted(org)} is not in ${orgs.file}; ${taken}. Add it there.`);
    return known ? org : null;
  };
}

function settleOrgs(orgs: Stated<OrgEntry>, stored: StoredKind<OrgEntry>, log: ProblemLog): Stated<OrgEntry> {
  const settled = { ...orgs, entries: new Map(orgs.entries) };
  const parentOf = (id: string) => (settled.entries.get(id) ?? stored.get(id))?.entry.parent ?? null;
  for (const [sourcedId, { row, entry }] of orgs.entries) {
    if (entry.parent === null) continue;
    const place = { file: orgs.file, row, column: 'parentSourcedId' };
    const known = orgs.entries.has(entry.parent) || stored.has(entry.parent);
    if (!known) {
      log.forgive(place, `The unit above, ${quoted(entry.parent)}, is not in ${orgs.file}; it was left unknown.`);
    } else if (isBelow(entry.parent, sourcedId, parentOf)) {
      log.forgive(place, `${quoted(sourcedId)} would be below itself; the unit above was left unknown. Correct it.`);
    } else continue;
    settled.entries.set(sourcedId, { row, entry: { ...entry, parent: null } });
  }
  return settled;
}

const deepest = 50;

/** Whether going up from `start` meets `id`. */
function isBelow(start: string, id: string, parentOf: (id: string) => string | null): boolean {
  let at: string | null = start;
  for (let step = 0; at !== null && step < deepest; step++) {
    if (at === id) return true;
    at = parentOf(at);
  }
  return at !== null;
}

function settleClasses(
  classes: Stated<StatedClass>,
  unit: UnitLookUp,
  sessions: Stated<SessionEntry>,
  storedSessions: StoredKind<SessionEntry>,
  log: ProblemLog,
): Stated<ClassEntry> {
  const { file } = classes;
  const entries = new Map<string, { row: number; entry: ClassEntry }>();
  for (const [sourcedId, { row, entry }] of classes.entries) {
    const { terms, ...rest } = entry;
    for (const term of terms) {
      const known = sessions.entries.has(term) || sessions.removed.has(term) || storedSessions.has(term);
      const words = `The session ${quoted(term)} is not in ${sessions.file}. Add it there.`;
      if (!known && sessions.mode === 'bulk') log.forgive({ file, row, column: 'termSourcedIds' }, words);
    }
    const org = rest.org === null ? null : unit(rest.org, file, row, 'schoolSourcedId');
    entries.set(sourcedId, { row, entry: { ...rest, org } });
  }
  return { ...classes, entries };
}

interface Lookup {
  entries: ReadonlyMap<string, unknown>;
  removed: ReadonlySet<string>;
  stored: ReadonlyMap<string, unknown>;
}

/**
 * An enrolment leaves with its class or person. One whose class or person nobody knows means nothing: it is left out,
 * and an earlier one stays as it was.
 */
function settleEnrollments(
  enrollments: Stated<EnrollmentEntry>,
  classes: Lookup,
  people: Lookup,
  log: ProblemLog,
): Stated<EnrollmentEntry> {
  const { file } = enrollments;
  const settled = { ...enrollments, entries: new Map(enrollments.entries) };
  for (const [sourcedId, { row, entry }] of enrollments.entries) {
    const place = (column: string) => ({ file, row, column });
    const left = classes.removed.has(entry.class) ? 'classSourcedId' : 'userSourcedId';
    if (classes.removed.has(entry.class) || people.removed.has(entry.person)) {
      settled.removed.add(sourcedId);
      log.forgive(place(left), 'The class or the person is marked as left, so the enrolment left too.');
    } else if (!isKnown(entry.class, classes)) {
      settled.spared.add(sourcedId);
      const words = `The class ${quoted(entry.class)} is not in classes.csv, so the row is left out. Add it there.`;
      log.error(place('classSourcedId'), words);
    } else if (!isKnown(entry.person, people)) {
      settled.spared.add(sourcedId);
      const words = `The person ${quoted(entry.person)} is not in users.csv, so the row is left out. Add them there.`;
      log.error(place('userSourcedId'), words);
    } else continue;
    settled.entries.delete(sourcedId);
  }
  return settled;
}

const isKnown = (id: string, { entries, stored }: Lookup) => entries.has(id) || stored.has(id);
