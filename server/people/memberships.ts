import type { PersonRole } from '../../shared/policy/selector.ts';
import type { Membership, PersonEntry, Stored, StoredRoster } from '../store/roster-entries.ts';
import { byKey } from '../store/roster-rows.ts';
import { type Place, type ProblemLog, quoted } from './problems.ts';
import type { Located, Stated, StatedPerson, StatedRole, StatedRoles, StatedRoster, UnitLookUp } from './roster.ts';

/** What a person is, before the rest of the row is filled in. */
interface Standing {
  role: PersonRole;
  org: string | null;
  memberships: Membership[];
}

/**
 * People with their roles and units. What a row does not say (a missing column, a role nobody knows) stays as it is
 * known; a person of whom no role was ever known is left out.
 */
export function settlePeople(
  stated: StatedRoster,
  stored: StoredRoster,
  unit: UnitLookUp,
  log: ProblemLog,
): Stated<PersonEntry> {
  const { people, roles } = stated;
  const settled: Stated<PersonEntry> = { ...people, entries: new Map(), spared: new Set(people.spared) };
  const rolesOf = roles && Map.groupBy(roles.rows, (role) => role.user);
  for (const [sourcedId, located] of people.entries) {
    const known = stored.people.get(sourcedId);
    const standing = roles
      ? standingByRoles(rolesOf?.get(sourcedId), roles, known, located.entry.primaryOrg, unit)
      : standingByRow(located, people.file, known, unit);
    const { row } = located;
    if (standing)
      settled.entries.set(sourcedId, { row, entry: { ...filledIn(located.entry, known), ...ordered(standing) } });
    else {
      settled.spared.add(sourcedId);
      noteNoRole({ file: people.file, row, column: roles ? null : 'role' }, sourcedId, roles, log);
    }
  }
  if (roles && rolesOf) addRoleChanges(settled, rolesOf, roles, stored, unit, log);
  return settled;
}

function filledIn(stated: StatedPerson, known: Stored<PersonEntry> | undefined) {
  const { sourcedId, givenName, familyName, username, email, grade } = stated;
  return {
    sourcedId,
    givenName,
    familyName,
    username,
    email: email === undefined ? (known?.entry.email ?? null) : email,
    grade: grade === undefined ? (known?.entry.grade ?? null) : grade,
  };
}

/** In 1.1 only an extension's role gets here: the standard allows it, so it fails no import. */
function noteNoRole(place: Place, sourcedId: string, roles: StatedRoles | undefined, log: ProblemLog): void {
  const words = 'The person has no role that counts here, so the row is left out.';
  if (!roles || roles.idle.has(sourcedId)) log.warn(place, `${words} Give a role of the standard.`);
  else log.error(place, `${words} Add one to roles.csv.`);
}

/** OneRoster 1.1 and plain CSV: one role, the first unit is the main one. */
function standingByRow(
  { row, entry }: Located<StatedPerson>,
  file: string,
  known: Stored<PersonEntry> | undefined,
  unit: UnitLookUp,
): Standing | undefined {
  const role = entry.role ?? known?.entry.role;
  if (role === undefined) return undefined;
  if (entry.orgs === undefined) {
    const memberships = (known?.entry.memberships ?? []).map((membership) => ({ ...membership, role }));
    return { role, org: known?.entry.org ?? null, memberships };
  }
  const orgs = entry.orgs.map((org) => unit(org, file, row, 'orgSourcedIds')).filter((org) => org !== null);
  return {
    role,
    org: orgs[0] ?? null,
    memberships: orgs.map((org, index) => ({ org, role, primary: index === 0 })),
  };
}

/** OneRoster 1.2: rows of `roles.csv`, on top of what is known where the file does not list everything. */
function standingByRoles(
  rows: readonly StatedRole[] | undefined,
  file: StatedRoles,
  known: Stored<PersonEntry> | undefined,
  primaryOrg: string | undefined,
  unit: UnitLookUp,
): Standing | undefined {
  const [first] = rows ?? [];
  if (!rows || !first) return known && standingOf(known.entry);
  const listsAll = file.mode === 'bulk' && file.complete && !file.spared.has(first.user);
  const placed = rows.map((row) => ({ ...row, org: unit(row.org, file.file, row.row, 'orgSourcedId') }));
  const memberships = mergeRoles(listsAll ? [] : (known?.entry.memberships ?? []), placed);
  const unplaced = placed.find((row) => row.org === null && !row.removed)?.role;
  return mainOf(memberships, primaryOrg) ?? (unplaced && { role: unplaced, org: null, memberships: [] });
}

type PlacedRole = Omit<StatedRole, 'org'> & { org: string | null };

function mergeRoles(known: readonly Membership[], rows: readonly PlacedRole[]): Membership[] {
  const merged = new Map(known.map((membership) => [keyOf(membership), membership]));
  for (const { org, role, primary, removed } of rows) {
    if (org === null) continue;
    const key = keyOf({ org, role });
    if (removed) merged.delete(key);
    else merged.set(key, { org, role, primary: primary || (merged.get(key)?.primary ?? false) });
  }
  return [...merged.values()];
}

function standingOf({ role, org, memberships }: PersonEntry): Standing {
  return { role, org, memberships };
}

const ordered = (standing: Standing): Standing => ({ ...standing, memberships: standing.memberships.toSorted(byKey) });

const keyOf = ({ org, role }: Pick<Membership, 'org' | 'role'>) => `${role} ${org}`;

/** The role with the strictest policy wins where a person has several of equal rank. */
const strictestFirst: readonly PersonRole[] = ['student', 'guardian', 'staff', 'teacher', 'administrator'];

function mainOf(memberships: Membership[], primaryOrg: string | undefined): Standing | undefined {
  const rank = (membership: Membership) =>
    (membership.primary ? 0 : 100) + (membership.org === primaryOrg ? 0 : 10) + strictestFirst.indexOf(membership.role);
  const [main] = memberships.toSorted((a, b) => rank(a) - rank(b) || (a.org < b.org ? -1 : 1));
  if (!main) return undefined;
  const one = memberships.map((membership) => ({ ...membership, primary: membership === main }));
  return { role: main.role, org: main.org, memberships: one };
}

/** Rows of `roles.csv` for people whom `users.csv` does not name: a change to somebody known, or a mistake. */
function addRoleChanges(
  settled: Stated<PersonEntry>,
  rolesOf: ReadonlyMap<string, StatedRole[]>,
  file: StatedRoles,
  stored: StoredRoster,
  unit: UnitLookUp,
  log: ProblemLog,
): void {
  for (const [user, rows] of rolesOf) {
    if (settled.entries.has(user) || settled.spared.has(user) || settled.removed.has(user)) continue;
    const known = stored.people.get(user);
    const row = rows[0]?.row ?? 0;
    if (!known || (settled.mode === 'bulk' && settled.complete)) {
      const words = `The person ${quoted(user)} is not in users.csv, so the row is left out.`;
      log.error({ file: file.file, row, column: 'userSourcedId' }, words);
      continue;
    }
    const standing = standingByRoles(rows, file, known, undefined, unit);
    if (standing && known.active) settled.entries.set(user, { row, entry: { ...known.entry, ...ordered(standing) } });
  }
}
