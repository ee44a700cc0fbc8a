import { canonicalJson } from '../policy/canonical.ts';
import { type ApprovalProblem, problemOfApprovals, type Refused } from './approval.ts';
import { type Approved, type Roster, readRoster } from './roster.ts';
import type { Primitives } from './webauthn.ts';

export type RosterProblem =
  | 'roster-unreadable'
  | 'roster-other-district'
  | 'roster-rolled-back'
  | 'roster-changed'
  | 'roster-skipped'
  | `roster-${ApprovalProblem}`;

/** A roster with its exact text. */
export interface ReadRoster extends Approved {
  roster: Roster;
}

/** `first`: nothing was pinned, and this is. `next`: these follow, oldest first, each after its waiting time. */
export type Followed =
  | { kind: 'first'; roster: ReadRoster }
  | { kind: 'next'; rosters: ReadRoster[] }
  | ({ kind: 'refused' } & Refused<RosterProblem>);

/** Whether rosters lead from the one a device has pinned to a newer one: each signed by two of the one before it. */
export function followRosters(
  chain: readonly Approved[],
  pinned: { text: string; roster: Roster } | undefined,
  audience: string,
  primitives: Primitives,
): Followed {
  const read: ReadRoster[] = [];
  for (const approved of chain) {
    const roster = rosterOf(approved.text);
    if (typeof roster === 'string') return refused('roster-unreadable', roster);
    if (roster.audience !== audience) return refused('roster-other-district', 'it is for another district');
    read.push({ ...approved, roster });
  }
  const newest = read.at(-1);
  if (!newest) return refused('roster-unreadable', 'there is none');
  const unsigned = problemOfLinks(read, pinned?.roster, primitives);
  if (unsigned) return unsigned;
  return pinned ? followPinned(read, newest, pinned) : { kind: 'first', roster: newest };
}

function followPinned(
  read: readonly ReadRoster[],
  newest: ReadRoster,
  pinned: { text: string; roster: Roster },
): Followed {
  const { version } = pinned.roster;
  if (newest.roster.version < version)
    return refused('roster-rolled-back', `version ${newest.roster.version}, while ${version} is pinned`);
  const same = read.find(({ roster }) => roster.version === version);
  if (same && same.text !== pinned.text) return refused('roster-changed', `version ${version} was another`);
  return { kind: 'next', rosters: read.filter(({ roster }) => roster.version > version) };
}

/** Without gaps, and signed by two of the one before; the first by two of itself. */
function problemOfLinks(
  read: readonly ReadRoster[],
  pinned: Roster | undefined,
  primitives: Primitives,
): Extract<Followed, { kind: 'refused' }> | undefined {
  let before = pinned;
  for (const { roster, text, approvals } of read) {
    if (pinned && roster.version <= pinned.version) continue;
    if (before && roster.version !== before.version + 1)
      return refused('roster-skipped', `version ${roster.version} after ${before.version}`);
    const signers = before ?? (roster.version === 1 ? roster : undefined);
    const problem = signers && problemOfApprovals(text, approvals, signers, primitives);
    if (problem) return refused(`roster-${problem.code}`, problem.words);
    before = roster;
  }
  return undefined;
}

function rosterOf(text: string): Roster | string {
  try {
    const content: unknown = JSON.parse(text);
    return canonicalJson(content) === text ? readRoster(content) : 'its text could be read in more ways than one';
  } catch {
    return 'it is not JSON';
  }
}

function refused(code: RosterProblem, words: string): Extract<Followed, { kind: 'refused' }> {
  return { kind: 'refused', code, words };
}
