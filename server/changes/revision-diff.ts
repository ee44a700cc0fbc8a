import type { ProfileContent, RevisionDiff } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import { diffSettings } from '../../shared/policy/diff.ts';
import { selectorKey } from '../../shared/policy/match.ts';
import type { AssignmentInput } from '../../shared/policy/selector.ts';
import { type SelectorNames, selectorWords } from '../../shared/policy/words.ts';
import type { ProfileStore } from '../store/profiles.ts';

/** How two revisions of a profile differ; without `to`: the draft, or what is published when there is none. */
export async function diffOf(
  profiles: ProfileStore,
  id: string,
  { from, to }: { from: number; to?: number },
): Promise<RevisionDiff> {
  const record = await profiles.find(id);
  const before = await profiles.revision(id, from);
  const after = to === undefined ? (record?.draft ?? record?.published) : await profiles.revision(id, to);
  if (!before || !after) throw new CodedError('not-found', 'There is no such revision of this profile.');
  const named = await profiles.namesOf([...before.assignments, ...after.assignments].map((one) => one.to));
  const names: SelectorNames = {
    org: (org) => named.orgs.get(org),
    person: (person) => named.people.get(person),
    class: (one) => named.classes.get(one),
  };
  return {
    ...{ from, to: to ?? null },
    settings: [...diffSettings(before.settings, after.settings), ...lockedDiff(before, after)],
    assignments: diffAssignments(before.assignments, after.assignments, names),
  };
}

function lockedDiff(before: Pick<ProfileContent, 'locked'>, after: Pick<ProfileContent, 'locked'>) {
  const [old, now] = [before.locked === true, after.locked === true];
  if (old === now) return [];
  return [{ capability: 'profile', setting: 'locked', title: 'Locked minimum', before: old, after: now }];
}

function diffAssignments(
  before: readonly AssignmentInput[],
  after: readonly AssignmentInput[],
  names: SelectorNames,
): RevisionDiff['assignments'] {
  const [old, now] = [before, after].map((all) => new Map(all.map((one) => [selectorKey(one.to), one])));
  const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...keys].flatMap((key) => {
    const [was, is] = [old?.get(key), now?.get(key)];
    if (canonicalJson(was ?? null) === canonicalJson(is ?? null)) return [];
    return [{ before: was ? assignmentWords(was, names) : null, after: is ? assignmentWords(is, names) : null }];
  });
}

/** `grade 5, priority 100; before others until 2026-12-01T00:00Z: exam`. */
function assignmentWords({ to, priority, override }: AssignmentInput, names: SelectorNames): string {
  const until = override?.until ? ` until ${override.until}` : '';
  const exception = override ? `; before others${until}: ${override.reason}` : '';
  return `${selectorWords(to, names)}, priority ${priority}${exception}`.slice(0, 600);
}
