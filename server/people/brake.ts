import type { OrgEntry, PersonEntry, RosterChanges, StoredKind, StoredRoster } from '../store/roster-entries.ts';
import type { RosterDiff } from './diff.ts';

/** Share of the active people an import may remove or move without being confirmed, and how many it always may. */
export const brakeShare = 0.1;
export const alwaysFree = 4;

export interface Movement {
  /** People who would leave the roster, or whose role, unit or units above would change: policy may let go of them. */
  moved: number;
  /** Their share of the people active before. */
  share: number;
  /** Whether this is so many that it looks like a mistake. */
  stops: boolean;
}

/** Measures how many people an import would take out of the reach of what binds them now. */
export function measureMovement({ changes }: Pick<RosterDiff, 'changes'>, stored: StoredRoster): Movement {
  const active = [...stored.people.values()].filter((person) => person.active);
  const leaves = new Set(changes.people.deactivate);
  const saved = new Map(changes.people.save.map(({ id, entry }) => [id, entry]));
  const shifted = shiftedUnits(changes, stored.orgs);
  const moved = active.filter(({ id, entry }) => {
    const next = saved.get(id) ?? entry;
    return leaves.has(id) || losesPlace(entry, next) || (next.org !== null && shifted.has(next.org));
  }).length;
  const share = active.length === 0 ? 0 : moved / active.length;
  return { moved, share, stops: moved > alwaysFree && share > brakeShare };
}

const losesPlace = (before: PersonEntry, after: PersonEntry) =>
  before.role !== after.role || (before.org !== null && before.org !== after.org);

/** Units that would no longer be below all the units they are below now. */
function shiftedUnits(changes: RosterChanges, stored: StoredKind<OrgEntry>): Set<string> {
  const parents = new Map([...stored].map(([sourcedId, { entry }]) => [sourcedId, entry.parent]));
  const next = new Map(parents);
  for (const { entry } of changes.orgs.save) next.set(entry.sourcedId, entry.parent);
  const shifted = [...parents.keys()].filter((org) => {
    const after = new Set(lineage(org, next));
    return lineage(org, parents).some((above) => !after.has(above));
  });
  return new Set(shifted);
}

function lineage(org: string, parents: ReadonlyMap<string, string | null>): string[] {
  const above: string[] = [];
  let at = parents.get(org) ?? null;
  while (at !== null && !above.includes(at)) {
    above.push(at);
    at = parents.get(at) ?? null;
  }
  return above;
}
