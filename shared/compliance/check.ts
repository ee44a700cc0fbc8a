import type Type from 'typebox';
import { validator } from '../schema.ts';
import type { DeviceFacts, FactName } from './facts.ts';
import type { CheckFinding, CheckSeverity, FindingStatus } from './verdict.ts';

/** What a check says of one observation; the rest of the finding is the same each time. */
export interface Outcome {
  status: FindingStatus;
  expected: string;
  /** Short, and the same on every device in the same condition, so that reasons can be counted. */
  actual: string;
}

/** The words of a check. */
export interface CheckWords {
  /** Stable: stored verdicts and policies name it. */
  check: string;
  title: string;
  /** Why it matters, for the person whose device it is. */
  why: string;
  /** What that person can do, without rights or tools. */
  fix: string;
  /** What a technician does, with the place in the system. */
  fixTechnician?: string;
  /** Recommendations of the CIS benchmarks by system; absent where there is none. */
  cis?: { readonly linux?: string; readonly windows?: string; readonly macos?: string };
}

/** One check of the library, ready to be asked. */
export interface Check extends CheckWords {
  /** What a failure weighs where a policy asks for the check. */
  severity: CheckSeverity;
  parameters: Type.TSchema;
  defaults: Readonly<Record<string, unknown>>;
  /** What devices report that `observe` looks at: each new value is judged, as of the time it speaks of. */
  reads: readonly FactName[];
  /** The part of what is known of a device that this check looks at; undefined: never reported. */
  observe(facts: DeviceFacts): unknown;
  /**
   * When the outcome of this observation may next be another although nothing is reported: after `now`, epoch ms; `null`:
   * never. Absent on checks that time alone does not turn. Takes what `evaluate` takes.
   */
  turnsAt?(observation: unknown, parameters: Readonly<Record<string, unknown>>, now: number): number | null;
  /**
   * Pure. An observation that is absent or that the schema does not know is `unknown`. `parameters` replaces some of the
   * defaults; throws a RangeError when they do not fit the schema.
   */
  evaluate(observation: unknown, parameters: Readonly<Record<string, unknown>>, now: number): Outcome;
}

/** How a check is written: `evaluate` sees only observations and parameters that fit their schemas. */
export interface CheckDefinition<O extends Type.TSchema, P extends Type.TSchema> extends CheckWords {
  severity: CheckSeverity;
  observation: O;
  parameters: P;
  defaults: Type.Static<P> & Readonly<Record<string, unknown>>;
  /** What passes, in words. */
  expected(parameters: Type.Static<P>): string;
  reads: readonly FactName[];
  observe(facts: DeviceFacts): unknown;
  evaluate(observation: Type.Static<O>, parameters: Type.Static<P>, now: number): Omit<Outcome, 'expected'>;
  /** Every moment (epoch ms) at which time alone gives the observation another outcome. */
  turnsAt?(observation: Type.Static<O>, parameters: Type.Static<P>): readonly number[];
}

/** A check from its definition: missing and malformed observations are `unknown` here, once for all. */
export function defineCheck<const N extends string, O extends Type.TSchema, P extends Type.TSchema>(
  definition: CheckDefinition<O, P> & { check: N },
): Check & { check: N } {
  const { observation: observationSchema, expected, turnsAt, ...rest } = definition;
  const observed = validator(observationSchema);
  const accepted = validator(definition.parameters);
  return {
    ...rest,
    evaluate(observation, given, now) {
      const parameters: unknown = { ...definition.defaults, ...given };
      if (!accepted.check(parameters))
        throw new RangeError(`Parameters of ${definition.check}: ${accepted.problems(parameters).join('; ')}`);
      const words = expected(parameters);
      if (observation === undefined) return { status: 'unknown', expected: words, actual: 'not reported yet' };
      if (!observed.check(observation))
        return { status: 'unknown', expected: words, actual: 'reported in a form this server cannot read' };
      return { expected: words, ...definition.evaluate(observation, parameters, now) };
    },
    ...(turnsAt && {
      turnsAt(observation, given, now) {
        const parameters: unknown = { ...definition.defaults, ...given };
        if (!observed.check(observation) || !accepted.check(parameters)) return null;
        const later = turnsAt(observation, parameters).filter((moment) => moment > now && Number.isFinite(moment));
        return later.length === 0 ? null : Math.min(...later);
      },
    }),
  };
}

/** The outcome for an observation that names a state: `unknown` says why, the others what the table says. */
export function byState<S extends string>(
  { state, evidence }: { state: S; evidence: string },
  said: Record<Exclude<S, 'unknown'>, readonly [FindingStatus, string]>,
): Omit<Outcome, 'expected'> {
  if (state === 'unknown') return { status: 'unknown', actual: `not known (${evidence})` };
  const [status, actual] = said[state as Exclude<S, 'unknown'>];
  return { status, actual };
}

const longest = 500;

/** The finding a person reads. `severity` is what it weighs here: a check that only informs is minor. */
export function findingOf(
  { check, title, why, fix, fixTechnician, cis }: CheckWords,
  { status, expected, actual }: Outcome,
  severity: CheckSeverity,
): CheckFinding {
  const reference = referenceOf(cis);
  return {
    check,
    title,
    why,
    fix,
    status,
    severity,
    expected: expected.slice(0, longest),
    actual: actual.slice(0, longest),
    ...(fixTechnician === undefined ? {} : { fixTechnician }),
    ...(reference === undefined ? {} : { reference }),
  };
}

/** A finding as the reason of a verdict: `Firewall: off`, and until when that is let pass. */
export function reasonOf({ title, actual }: CheckFinding, letPass?: string): string {
  const until = letPass === undefined ? '' : ` (${letPass})`;
  return `${title}: ${actual}`.slice(0, longest - until.length) + until;
}

const systems = { linux: 'Linux', windows: 'Windows', macos: 'macOS' } as const;

/** Recommendations by system, in one line; undefined where there is none. */
export function referenceOf(cis: CheckWords['cis']): string | undefined {
  const named = (Object.keys(systems) as (keyof typeof systems)[]).flatMap((system) =>
    cis?.[system] === undefined ? [] : [`${systems[system]} ${cis[system]}`],
  );
  return named.length === 0 ? undefined : `CIS benchmarks: ${named.join(', ')}`;
}
