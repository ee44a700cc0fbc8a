import type { PolicyStep } from '../../shared/api/schemas.ts';
import { differencesOf } from './differences.ts';
import { compared, fingerprintOf, keyOf, type PolicyObject } from './objects.ts';

/** What there is on the server by one name. */
export interface LiveObject extends Omit<PolicyObject, 'document'> {
  /** What is published; null: nothing is, though the name is taken. */
  document: unknown;
  /** What somebody is working on in the console; absent: nothing. */
  draft?: unknown;
}

/** One object as it is to be. */
export interface PlannedStep {
  object: PolicyObject;
  action: PolicyStep['action'];
  differences: string[];
  /** What is on the server is not what the folder knows of it. */
  changedHere: boolean;
}

export interface PlanQuestion {
  live: readonly LiveObject[];
  wanted: readonly PolicyObject[];
  /** Key → every fingerprint that the folder knows the object by. */
  known: (key: string) => readonly string[];
  /** Take away what is not wanted. */
  prune: boolean;
}

/** The keys under which what was proposed for an object is remembered, beside what was published. */
export const draftKeyOf = (object: Pick<PolicyObject, 'kind' | 'name'>) => `draft ${keyOf(object)}`;

/** The document of a draft says nothing of the description, which has none. */
export function draftFingerprint(document: unknown): string {
  const { description: _, ...content } = document as { description?: string };
  return fingerprintOf({ document: content });
}

/**
 * What becomes of each object: those wanted in their order, then those to be taken away in the opposite one, so that
 * nothing loses what it uses. Pure.
 */
export function planOf({ live, wanted, known, prune }: PlanQuestion): PlannedStep[] {
  const there = new Map(live.map((object) => [keyOf(object), object]));
  const steps = wanted.map((object) => stepOf(object, there.get(keyOf(object)), known));
  if (!prune) return steps;
  const kept = new Set(wanted.map(keyOf));
  const gone = live.filter((object) => canGo(object) && !kept.has(keyOf(object)));
  return [...steps, ...gone.toReversed().map((object) => removalOf(object, known))];
}

/** There is always one of these, and what is not published is nobody's policy. */
function canGo({ kind, document }: LiveObject): boolean {
  return document !== null && kind !== 'compliance' && kind !== 'filter' && kind !== 'publishing';
}

type Known = PlanQuestion['known'];

function stepOf(object: PolicyObject, live: LiveObject | undefined, known: Known): PlannedStep {
  const key = keyOf(object);
  const is = live && live.document !== null ? fingerprintOf(live) : undefined;
  const wanted = fingerprintOf(object);
  if (is === wanted) return { object, action: 'unchanged', differences: [], changedHere: false };
  const isKnown = is === undefined ? known(key).length === 0 : known(key).includes(is);
  const changedHere = !isKnown || isDraftOfOthers(object, live, known);
  if (is === undefined) return { object, action: 'create', differences: [], changedHere };
  return {
    object,
    action: 'update',
    differences: differencesOf(compared(live?.document), compared(object.document)),
    changedHere,
  };
}

function removalOf(live: LiveObject, known: Known): PlannedStep {
  const isKnown = known(keyOf(live)).includes(fingerprintOf(live));
  const changedHere = !isKnown || isDraftOfOthers(undefined, live, known);
  return { object: live, action: 'remove', differences: [], changedHere };
}

/** Somebody is at work on it, and would lose that. */
function isDraftOfOthers(wanted: PolicyObject | undefined, live: LiveObject | undefined, known: Known): boolean {
  if (live?.draft === undefined) return false;
  const draft = draftFingerprint(live.draft);
  const same = [live.document, wanted?.document].flatMap((document) => (document ? [draftFingerprint(document)] : []));
  return ![...same, ...known(draftKeyOf(live))].includes(draft);
}
