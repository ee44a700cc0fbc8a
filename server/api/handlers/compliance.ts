import type { Services } from '../../services.ts';
import type { Handlers } from '../register.ts';

type ComplianceRoutes = 'readCompliancePolicy' | 'saveCompliancePolicy' | 'listWaivers' | 'createWaiver' | 'endWaiver';

export function complianceHandlers({ compliancePolicy, waivers }: Services): Pick<Handlers, ComplianceRoutes> {
  return {
    readCompliancePolicy: () => compliancePolicy.read(),
    saveCompliancePolicy: ({ body, caller }) => compliancePolicy.save(body.policy, body.version, caller.actor),
    listWaivers: ({ query, caller: { sight } }) => waivers.list({ ...query, sight }),
    createWaiver: ({ body, caller }) => waivers.create(body, caller.actor),
    endWaiver: ({ params, caller }) => waivers.end(params.id, caller.actor),
  };
}
