import type { PolicyStep } from '../../shared/api/schemas.ts';
import { differencesOf } from './differences.ts';
import { compared, fingerprintOf, keyOf, type PolicyObject } from './objects.ts';

/** What there is on the server by one name. */
export interface LiveObject extends Omit<PolicyObject, 'document'> {
  /** What is published; null: nothing is, though the name is taken. Drafts are nobody's policy, and stay as they are. */
  document: unknown;
  /** Nobody has decided it yet: the document is what holds until then. */
  isInitial?: boolean;
}

/** Remembered in place of a fingerprint where the folder took the object away. */
export const gone = 'gone';

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

/**
 * What becomes of each object: those wanted in their order, then those to be taken away in the opposite one, so that
 * nothing loses what it uses. Pure.
 */
export function planOf({ live, wanted, known, prune }: PlanQuestion): PlannedStep[] {
  const there = new Map(live.map((object) => [keyOf(object), object]));
  const steps = wanted.map((object) => stepOf(object, there.get(keyOf(object)), known));
  if (!prune) return steps;
  const kept = new Set(wanted.map(keyOf));
  const removed = live.filter((object) => canGo(object) && !kept.has(keyOf(object)));
  return [...steps, ...removed.toReversed().map((object) => removalOf(object, known))];
}

/**
 * That a plan takes away more than half of what there is: rather a folder that is not whole than a wish. Undefined: it does
 * not. Pure.
 */
export function sweepWords(steps: readonly PlannedStep[]): string | undefined {
  const there = steps.filter(({ object, action }) => action !== 'create' && canGo(object));
  const { length } = there.filter(({ action }) => action === 'remove');
  if (length * 2 <= there.length) return undefined;
  return `This would take away ${length} of the ${there.length} profiles, groups, calendars and lists. If the folder is whole and that is meant, say --yes.`;
}

/** There is always one of these, and what is not published is nobody's policy. */
function canGo({ kind, document }: Pick<LiveObject, 'kind' | 'document'>): boolean {
  return document !== null && kind !== 'compliance' && kind !== 'filter' && kind !== 'publishing';
}

type Known = PlanQuestion['known'];

function stepOf(object: PolicyObject, live: LiveObject | undefined, known: Known): PlannedStep {
  const key = keyOf(object);
  const is = live && live.document !== null ? fingerprintOf(live) : undefined;
  const wanted = fingerprintOf(object);
  if (is === wanted) return { object, action: 'unchanged', differences: [], changedHere: false };
  const before = known(key);
  const isKnown = is === undefined ? before.length === 0 || before.includes(gone) : before.includes(is);
  const changedHere = !isKnown && !live?.isInitial;
  if (is === undefined) return { object, action: 'create', differences: [], changedHere };
  return {
    object,
    action: 'update',
    differences: differencesOf(compared(live?.document), compared(object.document)),
    changedHere,
  };
}

function removalOf(live: LiveObject, known: Known): PlannedStep {
  const changedHere = !known(keyOf(live)).includes(fingerprintOf(live));
  return { object: live, action: 'remove', differences: [], changedHere };
}
