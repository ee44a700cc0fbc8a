import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shell } from './shell-route.tsx';

const groups = createRoute({
  getParentRoute: () => shell,
  path: '/groups',
  component: lazyRouteComponent(() => import('./pages/groups/groups-page.tsx'), 'GroupsPage'),
});

const group = createRoute({
  getParentRoute: () => shell,
  path: '/groups/$id',
  component: lazyRouteComponent(() => import('./pages/group/group-page.tsx'), 'GroupPage'),
});

/** Saved groups. */
export const groupRoutes = [groups, group] as const;
