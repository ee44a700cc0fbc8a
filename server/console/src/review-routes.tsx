import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { changeStates } from '../../../shared/api/schemas.ts';
import { oneOf, textOf } from './search.ts';
import { type Paging, pagingOrFirst, shell } from './shell-route.tsx';

export interface ChangesSearch extends Paging {
  /** `waits`: those that the reader may approve. */
  state?: (typeof changeStates)[number] | 'waits' | undefined;
}

const changes = createRoute({
  getParentRoute: () => shell,
  path: '/changes',
  validateSearch: (search: Record<string, unknown>): ChangesSearch => ({
    state: oneOf([...changeStates, 'waits'], search.state),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/changes/changes-page.tsx'), 'ChangesPage'),
});

/** Which devices of a preview are listed. */
export interface TouchedSearch extends Paging {
  org?: string | undefined;
  /** `capability.setting` */
  setting?: string | undefined;
}

const touchedOf = (search: Record<string, unknown>): TouchedSearch => ({
  org: textOf(search.org, 255),
  setting: textOf(search.setting, 101),
  ...pagingOrFirst(search),
});

export interface NewChangeSearch extends TouchedSearch {
  /** Ids of profiles and of groups with a draft, separated by commas. */
  profile?: string | undefined;
  group?: string | undefined;
}

const newChange = createRoute({
  getParentRoute: () => shell,
  path: '/changes/new',
  validateSearch: (search: Record<string, unknown>): NewChangeSearch => ({
    profile: textOf(search.profile, 2000),
    group: textOf(search.group, 2000),
    ...touchedOf(search),
  }),
  component: lazyRouteComponent(() => import('./pages/changes/new-change-page.tsx'), 'NewChangePage'),
});

const change = createRoute({
  getParentRoute: () => shell,
  path: '/changes/$id',
  validateSearch: touchedOf,
  component: lazyRouteComponent(() => import('./pages/changes/change-page.tsx'), 'ChangePage'),
});

export interface RolloutsSearch extends Paging {
  show?: 'live' | undefined;
}

const rollouts = createRoute({
  getParentRoute: () => shell,
  path: '/rollouts',
  validateSearch: (search: Record<string, unknown>): RolloutsSearch => ({
    show: oneOf(['live'], search.show),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/rollouts/rollouts-page.tsx'), 'RolloutsPage'),
});

const rollout = createRoute({
  getParentRoute: () => shell,
  path: '/rollouts/$id',
  component: lazyRouteComponent(() => import('./pages/rollouts/rollout-page.tsx'), 'RolloutPage'),
});

const publishing = createRoute({
  getParentRoute: () => shell,
  path: '/publishing',
  component: lazyRouteComponent(() => import('./pages/publishing/publishing-page.tsx'), 'PublishingPage'),
});

/** The pages on which a change is reviewed, and on which it goes out. */
export const reviewRoutes = [changes, newChange, change, rollouts, rollout, publishing] as const;
