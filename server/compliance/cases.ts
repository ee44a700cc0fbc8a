import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { asksClasses, groupsNamed, withGroups } from '../../shared/compliance/policy-groups.ts';
import type { PolicyRevision, WaiverSpan } from '../../shared/compliance/timeline.ts';
import type { PolicySubject } from '../../shared/policy/subject.ts';
import { sectionsByGeneration } from '../profiles/device-views.ts';
import { nearestCalendar } from '../profiles/filter-context.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { CheckIntervalStore } from '../store/check-intervals.ts';
import type { CompliancePolicyStore } from '../store/compliance-policies.ts';
import type { CustodyRecord, CustodyStore } from '../store/custody.ts';
import type { DesiredStore } from '../store/desired.ts';
import type { GroupStore } from '../store/groups.ts';
import type { JudgementStore } from '../store/judgements.ts';
import type { PeopleStore } from '../store/people.ts';
import type { PostureStore } from '../store/posture.ts';
import type { StoredVerdict, VerdictStore } from '../store/verdicts.ts';
import type { WaiverRecord, WaiverStore } from '../store/waivers.ts';
import { holdingsOf } from './holdings.ts';
import type { Case } from './judge.ts';
import type { PresenceMemory } from './presence.ts';
import { sinceOf, timed } from './since.ts';

export interface CaseStores {
  calendars: CalendarStore;
  checkIntervals: CheckIntervalStore;
  compliancePolicies: CompliancePolicyStore;
  custody: CustodyStore;
  desired: DesiredStore;
  groups: GroupStore;
  judgements: JudgementStore;
  people: PeopleStore;
  posture: PostureStore;
  verdicts: VerdictStore;
  waivers: WaiverStore;
}

/** What is the same for every device of a pass. */
export interface District {
  now: number;
  policies: readonly PolicyRevision[];
  /** Classes are read only where a policy asks for them: at `now`, for the roster keeps no past. */
  asksClasses: boolean;
  calendarOf: (subject: PolicySubject) => SchoolCalendar | undefined;
  /** See `JudgementStore.allJudgedAt`. */
  allJudgedAt: number;
  /** From when on a calendar differs from what verdicts were made of; `null`: none does. */
  calendarsMovedFrom: number | null;
}

/** A case with what is stored of its verdicts. */
export interface OpenCase extends Case {
  /** Not before anything that is stored, even if the clock went back. */
  now: number;
  open: StoredVerdict | undefined;
}

/**
 * Everything verdicts of these devices depend on, of those in service; in a handful of queries however many there are.
 * `reach`: from when on, where that is earlier than what is known of them says.
 */
export async function readCases(
  stores: CaseStores,
  presence: PresenceMemory,
  district: District,
  ids: readonly string[],
  reach?: ReadonlyMap<string, number>,
): Promise<Map<string, OpenCase>> {
  const custodies = await stores.custody.everOfDevices(ids);
  const holders = [...new Set([...custodies.values()].flat().map(({ personId }) => personId))];
  const people = await stores.people.scopes(holders, district.asksClasses ? district.now : undefined);
  const said = await stores.judgements.inputs(ids);
  const judgedUpTo = await stores.judgements.judgedUpTo([...said.keys()]);
  const waiversOf = await readWaivers(stores, [...ids, ...holders]);
  const openVerdicts = await stores.verdicts.open('device', ids);
  const openChecks = await stores.checkIntervals.open(ids);
  const begun = (await readPresent(stores, presence, ids)).map((present) => {
    const { id } = present.device;
    const [open, checks] = [openVerdicts.get(id), openChecks.get(id) ?? []];
    const now = Math.max(district.now, open?.from ?? 0, ...checks.map(({ from }) => from));
    const inputs = timed(said.get(id) ?? [], judgedUpTo.get(id), now);
    const own = custodies.get(id) ?? [];
    const waivers = waiversOf(id, own);
    const known = sinceOf({ now, open, checks, inputs, waivers, district });
    const since = Math.min(known, reach?.get(id) ?? known);
    return { ...present, open, checks, now, inputs, waivers, since, custodies: own };
  });
  const reaching = begun.flatMap(({ device, since, now, checks }) =>
    since < now || checks.some(({ from }) => from >= since) ? [{ id: device.id, since }] : [],
  );
  const ended = await stores.checkIntervals.endedSince(reaching);
  const { policies, allJudgedAt, calendarOf } = district;
  return new Map(
    begun.map(({ device, custodies: own, ...facts }) => {
      const checks = [...(ended.get(device.id) ?? []), ...facts.checks];
      const holdings = holdingsOf({ device, custodies: own, people, calendarOf }, checks, facts.now);
      const calendarMoved = district.calendarsMovedFrom !== null;
      return [device.id, { ...facts, checks, holdings, policies, allJudgedAt, calendarMoved }];
    }),
  );
}

