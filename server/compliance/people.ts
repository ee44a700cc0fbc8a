import { type ObligationSpan, personTimeline } from '../../shared/compliance/person-timeline.ts';
import { isSameInterval, type VerdictSpan } from '../../shared/compliance/timeline.ts';
import type { CustodyStore } from '../store/custody.ts';
import { changesFrom, movedFrom } from '../store/interval-changes.ts';
import type { ObligationStore } from '../store/obligations.ts';
import type { PeopleStore } from '../store/people.ts';
import type { PostureStore } from '../store/posture.ts';
import type { StoredVerdict, VerdictChanges, VerdictStore } from '../store/verdicts.ts';

export interface PeopleStores {
  posture: PostureStore;
  verdicts: VerdictStore;
  custody: CustodyStore;
  people: PeopleStore;
  obligations: ObligationStore;
}

/** Somebody to be judged, and from when on their devices' verdicts differ from those stored. */
export interface PersonCase {
  id: string;
  since: number;
}

export interface PeopleJudged {
  changes: VerdictChanges[];
  /** Person → when the verdict may change although no device's does. */
  deadlines: Map<string, number | null>;
}

/**
 * Judges people by the devices in their custody and by what they owe. `derived` are verdicts of devices that are not stored
 * yet: device → its intervals that end at an instant or later, and the open one.
 */
export async function judgePeople(
  cases: readonly PersonCase[],
  stores: PeopleStores,
  derived: ReadonlyMap<string, { from: number; spans: readonly VerdictSpan[] }>,
  pass: { now: number; allJudgedAt: number },
): Promise<PeopleJudged> {
  const judged: PeopleJudged = { changes: [], deadlines: new Map() };
  const ids = cases.map(({ id }) => id);
  const open = await stores.verdicts.open('person', ids);
  const obligations = await stores.obligations.everOf(ids);
  const known = await stores.verdicts.everJudged(
    'person',
    ids.filter((id) => !open.has(id)),
  );
  const begun = cases.map(({ id, since }) => {
    const verdict = open.get(id);
    const now = Math.max(pass.now, verdict?.from ?? 0);
    const own = obligations.get(id) ?? [];
    const isKnown = verdict !== undefined || known.has(id);
    return { id, now, verdict, isKnown, owes: own, since: sinceOf(isKnown, since, own, now, pass.allJudgedAt) };
  });
  const read = await readHeld(stores, begun, derived);
  const ended = await stores.verdicts.endedSince(
    'person',
    begun.filter(({ since, now, verdict }) => since < now || since <= (verdict?.from ?? now)),
  );
  const scopes = await stores.people.scopes(ids);
  for (const { id, now, verdict, isKnown, owes, since } of begun) {
    const devices = read(id);
    const stored = [...(ended.get(id) ?? []), ...(verdict ? [verdict] : [])];
    const from = isKnown ? since : firstOf(devices, owes, now);
    const units = unitsOf(stored, scopes.get(id)?.orgId ?? '', from, now);
    const { spans, deadline } = personTimeline({ devices, obligations: owes, units }, from, now);
    const changes = changesFrom(from, stored, spans, isSameInterval);
    judged.deadlines.set(id, deadline);
    if (movedFrom(changes, now) !== null) judged.changes.push({ subjectId: id, changes });
  }
  return judged;
}

/** Also what they owe moves them, since the last time everybody was judged; all of it who was never judged. */
function sinceOf(
  isKnown: boolean,
  since: number,
  owes: readonly ObligationSpan[],
  now: number,
  allJudgedAt: number,
): number {
  if (!isKnown) return Math.min(since, ...owes.map(({ dueAt }) => dueAt), now);
  const edges = owes.flatMap(({ dueAt, to }) => [dueAt, to ?? now]).filter((at) => at > allJudgedAt && at < now);
  return Math.min(since, now, ...edges);
}

/** Somebody who was never judged: from when they first had a device, or owed something. */
function firstOf(devices: readonly VerdictSpan[], owes: readonly ObligationSpan[], now: number): number {
  return Math.min(now, ...devices.map(({ from }) => from), ...owes.map(({ from }) => from));
}

/** The unit a person was in, as it is stored, and is in now. */
function unitsOf(stored: readonly StoredVerdict[], orgId: string, from: number, now: number) {
  const earlier = stored.filter(({ to }) => to === null || to > from);
  const last = earlier.at(-1);
  const moves = last === undefined || last.orgId !== orgId || last.to !== null;
  const before = earlier.map((one, index) => {
    const next = earlier[index + 1]?.from ?? (moves ? now : null);
    return { from: index === 0 ? Math.min(from, one.from) : one.from, to: next, orgId: one.orgId };
  });
  if (before.length === 0) return [{ from, to: null, orgId }];
  return moves ? [...before, { from: now, to: null, orgId }] : before;
}

/** The verdicts of devices in the custody of these people, each from its person's own instant on. */
async function readHeld(
  stores: PeopleStores,
  cases: readonly { id: string; since: number }[],
  derived: ReadonlyMap<string, { from: number; spans: readonly VerdictSpan[] }>,
): Promise<(personId: string) => (VerdictSpan & { name: string })[]> {
  const custodies = await stores.custody.everOfPeople(cases.map(({ id }) => id));
  const since = new Map<string, number>();
  for (const { id, since: from } of cases)
    for (const { deviceId, endedAt } of custodies.get(id) ?? [])
      if (endedAt === null || endedAt >= from) since.set(deviceId, Math.min(from, since.get(deviceId) ?? from));
  const deviceIds = [...since.keys()];
  const names = await stores.posture.names(deviceIds);
  const open = await stores.verdicts.open('device', deviceIds);
  const ended = await stores.verdicts.endedSince(
    'device',
    [...since].map(([id, from]) => ({ id, since: from })),
  );
  const spansOf = (deviceId: string): readonly VerdictSpan[] => {
    const fresh = derived.get(deviceId);
    const current = open.get(deviceId);
    const stored = [...(ended.get(deviceId) ?? []), ...(current ? [current] : [])];
    if (!fresh) return stored;
    const before = stored.filter(({ from }) => from < fresh.from);
    return [...before.map((one) => ({ ...one, to: Math.min(one.to ?? fresh.from, fresh.from) })), ...fresh.spans];
  };
  return (personId) => {
    const own = custodies.get(personId) ?? [];
    const ids = new Set(own.map(({ id }) => id));
    return [...new Set(own.map(({ deviceId }) => deviceId))].flatMap((deviceId) =>
      spansOf(deviceId)
        .filter(({ custodyId }) => custodyId !== null && ids.has(custodyId))
        .map((span) => ({ ...span, name: names.get(deviceId) ?? deviceId })),
    );
  };
}
