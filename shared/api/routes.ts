import { apiTokenRoutes } from './routes/api-tokens.ts';
import { auditRoutes } from './routes/audit.ts';
import { changeRoutes } from './routes/changes.ts';
import { commandRoutes } from './routes/commands.ts';
import { complianceRoutes } from './routes/compliance.ts';
import { devicesRoutes } from './routes/devices.ts';
import { diagnosisRoutes } from './routes/diagnoses.ts';
import { escrowRoutes } from './routes/escrow.ts';
import { explainRoutes } from './routes/explain.ts';
import { exportRoutes } from './routes/exports.ts';
import { filterRoutes } from './routes/filter.ts';
import { groupRoutes } from './routes/groups.ts';
import { historyRoutes } from './routes/history.ts';
import { listsRoutes } from './routes/lists.ts';
import { lookingRoutes } from './routes/looking.ts';
import { obligationRoutes } from './routes/obligations.ts';
import { policyCodeRoutes } from './routes/policy-code.ts';
import { profilesRoutes } from './routes/profiles.ts';
import { restrictionRoutes } from './routes/restrictions.ts';
import { rolloutRoutes } from './routes/rollouts.ts';
import { rosterRoutes } from './routes/roster.ts';
import { securityRoutes } from './routes/security.ts';
import { sessionRoutes } from './routes/session.ts';
import { staffRoutes } from './routes/staff.ts';
import { ticketRoutes } from './routes/tickets.ts';
import { webhookRoutes } from './routes/webhooks.ts';

/** Every route of the console's port, by name. */
export const routes = {
  ...sessionRoutes,
  ...lookingRoutes,
  ...devicesRoutes,
  ...profilesRoutes,
  ...groupRoutes,
  ...changeRoutes,
  ...rolloutRoutes,
  ...explainRoutes,
  ...policyCodeRoutes,
  ...listsRoutes,
  ...filterRoutes,
  ...complianceRoutes,
  ...historyRoutes,
  ...exportRoutes,
  ...obligationRoutes,
  ...restrictionRoutes,
  ...escrowRoutes,
  ...rosterRoutes,
  ...apiTokenRoutes,
  ...webhookRoutes,
  ...securityRoutes,
  ...staffRoutes,
  ...auditRoutes,
  ...ticketRoutes,
  ...diagnosisRoutes,
  ...commandRoutes,
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
