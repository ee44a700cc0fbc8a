import type { auditRoutes } from '../../../shared/api/routes/audit.ts';
import type { Services } from '../../services.ts';
import type { Handlers } from '../register.ts';

type AuditHandlers = Pick<Handlers, keyof typeof auditRoutes>;

export function auditHandlers({ audit, auditSettings, personErasures }: Services): AuditHandlers {
  return {
    listAudit: ({ query }) => audit.list(query),
    listAuditFilters: () => audit.choices(),
    readAuditEvent: ({ params }) => audit.one(params.id),
    readAuditHead: () => audit.head(),
    verifyAudit: ({ body, caller }) => audit.verify(body, caller.actor),
    exportAudit: ({ query, caller }) => audit.export(query, caller.actor),
    readAuditSettings: () => auditSettings.read(),
    saveAuditSettings: ({ body, caller }) => auditSettings.save(body.settings, body.version, caller.actor),
    listLooks: ({ params, query }) => audit.looks(params.id, query),
    listLeavers: ({ query }) => personErasures.leavers(query),
    erasePerson: ({ params, body, caller }) => personErasures.erase(params.id, body, caller.actor),
  };
}
