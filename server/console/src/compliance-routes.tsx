import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { oneOf } from './search.ts';
import { type Paging, pagingOrFirst, shell } from './shell-route.tsx';

export interface WaiversSearch extends Paging {
  show?: 'past' | undefined;
}

const waivers = createRoute({
  getParentRoute: () => shell,
  path: '/waivers',
  validateSearch: (search: Record<string, unknown>): WaiversSearch => ({
    show: oneOf(['past'], search.show),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/waivers/waivers-page.tsx'), 'WaiversPage'),
});

const policy = createRoute({
  getParentRoute: () => shell,
  path: '/compliance-policy',
  component: lazyRouteComponent(
    () => import('./pages/compliance-policy/compliance-policy-page.tsx'),
    'CompliancePolicyPage',
  ),
});

/** The pages on compliance. */
export const complianceRoutes = [waivers, policy] as const;
