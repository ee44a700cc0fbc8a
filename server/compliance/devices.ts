import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { contactCheck } from '../../shared/compliance/described.ts';
import { defaultSteps } from '../../shared/compliance/policy.ts';
import type { PlacedCheck } from '../../shared/compliance/runs.ts';
import { nextAfter } from '../../shared/compliance/spans.ts';
import { stepOf } from '../../shared/compliance/steps.ts';
import {
  type DeviceStanding,
  deviceTimeline,
  isSameInterval,
  type VerdictSpan,
} from '../../shared/compliance/timeline.ts';
import type { CheckChanges, CheckIntervalStore } from '../store/check-intervals.ts';
import { changesFrom, type IntervalChanges, movedFrom } from '../store/interval-changes.ts';
import { type JudgementStore, type Judgements, mostInputs } from '../store/judgements.ts';
import type { StoredVerdict, VerdictChanges, VerdictStore } from '../store/verdicts.ts';
import { turnsOnContact } from './asked.ts';
import type { OpenCase } from './cases.ts';
import { type ChecksJudged, type ComplianceParameters, inputsOf, judgeChecks } from './judge.ts';

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
  /** What presence had to do with it. */
  contacts: Contact[];
  /** Device → its verdicts from then on. */
  derived: Map<string, { from: number; spans: readonly VerdictSpan[] }>;
}

export interface Contact {
  deviceId: string;
  wasConnected: boolean;
  /** See `turnsOnContact`. */
  turns: boolean;
}

interface Judged {
  id: string;
  facts: OpenCase;
  judged: ChecksJudged;
  checks: CheckChanges[];
  /** From when on verdicts are derived again. */
  from: number;
}

/**
 * What the checks and verdicts of these devices should be, and how that differs from what is stored. `read` reads cases, for
 * some devices from an instant of their own on: what moved earlier than was expected is looked at once more.
 */
export async function judgeDevices(
  ids: readonly string[],
  read: (ids: readonly string[], since?: ReadonlyMap<string, number>) => Promise<Map<string, OpenCase>>,
  stores: DeviceStores,
  parameters: ComplianceParameters,
  now: number,
): Promise<DevicesJudged> {
  const cases = await read(ids);
  await turnOfTheLoop();
  const first = [...cases].map(([id, facts]) => judgeOne(id, facts, parameters));
  const far = new Map(first.flatMap(({ id, from, facts }) => (from < facts.since ? [[id, from] as const] : [])));
  const again = far.size === 0 ? new Map<string, OpenCase>() : await read([...far.keys()], far);
  const all = first.map((one) => {
    const facts = again.get(one.id);
    return facts ? judgeOne(one.id, facts, parameters) : one;
  });
  const reaches = ({ from, facts: { open, now: at } }: Judged) =>
    from < at || (open !== undefined && from <= open.from);
  const reaching = all.filter(reaches).map(({ id, from }) => ({ id, since: from }));
  const ended = await stores.verdicts.endedSince('device', reaching);
  const known = await stores.judgements.judgedUpTo(ids);
  const result = await leftOver(ids, cases, stores, now);
  for (const { id, facts, judged, checks, from } of all) {
    const stored = [...(ended.get(id) ?? []), ...(facts.open ? [facts.open] : [])];
    const { spans, deadline, last } = deviceTimeline(inputsOf(facts, judged), from, facts.now);
    const said = facts.inputs.at(-1);
    const next = nextAfter([judged.turnsAt, deadline, nextStepOf(last, facts.now)], facts.now);
    result.deadlines.set(id, mayWaitMore(facts.inputs) ? facts.now : next);
    result.checks.push(...checks);
    addVerdicts(result, id, from, stored, spans, facts.now);
    result.contacts.push(contactOf(id, facts, judged));
    if (said || !known.has(id)) result.judgedUpTo.set(id, said?.at ?? facts.now);
    result.consumed.push(...facts.inputs.map((input) => input.id));
  }
  return result;
}

function contactOf(deviceId: string, facts: OpenCase, { checks }: ChecksJudged): Contact {
  const last = checks.findLast(({ check, to }) => check === contactCheck && to === null);
  const turns = turnsOnContact(facts, last?.status === 'pass');
  return { deviceId, wasConnected: facts.contact === 'now', turns };
}

function mayWaitMore(inputs: readonly unknown[]): boolean {
  return inputs.length >= mostInputs;
}

/** Whoever follows the steps after a failure looks again when a device was judged. */
function nextStepOf(standing: DeviceStanding | undefined, now: number): number | null {
  if (!standing) return null;
  const { findings, leniency } = standing;
  return stepOf(findings, leniency.policy.steps ?? defaultSteps, leniency.calendar, now).nextStepAt;
}

function judgeOne(id: string, facts: OpenCase, parameters: ComplianceParameters): Judged {
  const judged = judgeChecks(facts, parameters, facts.now);
  const checks: CheckChanges[] = [];
  let from = facts.open ? facts.since : facts.now;
  for (const { stored, derived } of judged.changed) {
    const begin = stored[0]?.from ?? derived[0]?.from ?? facts.now;
    const changes = changesFrom<PlacedCheck>(begin, stored, derived, isSameCheck);
    const moved = movedFrom(changes, facts.now);
    if (moved === null) continue;
    checks.push({ deviceId: id, changes });
    from = Math.min(from, moved);
  }
  return { id, facts, judged, checks, from: Math.max(from, firstJudged(judged)) };
}

/** Verdicts of before checks were kept stay as they are: there is nothing to derive them from. */
function firstJudged({ checks }: ChecksJudged): number {
  return Math.min(...checks.filter(({ check }) => check === contactCheck).map(({ from }) => from));
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
    contacts: gone.map((deviceId) => ({ deviceId, wasConnected: false, turns: false })) as Contact[],
    deadlines: new Map<string, number | null>(),
    movedFrom: new Map<string, number>(),
    derived: new Map<string, { from: number; spans: readonly VerdictSpan[] }>(),
  };
  if (gone.length === 0) return result;
  for (const [id, own] of await stores.checkIntervals.open(gone)) {
    const end = Math.max(now, ...own.map(({ from }) => from));
    for (const row of own)
      result.checks.push({ deviceId: id, changes: changesFrom<PlacedCheck>(end, [row], [], isSameCheck) });
  }
  for (const [id, open] of await stores.verdicts.open('device', gone)) {
    const end = Math.max(now, open.from);
    addVerdicts(result, id, end, [open], [], end);
  }
  for (const [id, inputs] of await stores.judgements.inputs(gone)) {
    result.consumed.push(...inputs.map((input) => input.id));
    if (mayWaitMore(inputs)) result.deadlines.set(id, now);
  }
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
