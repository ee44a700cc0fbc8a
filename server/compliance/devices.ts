import type { PlacedCheck } from '../../shared/compliance/runs.ts';
import { isSameInterval, type VerdictSpan } from '../../shared/compliance/timeline.ts';
import type { CheckChanges, CheckIntervalStore } from '../store/check-intervals.ts';
import { changesFrom, type IntervalChanges, movedFrom } from '../store/interval-changes.ts';
import type { JudgementStore, Judgements } from '../store/judgements.ts';
import type { StoredVerdict, VerdictChanges, VerdictStore } from '../store/verdicts.ts';
import type { OpenCase } from './cases.ts';
import { type ComplianceParameters, type DeviceJudgement, judgeDevice, verdictsFrom } from './judge.ts';

interface DeviceStores {
  checkIntervals: CheckIntervalStore;
  judgements: JudgementStore;
  verdicts: VerdictStore;
}

export interface DevicesJudged extends Omit<Judgements, 'people'> {
  /** Device → when its verdict may change although nothing is reported; `null`: never. */
  deadlines: Map<string, number | null>;
  /** Device → since when its verdicts are others than those stored. */
  movedFrom: Map<string, number>;
  /** Device → its verdicts from then on. */
  derived: Map<string, { from: number; spans: readonly VerdictSpan[] }>;
}

interface Judged {
  id: string;
  facts: OpenCase;
  judgement: DeviceJudgement;
  checks: CheckChanges[];
  /** From when on verdicts are derived again. */
  from: number;
}

/** What the checks and verdicts of these devices should be, and how that differs from what is stored. */
export async function judgeDevices(
  ids: readonly string[],
  cases: ReadonlyMap<string, OpenCase>,
  stores: DeviceStores,
  parameters: ComplianceParameters,
  now: number,
): Promise<DevicesJudged> {
  const judged = [...cases].map(([id, facts]) => judgeOne(id, facts, parameters));
  const reaching = judged.flatMap(({ id, from, facts }) => (from < facts.now ? [{ id, since: from }] : []));
  const ended = await stores.verdicts.endedSince('device', reaching);
  const known = await stores.judgements.judgedUpTo(ids);
  const result = await leftOver(ids, cases, stores, now);
  for (const { id, facts, judgement, checks, from } of judged) {
    const stored = [...(ended.get(id) ?? []), ...(facts.open ? [facts.open] : [])];
    const spans = verdictsFrom(judgement, from, facts.now);
    const last = facts.inputs.at(-1);
    result.deadlines.set(id, judgement.deadline);
    result.checks.push(...checks);
    addVerdicts(result, id, from, stored, spans, facts.now);
    if (last || !known.has(id)) result.judgedUpTo.set(id, last?.at ?? facts.now);
    result.consumed.push(...facts.inputs.map((input) => input.id));
  }
  return result;
}

function judgeOne(id: string, facts: OpenCase, parameters: ComplianceParameters): Judged {
  const judgement = judgeDevice(facts, parameters, facts.now);
  const stored = Map.groupBy(facts.checks, ({ check }) => check);
  const derived = Map.groupBy(judgement.checks, ({ check }) => check);
  const checks: CheckChanges[] = [];
  let from = facts.open && facts.open.to === null ? Math.min(facts.since, facts.now) : facts.now;
  for (const [check, spans] of derived) {
    const own = stored.get(check) ?? [];
    const changes = changesFrom(own[0]?.from ?? spans[0]?.from ?? facts.now, own, spans, isSameCheck);
    const moved = movedFrom(changes, facts.now);
    if (moved === null) continue;
    checks.push({ deviceId: id, changes });
    from = Math.min(from, moved);
  }
  for (const [check, own] of stored) if (!derived.has(check)) checks.push(...closed(id, own, facts.now));
  return { id, facts, judgement, checks, from };
}

/** Of what is judged no more: a check this version does not know. */
function closed(deviceId: string, stored: readonly (PlacedCheck & { id: number })[], now: number): CheckChanges[] {
  const changes = changesFrom<PlacedCheck>(now, stored, [], isSameCheck);
  return [{ deviceId, changes }];
}

/** Devices out of service: what is open of them ends. */
async function leftOver(
  ids: readonly string[],
  cases: ReadonlyMap<string, OpenCase>,
  stores: DeviceStores,
  now: number,
): Promise<
  DevicesJudged & {
    checks: CheckChanges[];
    devices: VerdictChanges[];
    consumed: number[];
    judgedUpTo: Map<string, number>;
  }
> {
  const gone = ids.filter((id) => !cases.has(id));
  const result = {
    ...{ checks: [] as CheckChanges[], devices: [] as VerdictChanges[], consumed: [] as number[] },
    judgedUpTo: new Map<string, number>(),
    deadlines: new Map<string, number | null>(),
    movedFrom: new Map<string, number>(),
    derived: new Map<string, { from: number; spans: readonly VerdictSpan[] }>(),
  };
  if (gone.length === 0) return result;
  for (const [id, own] of await stores.checkIntervals.open(gone)) {
    const end = Math.max(now, ...own.map(({ from }) => from));
    for (const row of own) result.checks.push(...closed(id, [row], end));
  }
  for (const [id, open] of await stores.verdicts.open('device', gone)) {
    const end = Math.max(now, open.from);
    addVerdicts(result, id, end, [open], [], end);
  }
  for (const inputs of (await stores.judgements.inputs(gone)).values())
    result.consumed.push(...inputs.map((input) => input.id));
  return result;
}

function addVerdicts(
  result: Pick<DevicesJudged, 'movedFrom' | 'derived'> & { devices: VerdictChanges[] },
  id: string,
  from: number,
  stored: readonly StoredVerdict[],
  spans: readonly VerdictSpan[],
  now: number,
): void {
  const changes: IntervalChanges<VerdictSpan> = changesFrom<VerdictSpan>(from, stored, spans, isSameInterval);
  const moved = movedFrom(changes, now);
  if (moved === null) return;
  result.devices.push({ subjectId: id, changes });
  result.movedFrom.set(id, moved);
  result.derived.set(id, { from, spans });
}

function isSameCheck(one: PlacedCheck, other: PlacedCheck): boolean {
  return one.status === other.status && one.custodyId === other.custodyId && one.orgId === other.orgId;
}
