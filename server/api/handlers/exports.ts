import type { Exports } from '../../services.ts';
import type { Handlers } from '../register.ts';

type ExportRoutes = 'exportCompliance' | 'exportPersonHistory' | 'exportEvidencePack';

export function exportHandlers({ exports }: { exports: Exports }): Pick<Handlers, ExportRoutes> {
  return {
    exportCompliance: ({ query, caller: { actor, sight } }) => exports.compliance({ ...query, sight }, actor),
    exportPersonHistory: ({ params, query, caller }) => exports.personHistory(params.id, query, caller.actor),
    exportEvidencePack: ({ query, caller }) => exports.evidencePack(query, caller.actor),
  };
}
