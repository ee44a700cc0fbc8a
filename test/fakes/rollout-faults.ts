import { usualPlan } from '../../shared/policy/rollout-plan.ts';
import { type Course, type Fault, runRollout } from './rollout-world.ts';

const usuallyAway = 0.08;

export interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
  /** Share of devices that are away on a day. */
  readonly away: number;
}

const fault = (name: string, gate: Fault['gate'], strikes: Fault['strikes'], away = usuallyAway): FaultCase => ({
  ...{ name, away },
  fault: { gate, strikes },
});

/** Faults of known rates, as a careless save or a bad build makes them. */
export const faultCases: readonly FaultCase[] = [
  fault('it fails everywhere', 'failed-sections', () => true),
  fault('it fails on one device in twenty', 'failed-sections', ({ luck }) => luck < 0.05),
  fault('it breaks 1 % of the models', 'failed-sections', ({ model }) => model === 45),
  fault('memory leaks slowly', 'agent-memory', ({ luck, hoursWithIt }) => hoursWithIt > 10 + luck * 60),
  fault('it breaks on Mondays alone', 'failed-sections', ({ luck, weekday }) => weekday === 0 && luck < 0.2),
  fault('the agent crashes on one in ten, 60 % offline', 'agent-crashes', ({ luck }) => luck < 0.1, 0.6),
  fault('one in ten falls silent', 'lost-check-ins', ({ luck }) => luck < 0.1),
  fault('a quarter starts slowly', 'boot-time', ({ luck }) => luck < 0.25),
  fault('the filter leaks on one in sixteen', 'filter-probes', ({ luck }) => luck < 1 / 16),
];

export const devices = 20_000;

export function coursesOf({ fault, away }: FaultCase, runs: number): Course[] {
  return seeds(runs).map((seed) => runRollout({ ...{ devices, away, seed, fault }, plan: usualPlan }));
}

export function healthyCourses(runs: number): Course[] {
  return seeds(runs).map((seed) => runRollout({ ...{ devices, away: usuallyAway, seed }, plan: usualPlan }));
}

const seeds = (runs: number) => Array.from({ length: runs }, (_, index) => index + 1);

/** The middle one; of none: NaN. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
