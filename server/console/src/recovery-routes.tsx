import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { pagingOrFirst, shell } from './shell-route.tsx';

const recovery = createRoute({
  getParentRoute: () => shell,
  path: '/recovery',
  validateSearch: pagingOrFirst,
  component: lazyRouteComponent(() => import('./pages/recovery/recovery-page.tsx'), 'RecoveryPage'),
});

/** The pages on recovery keys. */
export const recoveryRoutes = [recovery] as const;