/** What these devices said last and should hold, of those in service. */
async function readPresent(stores: CaseStores, presence: PresenceMemory, ids: readonly string[]) {
  const postures = new Map((await stores.posture.ofDevices(ids)).map((posture) => [posture.id, posture]));
  const conditionOf = await stores.posture.conditions(ids);
  const desired = await stores.desired.ofDevices(ids);
  const generations = [...desired.values()].map(({ generation }) => generation);
  const sections = await sectionsByGeneration(stores.desired, generations);
  return (await stores.desired.activeDevices(ids)).flatMap((device) => {
    const posture = postures.get(device.id);
    if (!posture) return [];
    const row = desired.get(device.id);
    const named = Object.entries(row ? (sections.get(row.generation) ?? {}) : {});
    const present = {
      ...{ device, posture, condition: conditionOf(device.id), ...presence.of(posture) },
      waitingSince: presence.waitingSince(device.id, row),
      desired: named.map(([section, hash]) => ({ section, hash, generation: row?.generation ?? 0 })),
      desiredSince: row?.since ?? 0,
    };
    return [present];
  });
}

export async function readWaivers(stores: CaseStores, targets: readonly string[]) {
  const waivers = Map.groupBy(await stores.waivers.everOf(targets), ({ target }) => `${target.kind} ${target.id}`);
  return (deviceId: string, custodies: readonly CustodyRecord[]): WaiverSpan[] => [
    ...(waivers.get(`device ${deviceId}`) ?? []).map((waiver) => spanOf(waiver, null)),
    ...[...new Set(custodies.map(({ personId }) => personId))].flatMap((personId) =>
      (waivers.get(`person ${personId}`) ?? []).map((waiver) => spanOf(waiver, personId)),
    ),
  ];
}

function spanOf({ check, from, until, endedAt, by }: WaiverRecord, personId: string | null): WaiverSpan {
  const to = Math.min(until, endedAt ?? until);
  return { check, from, to, until, by: by.replace(/^staff:/, '').slice(0, 200), personId };
}

export async function readDistrict(
  stores: CaseStores,
  now: number,
  since: Pick<District, 'allJudgedAt' | 'calendarsMovedFrom'>,
): Promise<District> {
  const nearest = nearestCalendar(await stores.calendars.list());
  const policies = await stores.compliancePolicies.revisions();
  const groups = await stores.groups.published();
  const history = await stores.groups.history(groupsNamed(policies, groups));
  return {
    now,
    policies: withGroups(policies, history, groups),
    asksClasses: asksClasses(policies, groups),
    calendarOf: (subject) => nearest({ id: subject.deviceId, name: '', personId: null, subject }),
    ...since,
  };
}

/** Revisions of the groups that the policy in force hangs on, as one string. */
export async function readBoundGroups(stores: Pick<CaseStores, 'compliancePolicies' | 'groups'>): Promise<string> {
  const inForce = (await stores.compliancePolicies.revisions()).slice(-1);
  const groups = await stores.groups.published();
  const named = [...groupsNamed(inForce, groups)].sort();
  return named.map((name) => `${name} ${groups.get(name)?.id} ${groups.get(name)?.revision}`).join('\n');
}
