import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { requestStates } from '../../../shared/api/schemas.ts';
import { places } from '../../../shared/filter/place.ts';
import { oneOf, textOf } from './search.ts';
import { type Paging, pagingOrFirst, shell } from './shell-route.tsx';

/** `all` is every state; nothing said is what waits for an answer. */
export interface RequestsSearch extends Paging {
  state?: (typeof requestStates)[number] | 'all' | undefined;
  org?: string | undefined;
  search?: string | undefined;
}

const requests = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: (search: Record<string, unknown>): RequestsSearch => ({
    state: oneOf([...requestStates, 'all'], search.state),
    org: textOf(search.org, 64),
    search: textOf(search.search, 100),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/requests/requests-page.tsx'), 'RequestsPage'),
});

export interface ClassesSearch extends Paging {
  search?: string | undefined;
  org?: string | undefined;
}

const classes = createRoute({
  getParentRoute: () => shell,
  path: '/classes',
  validateSearch: (search: Record<string, unknown>): ClassesSearch => ({
    search: textOf(search.search, 100),
    org: textOf(search.org, 64),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/classes/classes-page.tsx'), 'ClassesPage'),
});

/** A question that a link can ask again. */
export interface NameTestSearch {
  name?: string | undefined;
  person?: string | undefined;
  device?: string | undefined;
  /** ISO 8601 with a zone; now when left out. */
  at?: string | undefined;
  place?: (typeof places)[number] | undefined;
}

const testName = createRoute({
  getParentRoute: () => shell,
  path: '/test-name',
  validateSearch: (search: Record<string, unknown>): NameTestSearch => ({
    name: textOf(search.name, 500),
    person: textOf(search.person, 64),
    device: textOf(search.device, 64),
    at: textOf(search.at, 30),
    place: oneOf(places, search.place),
  }),
  component: lazyRouteComponent(() => import('./pages/name-test/name-test-page.tsx'), 'NameTestPage'),
});

export interface OverridesSearch extends Paging {
  show?: 'past' | undefined;
}

const overrides = createRoute({
  getParentRoute: () => shell,
  path: '/overrides',
  validateSearch: (search: Record<string, unknown>): OverridesSearch => ({
    show: oneOf(['past'], search.show),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/overrides/overrides-page.tsx'), 'OverridesPage'),
});

const lists = createRoute({
  getParentRoute: () => shell,
  path: '/lists',
  component: lazyRouteComponent(() => import('./pages/lists/lists-page.tsx'), 'ListsPage'),
});

const report = createRoute({
  getParentRoute: () => shell,
  path: '/report',
  validateSearch: (search: Record<string, unknown>): { from?: string | undefined; to?: string | undefined } => ({
    from: textOf(search.from, 10),
    to: textOf(search.to, 10),
  }),
  component: lazyRouteComponent(() => import('./pages/report/report-page.tsx'), 'ReportPage'),
});

const calendar = createRoute({
  getParentRoute: () => shell,
  path: '/calendar',
  validateSearch: (search: Record<string, unknown>): { org?: string | undefined } => ({ org: textOf(search.org, 64) }),
  component: lazyRouteComponent(() => import('./pages/calendar/calendar-page.tsx'), 'CalendarPage'),
});

const filterSettings = createRoute({
  getParentRoute: () => shell,
  path: '/filter-settings',
  component: lazyRouteComponent(() => import('./pages/filter-settings/filter-settings-page.tsx'), 'FilterSettingsPage'),
});

/** The pages of the web filter. */
export const filterRoutes = [requests, classes, testName, overrides, lists, report, calendar, filterSettings] as const;
