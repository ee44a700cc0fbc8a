import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import type { Span } from '../../shared/compliance/spans.ts';
import type { HoldingSpan } from '../../shared/compliance/timeline.ts';
import { subjectOf } from '../profiles/subjects.ts';
import type { StoredCheck } from '../store/check-intervals.ts';
import type { CustodyRecord } from '../store/custody.ts';
import type { DeviceRecord } from '../store/desired.ts';
import type { PersonScope } from '../store/people.ts';

/** Who a device was with, and in which unit they were then. */
type Place = Span & { custodyId: string | null; orgId: string };

export interface HoldingSources {
  device: DeviceRecord;
  /** Of this device, the first to begin first. */
  custodies: readonly CustodyRecord[];
  people: ReadonlyMap<string, PersonScope>;
  calendarOf: (subject: HoldingSpan['subject']) => SchoolCalendar | undefined;
}

/**
 * Who held a device, without a gap, of the time its stored checks speak of and up to now. What is stored says in which unit
 * its custodian was then, for the roster keeps no past; where custody went since is known to the moment.
 */
export function holdingsOf(sources: HoldingSources, checks: readonly StoredCheck[], now: number): HoldingSpan[] {
  const stored = storedPlaces(checks);
  return [...stored.slice(0, -1), ...placesSince(stored.at(-1), sources, now)].map((place) => heldBy(place, sources));
}

/** Every check is cut where the place changes, so that each row says where the device was then. */
function storedPlaces(checks: readonly StoredCheck[]): Place[] {
  const places: Place[] = [];
  for (const { from, to, custodyId, orgId } of checks.toSorted((a, b) => a.from - b.from)) {
    const last = places.at(-1);
    const goesOn =
      last && last.custodyId === custodyId && last.orgId === orgId && (last.to === null || from <= last.to);
    if (!goesOn) places.push({ from, to, custodyId, orgId });
    else last.to = last.to === null || to === null ? null : Math.max(last.to, to);
  }
  return places;
}

/** From the last place that is stored on: custody as it went, the unit as it is now. */
function placesSince(last: Place | undefined, sources: HoldingSources, now: number): Place[] {
  const orgOf = (custody: CustodyRecord | undefined) => (custody && sources.people.get(custody.personId)?.orgId) ?? '';
  const held = sources.custodies.filter(({ endedAt }) => endedAt === null);
  const open = held.at(-1);
  if (last?.to !== null || last === undefined)
    return [...(last ? [last] : []), { from: now, to: null, custodyId: open?.id ?? null, orgId: orgOf(open) }];
  const since = changesSince(last, sources.custodies).map(({ from, custody }) => {
    return { from, to: null, custodyId: custody?.id ?? null, orgId: orgOf(custody) } as Place;
  });
  const moved = since.length === 0 && last.orgId !== orgOf(open) ? [{ ...last, from: now, orgId: orgOf(open) }] : since;
  const all = [{ ...last }, ...moved];
  for (const [index, place] of all.entries()) place.to = all[index + 1]?.from ?? null;
  return all.filter(({ from, to }) => to === null || from < to);
}

/** Each change of hands after a place was stored, in order; the last stands. Never before the place began. */
function changesSince(
  { from, custodyId }: Place,
  custodies: readonly CustodyRecord[],
): { from: number; custody: CustodyRecord | undefined }[] {
  const changes: { from: number; custody: CustodyRecord | undefined }[] = [];
  const ended = custodies.find(({ id }) => id === custodyId)?.endedAt ?? null;
  if (ended !== null) changes.push({ from: Math.max(from, ended), custody: undefined });
  const later = custodies.filter(({ id, endedAt }) => id !== custodyId && (endedAt === null || endedAt > from));
  for (const custody of later) {
    changes.push({ from: Math.max(from, custody.startsAt), custody });
    if (custody.endedAt !== null) changes.push({ from: Math.max(from, custody.endedAt), custody: undefined });
  }
  return changes;
}

/** Where a device is says nothing of what is asked of it, and would be asked anew at every school gate. */
function heldBy(place: Place, { device, custodies, people, calendarOf }: HoldingSources): HoldingSpan {
  const custody = custodies.find(({ id }) => id === place.custodyId);
  const personId = custody?.personId ?? null;
  const subject = { ...subjectOf(device, custody, people.get(personId ?? '')), place: null };
  return { ...place, personId, subject, calendar: calendarOf(subject) };
}
