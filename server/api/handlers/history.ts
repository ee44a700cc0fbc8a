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
    readComplianceMap: ({ query }) => history.map(query),
    readComplianceTrend: ({ query }) => history.trend(query),
    readComplianceMeasures: ({ query }) => history.measures(query),
    listChecks: async () => ({ items: await history.checks() }),
    listCheckSubjects: ({ params, query }) => history.checkSubjects(params.check, query),
    readDeviceHistory: ({ params, query }) => history.ofDevice(params.id, query),
    readPersonHistory: ({ params, query }) => history.ofPerson(params.id, query),
    previewCompliancePolicy: ({ body, gone }) => history.preview(body.policy, gone),
  };
}
