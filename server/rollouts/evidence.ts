import { setImmediate } from 'node:timers/promises';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { afterSchoolHours, schoolHoursBetween } from '../../shared/calendar/school-hours.ts';
import type { RolloutEvidence } from '../../shared/policy/rollout.ts';
import { freezeAt } from '../changes/freezes.ts';
import { readPublishing } from '../changes/publishing-settings.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { RolloutFactStore } from '../store/rollout-facts.ts';
import type { RolloutPlace, RolloutRecord } from '../store/rollout-records.ts';
import type { RolloutStore } from '../store/rollouts.ts';
import { type Before, beforeOf, thresholds } from './gates.ts';
import { type RingCount, Tally } from './tally.ts';
import { type TouchStores, touchedSections } from './touched.ts';

export interface EvidenceStores extends TouchStores {
  rollouts: RolloutStore;
  rolloutFacts: RolloutFactStore;
  calendars: CalendarStore;
  documents: DocumentStore;
}

/** What is known of a rollout at an instant. */
export interface Seen {
  at: number;
  evidence: RolloutEvidence;
  /** By ring, from 1. */
  rings: ReadonlyMap<number, RingCount>;
}

/** So many devices at once; what else the server has to do is done between. */
const devicesAtOnce = 500;
/** So many of those without the new one say what day it is as well as all of them. By id, which is as good as by chance. */
const mostElsewhere = 3_000;

/** Looks at every device that has the new one, with a handful of queries for each few thousand, and at some of the others. */
export async function readEvidence(
  stores: EvidenceStores,
  rollout: RolloutRecord,
  isConnected: (deviceId: string) => boolean,
  now: number,
): Promise<Seen> {
  const { id, startedAt } = rollout;
  const openedAt = (await stores.rollouts.runningSince(id)) ?? startedAt;
  const tally = new Tally(openedAt, now);
  const sections = await touchedSections(stores, rollout.items);
  const span = Math.max(openedAt, now - thresholds.longestMs);
  const requests = await stores.rolloutFacts.requests(id, span, now);
  const tickets = await stores.rolloutFacts.tickets(id, span, now);
  const none = { since: 0, before: 0 };
  let elsewhere = 0;
  for await (const places of placesOf(stores.rollouts, id)) {
    const isLookedAt = ({ givenAt }: RolloutPlace) => givenAt !== null || elsewhere++ < mostElsewhere;
    const { lookedAt = [], rest = [] } = Object.groupBy(places, (one) => (isLookedAt(one) ? 'lookedAt' : 'rest'));
    for (const { ring } of rest) tally.skip(ring);
    const facts = await stores.rolloutFacts.of(idsOf(lookedAt), sections);
    for (const { deviceId, ring, givenAt, before } of lookedAt) {
      const own = facts.get(deviceId);
      if (!own) continue;
      tally.add({
        ...{ ring, givenAt, before: before === null ? null : (JSON.parse(before) as Before) },
        now: { ...own, requests: requests.get(deviceId) ?? none, tickets: tickets.get(deviceId) ?? none },
        isConnected: isConnected(deviceId),
      });
    }
  }
  const soak = await soakOf(stores.calendars, rollout, now);
  const freeze = await freezeOf(stores, rollout, now);
  return { at: now, evidence: { ...tally.evidence(soak.soakedHours), ...soak, freeze }, rings: tally.rings };
}

/** The title of the freeze that is on. What was begun in a freeze was meant to go out in it; lists protect, and go on. */
async function freezeOf(
  { documents, calendars }: EvidenceStores,
  { kind, startedAt }: RolloutRecord,
  now: number,
): Promise<string | undefined> {
  if (kind !== 'policy') return undefined;
  const { settings } = await readPublishing(documents);
  const all = (await calendars.list()).map(({ calendar }) => calendar);
  const began = freezeAt(settings, all, startedAt);
  return began ? undefined : freezeAt(settings, all, now)?.title;
}

/** Keeps how the devices of some rings are now, to be compared with later. Safe to repeat. */
export async function keepBefore(
  stores: EvidenceStores,
  { id, items }: RolloutRecord,
  isWanted: (place: RolloutPlace) => boolean,
): Promise<void> {
  const sections = await touchedSections(stores, items);
  for await (const all of placesOf(stores.rollouts, id)) {
    const places = all.filter(isWanted);
    if (places.length === 0) continue;
    const facts = await stores.rolloutFacts.of(idsOf(places), sections);
    const kept = places.flatMap((place) => {
      const own = facts.get(place.deviceId);
      return own ? [{ ...place, before: JSON.stringify(beforeOf(own)) }] : [];
    });
    await stores.rollouts.saveBefore(id, kept);
  }
}

/** School hours since the newest ring opened. Lists protect, and have to arrive within a day: for them every hour counts. */
async function soakOf(
  calendars: CalendarStore,
  { state, kind, plan }: RolloutRecord,
  now: number,
): Promise<Pick<RolloutEvidence, 'soakedHours' | 'neverSoaks'>> {
  if (!('since' in state)) return { soakedHours: 0 };
  const calendar = await calendarOf(calendars, kind);
  const wanted = 'ring' in state ? (plan.rings[state.ring - 1]?.soakHours ?? 0) : 0;
  return {
    soakedHours: schoolHoursBetween(calendar, state.since, now),
    neverSoaks: afterSchoolHours(calendar, state.since, wanted) === undefined,
  };
}

/** The district's own calendar; undefined: every hour counts. */
export async function calendarOf(
  calendars: CalendarStore,
  kind: RolloutRecord['kind'],
): Promise<SchoolCalendar | undefined> {
  if (kind === 'list') return undefined;
  return (await calendars.list()).find(({ orgId }) => orgId === null)?.calendar;
}

async function* placesOf(rollouts: RolloutStore, id: string): AsyncGenerator<RolloutPlace[]> {
  for (let after = ''; ; ) {
    const places = await rollouts.places(id, after, devicesAtOnce);
    const last = places.at(-1);
    if (!last) return;
    yield places;
    if (places.length < devicesAtOnce) return;
    after = last.deviceId;
    await setImmediate();
  }
}

const idsOf = (places: readonly RolloutPlace[]) => places.map(({ deviceId }) => deviceId);
