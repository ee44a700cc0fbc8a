import { complianceRoutes } from './routes/compliance.ts';
import { devicesRoutes } from './routes/devices.ts';
import { escrowRoutes } from './routes/escrow.ts';
import { exportRoutes } from './routes/exports.ts';
import { filterRoutes } from './routes/filter.ts';
import { historyRoutes } from './routes/history.ts';
import { listsRoutes } from './routes/lists.ts';
import { lookingRoutes } from './routes/looking.ts';
import { obligationRoutes } from './routes/obligations.ts';
import { profilesRoutes } from './routes/profiles.ts';
import { restrictionRoutes } from './routes/restrictions.ts';
import { rosterRoutes } from './routes/roster.ts';
import { sessionRoutes } from './routes/session.ts';

/** Every route of the console's port, by name. */
export const routes = {
  ...sessionRoutes,
  ...lookingRoutes,
  ...devicesRoutes,
  ...profilesRoutes,
  ...listsRoutes,
  ...filterRoutes,
  ...complianceRoutes,
  ...historyRoutes,
  ...exportRoutes,
  ...obligationRoutes,
  ...restrictionRoutes,
  ...escrowRoutes,
  ...rosterRoutes,
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
