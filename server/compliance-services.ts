import type { ServiceBase } from './base.ts';
import { ComplianceService } from './compliance/compliance-service.ts';
import { ComplianceHistoryService } from './compliance/history.ts';
import { complianceDefaults } from './compliance/judge.ts';
import { ObligationService } from './compliance/obligations.ts';
import { DistrictCompliancePolicy } from './compliance/policy.ts';
import { PolicyPreviews } from './compliance/preview.ts';
import { RestrictionService } from './compliance/restrictions.ts';
import { WaiverService } from './compliance/waivers.ts';
import { serverVersion } from './version.ts';

/** Verdicts, what follows from them, and what they were. */
export function createComplianceServices({ config, failed, ...parts }: ServiceBase) {
  const { stores, clock } = parts;
  const parameters = {
    ...complianceDefaults,
    silentAfterMs: config.silentAfterDays * 86_400_000,
    oldestAgent: serverVersion,
  };
  const compliance = new ComplianceService({
    ...parts,
    parameters,
    onError: failed('verdicts could not be brought up to date'),
  });
  return {
    compliance,
    history: new ComplianceHistoryService({
      ...{ stores, clock, serverSays: { 'agent-current': { oldest: serverVersion } } },
      previews: new PolicyPreviews({
        ...{ stores, clock, names: stores.history.names, parameters },
        cases: (ids) => compliance.cases(ids),
      }),
    }),
    compliancePolicy: new DistrictCompliancePolicy(parts),
    waivers: new WaiverService({ ...parts, onError: failed('waivers could not be ended') }),
    restrictions: new RestrictionService({
      ...{ ...parts, judged: (deviceIds: readonly string[]) => compliance.judged(deviceIds) },
      onError: failed('restrictions could not be brought up to date'),
    }),
    obligations: new ObligationService({ ...parts, onError: failed('obligations could not be followed') }),
  };
}
