import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { obligationKinds } from '../../../shared/api/schemas.ts';
import { oneOf, textOf } from './search.ts';
import { type Paging, pagingOrFirst, shell } from './shell-route.tsx';

export interface RestrictionsSearch extends Paging {
  show?: 'past' | undefined;
}

const restrictions = createRoute({
  getParentRoute: () => shell,
  path: '/restrictions',
  validateSearch: (search: Record<string, unknown>): RestrictionsSearch => ({
    show: oneOf(['past'], search.show),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/restrictions/restrictions-page.tsx'), 'RestrictionsPage'),
});

export interface ObligationsSearch extends Paging {
  state?: 'overdue' | 'ended' | undefined;
  kind?: (typeof obligationKinds)[number] | undefined;
  search?: string | undefined;
}

const obligations = createRoute({
  getParentRoute: () => shell,
  path: '/obligations',
  validateSearch: (search: Record<string, unknown>): ObligationsSearch => ({
    state: oneOf(['overdue', 'ended'], search.state),
    kind: oneOf(obligationKinds, search.kind),
    search: textOf(search.search, 100),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/obligations/obligations-page.tsx'), 'ObligationsPage'),
});

/** What follows a failure, and what people owe. */
export const stepRoutes = [restrictions, obligations] as const;
