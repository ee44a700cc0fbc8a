import type { ComplianceHistory } from '../../services.ts';
import type { Handlers } from '../register.ts';

type HistoryRoutes =
  | 'readComplianceMap'
  | 'readComplianceTrend'
  | 'readComplianceMeasures'
  | 'listChecks'
  | 'listCheckSubjects'
  | 'readDeviceHistory'
  | 'readPersonHistory'
  | 'previewCompliancePolicy';

export function historyHandlers({ history }: { history: ComplianceHistory }): Pick<Handlers, HistoryRoutes> {
  return {
    readComplianceMap: ({ query, caller: { sight } }) => history.map({ ...query, sight }),
    readComplianceTrend: ({ query, caller: { sight } }) => history.trend({ ...query, sight }),
    readComplianceMeasures: ({ query, caller: { sight } }) => history.measures({ ...query, sight }),
    listChecks: async ({ caller }) => ({ items: await history.checks(caller.sight) }),
    listCheckSubjects: ({ params, query, caller: { sight } }) =>
      history.checkSubjects(params.check, { ...query, sight }),
    readDeviceHistory: ({ params, query }) => history.ofDevice(params.id, query),
    readPersonHistory: ({ params, query }) => history.ofPerson(params.id, query),
    previewCompliancePolicy: ({ body, gone }) => history.preview(body.policy, gone),
  };
}
