import type { Check } from '../../shared/compliance/check.ts';
import { type CompliancePolicy, parametersOf } from '../../shared/compliance/policy.ts';
import type { PolicyRevision } from '../../shared/compliance/timeline.ts';
import { validator } from '../../shared/schema.ts';
import type { ComplianceParameters } from './judge.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** What replaces the defaults of a check at an instant: what this server says, and what the policy of then says. */
export function parametersAt(
  check: Check,
  policies: readonly PolicyRevision[],
  { oldestAgent }: Pick<ComplianceParameters, 'oldestAgent'>,
  at: number,
): Parameters {
  const server = check.check === 'agent-current' ? { oldest: oldestAgent } : none;
  const set = setBy(
    policies.findLast(({ from }) => from <= at),
    check,
  );
  return set === none ? server : { ...server, ...set };
}

const none: Parameters = {};
const sound = new WeakMap<CompliancePolicy, Map<string, Parameters>>();

/** What a check of this version cannot take, saved under an earlier one, is left out. */
function setBy(revision: PolicyRevision | undefined, check: Check): Parameters {
  if (!revision) return none;
  const { policy } = revision;
  const known = sound.get(policy) ?? new Map<string, Parameters>();
  sound.set(policy, known);
  const found = known.get(check.check) ?? soundParameters(parametersOf(policy, check.check), check);
  known.set(check.check, found);
  return found;
}

function soundParameters(set: Parameters, { parameters, defaults }: Check): Parameters {
  const isSet = Object.keys(set).length > 0;
  return isSet && validator(parameters).check({ ...defaults, ...set }) ? set : none;
}
