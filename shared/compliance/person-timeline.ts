import { foldPerson, type Verdict } from './fold.ts';
import { lastDayWords } from './leniency.ts';
import { covers, edgesOf, nextAfter, type Span, type Timeline, walk } from './spans.ts';
import type { StandingVerdict, VerdictSpan } from './timeline.ts';

/** Something a person owes, from when they were told until it was met or cancelled. */
export interface ObligationSpan extends Span {
  title: string;
  dueAt: number;
}

/** All a person’s verdicts come from. */
export interface PersonInputs {
  /** The verdicts of devices, of the time they were in this person’s custody. */
  devices: readonly (VerdictSpan & { name: string })[];
  obligations: readonly ObligationSpan[];
  /** The person’s primary unit over time, without a gap. */
  units: readonly (Span & { orgId: string })[];
}

/**
 * A person’s verdicts from an instant up to now; none of the time in which they have no device and are late with nothing, for
 * there is nothing to judge. The `deadline` is when they are next late with something they owe. */
export function personTimeline(inputs: PersonInputs, from: number, now: number): Timeline<StandingVerdict> {
  const edges = [
    ...edgesOf(inputs.devices),
    ...edgesOf(inputs.obligations),
    ...inputs.obligations.map(({ dueAt }) => dueAt),
    ...edgesOf(inputs.units),
  ];
  const judge = (at: number) => ({ value: personAt(inputs, at), next: nextAfter(edges, at) });
  return walk(from, now, judge, (one, other) => one.state === other.state && one.orgId === other.orgId);
}

function personAt({ devices, obligations, units }: PersonInputs, at: number): StandingVerdict | undefined {
  const held = devices.filter((device) => covers(device, at));
  const overdue = overdueAt(obligations, at);
  if (held.length === 0 && overdue.length === 0) return undefined;
  const orgId = units.find((unit) => covers(unit, at))?.orgId ?? '';
  return { ...(foldPerson(held, overdue) satisfies Verdict), custodyId: null, orgId };
}

/** What somebody should have done by then, as reasons of a verdict. */
export function overdueAt(obligations: readonly ObligationSpan[], at: number): string[] {
  return obligations.filter((one) => covers(one, at) && one.dueAt <= at).map(wordsOf);
}

function wordsOf({ title, dueAt }: ObligationSpan): string {
  return `${title}: was due on ${lastDayWords(dueAt, undefined)}`.slice(0, 500);
}
