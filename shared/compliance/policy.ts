import Type from 'typebox';
import type { Groups } from '../policy/group.ts';
import { matches } from '../policy/match.ts';
import { Selector } from '../policy/selector.ts';
import type { PolicySubject } from '../policy/subject.ts';
import { choice, strictObject, text } from '../schema.ts';
import type { CheckSeverity } from './verdict.ts';

/** The name under which a policy and a waiver speak of all settings that must be in force and proved. */
export const settingsInForce = 'policy-verified';

const GraceDays = Type.Integer({ minimum: 0, maximum: 60 });

/** What a district decides about one check; `null`: what the library says. */
export const CheckPolicy = strictObject({
  check: text(60, { minLength: 1 }),
  /** Whether a failure turns the verdict; else it only informs. */
  counts: Type.Boolean(),
  /** School days to put a failure right. */
  graceDays: Type.Union([GraceDays, Type.Null()]),
  severity: Type.Union([choice(['critical', 'major']), Type.Null()]),
  /** Whom it binds; absent or empty: everybody. Of whom nothing is known it binds, for unknown is never no. */
  binds: Type.Optional(Type.Array(Selector, { maxItems: 20 })),
  /** Replaces some of the check's own parameters; held to the check's schema when it is saved. */
  parameters: Type.Optional(Type.Record(text(60), Type.Unknown(), { maxProperties: 20 })),
});
export type CheckPolicy = Type.Static<typeof CheckPolicy>;

/** What follows a failure: the person is warned at once, reminded before the grace ends, and restricted some days after. */
export const ComplianceSteps = strictObject({
  /** School days before the end of the grace on which people are reminded; 0: never. */
  remindDays: Type.Integer({ minimum: 0, maximum: 20 }),
  /** `null`: nobody is ever restricted. */
  restrict: Type.Union([
    strictObject({
      /** A profile of a web filter or browser alone, applied until the device is put right. */
      profileId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
      /** School days after the grace is over. */
      afterDays: Type.Integer({ minimum: 0, maximum: 60 }),
    }),
    Type.Null(),
  ]),
});
export type ComplianceSteps = Type.Static<typeof ComplianceSteps>;

/** What holds where a policy says nothing of steps. */
export const defaultSteps: ComplianceSteps = { remindDays: 1, restrict: null };

/** What a district decides about compliance. A check it does not name is as the library has it. */
export const CompliancePolicy = strictObject({
  /** School days to put a failure right, where a check has no number of its own. */
  graceDays: GraceDays,
  checks: Type.Array(CheckPolicy, { maxItems: 100 }),
  steps: Type.Optional(ComplianceSteps),
  /** School days within which somebody who leaves the roster brings their device back; 0: it is not asked. */
  returnDays: Type.Optional(GraceDays),
});
export type CompliancePolicy = Type.Static<typeof CompliancePolicy>;

/** Where a policy says nothing of what leavers owe. */
export const defaultReturnDays = 5;

/** What holds until a district decides otherwise. */
export const compliancePolicyDefaults: CompliancePolicy = { graceDays: 5, checks: [] };

/**
 * The checks that turn a verdict without a policy of the district: what it has always promised families, whether the
 * filter really blocks, and the one right that undoes all the others. Every other check informs until a policy asks for it: an old battery or a system out of support
 * is for the technician, and no fault of the person.
 */
export const countsByDefault: ReadonlySet<string> = new Set([
  settingsInForce,
  'agent-current',
  'disk-encrypted',
  'firewall-on',
  'filter-measured',
  'not-local-admin',
]);

/** What a policy makes of one check. */
export interface Demand {
  counts: boolean;
  /** `minor` where the check only informs. */
  severity: CheckSeverity;
  /** School days; a critical failure has none. */
  graceDays: number;
}

/**
 * `check` may be that of one section, `policy-verified:browser`; `severity` is the library's. Without a subject: of
 * somebody whom the check binds.
 */
export function demandOf(
  policy: CompliancePolicy,
  check: string,
  severity: CheckSeverity,
  subject?: PolicySubject,
  groups?: Groups,
): Demand {
  const name = policyName(check);
  const own = policy.checks.find((one) => one.check === name);
  const counts = (own?.counts ?? countsByDefault.has(name)) && (subject === undefined || isBound(own, subject, groups));
  if (!counts) return { counts: false, severity: 'minor', graceDays: 0 };
  const weighs = own?.severity ?? (severity === 'minor' ? 'major' : severity);
  return {
    counts: true,
    severity: weighs,
    graceDays: weighs === 'critical' ? 0 : (own?.graceDays ?? policy.graceDays),
  };
}

/** Whom no selector leaves out for certain is bound: unknown is never no. */
function isBound(own: CheckPolicy | undefined, subject: PolicySubject, groups: Groups | undefined): boolean {
  const binds = own?.binds ?? [];
  return binds.length === 0 || binds.some((selector) => matches(selector, subject, groups) !== false);
}

/** What a policy sets of a check's own parameters. */
export function parametersOf(policy: CompliancePolicy, check: string): Readonly<Record<string, unknown>> {
  return policy.checks.find((one) => one.check === policyName(check))?.parameters ?? {};
}

/** Under which name a policy speaks of a finding's check. */
export function policyName(check: string): string {
  return check.startsWith(`${settingsInForce}:`) ? settingsInForce : check;
}
