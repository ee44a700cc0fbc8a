import type { GateView, RolloutSummary, RolloutView } from '../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { afterSchoolHours, schoolHoursBetween } from '../../shared/calendar/school-hours.ts';
import { type RolloutDecision, type RolloutEvidence, ringsWithNew } from '../../shared/policy/rollout.ts';
import { gateTitles } from '../../shared/policy/rollout-gates.ts';
import type { RolloutRing } from '../../shared/policy/rollout-plan.ts';
import { type DecisionRecord, givenIn, type RolloutRecord } from '../store/rollout-records.ts';
import type { Seen } from './evidence.ts';
import type { RingCount } from './tally.ts';

type RingView = RolloutView['rings'][number];

/** What a decision is kept with. */
export interface DecidedOn {
  gates: GateView[];
}

export function summaryOf(rollout: RolloutRecord): RolloutSummary {
  const { id, kind, title, state, plan, ringSizes, startedAt, by, changeId } = rollout;
  return {
    ...{ id, kind, title, by, changeId },
    state: state.kind === 'draft' ? 'running' : state.kind,
    ring: ringsIn(rollout),
    rings: plan.rings.length,
    devices: ringSizes.reduce((sum, size) => sum + size, 0),
    given: givenIn(rollout),
    startedAt: iso(startedAt),
    since: iso('since' in state ? state.since : startedAt),
    reason: 'reason' in state ? state.reason : null,
  };
}

/** `seen`: as it is now, where devices have it; `decision`: of one under way. What rests shows the gates it was last decided on. */
export function viewOf(
  rollout: RolloutRecord,
  decisions: readonly DecisionRecord[],
  calendar: SchoolCalendar | undefined,
  now: number,
  seen?: Seen,
  decision?: RolloutDecision,
): RolloutView {
  const { plan, state } = rollout;
  const last = decisions.find(({ evidence }) => gatesOf(evidence).length > 0);
  return {
    rollout: summaryOf(rollout),
    plan,
    rings: ringViews(rollout, decisions, calendar, now, seen),
    nextAt: seen && decision ? nextAt(rollout, seen.evidence, calendar, decision) : null,
    nextWords: decision ? decision.words : restWords(state),
    gates: seen && decision ? gateViews(seen.evidence, decision) : gatesOf(last?.evidence),
    decisions: decisions.map(({ at, by, from, to, ring, words, evidence }) => ({
      ...{ at: iso(at), by, from, ring, words, gates: gatesOf(evidence) },
      to: to === 'draft' ? 'running' : to,
    })),
  };
}

/** In the order of the plan's gates. */
export function gateViews(evidence: RolloutEvidence, { gates }: Pick<RolloutDecision, 'gates'>): GateView[] {
  return gates.map(({ gate, verdict, words }) => {
    const seen = evidence.gates.find((one) => one.gate === gate);
    const { asked = 0, before = 0, after = 0, worsened = 0, improved = 0 } = seen ?? {};
    const elsewhere = seen?.elsewhere ?? { asked: 0, after: 0 };
    const numbers = { asked, before, after, worsened, improved, elsewhere };
    return { gate, title: gateTitles[gate], ...numbers, verdict, words: words.slice(0, 400) };
  });
}

function ringViews(
  rollout: RolloutRecord,
  decisions: readonly DecisionRecord[],
  calendar: SchoolCalendar | undefined,
  now: number,
  seen: Seen | undefined,
): RingView[] {
  const { plan, ringSizes, state, endedAt } = rollout;
  const open = ringsWithNew(state);
  const openings = plan.rings.map((_, i) => openedAt(decisions, i + 1));
  return plan.rings.map((ring, i) => {
    const size = ringSizes[i] ?? 0;
    const given = i < open ? size : 0;
    const none: RingCount = { devices: size, given, verified: 0, failed: 0, offline: 0 };
    const opened = openings[i] ?? (state.kind === 'completed' ? endedAt : null);
    const until = openings[i + 1] ?? endedAt ?? ('since' in state && state.kind === 'halted' ? state.since : now);
    return {
      ...{ ring, title: ringTitle(ring) },
      ...(seen?.rings.get(i + 1) ?? none),
      openedAt: opened === null ? null : iso(opened),
      soakedHours: opened === null ? 0 : schoolHoursBetween(calendar, opened, until),
      soakHours: ring.soakHours,
    };
  });
}

/** When the ring was opened last. */
function openedAt(decisions: readonly DecisionRecord[], ring: number): number | null {
  return (
    decisions.find(({ to, from, ring: decided }) => to === 'running' && from !== 'paused' && decided === ring)?.at ??
    null
  );
}

function nextAt(
  { state, plan }: RolloutRecord,
  { soakedHours, answered, given }: RolloutEvidence,
  calendar: SchoolCalendar | undefined,
  { gates }: RolloutDecision,
): string | null {
  if (state.kind !== 'running') return null;
  const soakHours = plan.rings[state.ring - 1]?.soakHours ?? 0;
  const mayGoOn = answered >= Math.min(plan.enough, given) && gates.every(({ verdict }) => verdict !== 'watched');
  if (!mayGoOn || soakedHours >= soakHours) return null;
  const at = afterSchoolHours(calendar, state.since, soakHours);
  return at === undefined ? null : iso(at);
}

function restWords(state: RolloutRecord['state']): string {
  switch (state.kind) {
    case 'draft':
      return 'Its first ring opens within a minute.';
    case 'halted':
      return state.returned
        ? 'Nothing more is delivered, and those who had it have the earlier one again. It waits for a person.'
        : 'Nothing more is delivered; those who have it keep it. It waits for a person.';
    case 'completed':
      return 'Everybody has it.';
    case 'rolled-back':
      return 'Everybody has the earlier one.';
    default:
      return state.kind === 'paused' ? state.reason.slice(0, 400) : '';
  }
}

function ringTitle(ring: RolloutRing): string {
  if (ring.kind === 'group') return `Pilot group “${ring.group}”`;
  return ring.percent >= 100 ? 'All devices' : `${ring.percent} % of the devices`;
}

/** How many rings it has come to. */
function ringsIn({ state, plan }: RolloutRecord): number {
  if ('ring' in state) return state.ring;
  return state.kind === 'completed' ? plan.rings.length : 0;
}

const gatesOf = (evidence: unknown): GateView[] => (evidence as DecidedOn | undefined)?.gates ?? [];

const iso = (at: number) => new Date(at).toISOString();
