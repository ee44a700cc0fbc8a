import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { verdictStates } from '../../../shared/compliance/verdict.ts';
import { personRoles } from '../../../shared/policy/selector.ts';
import { type CapabilityName, capabilityNames } from '../../../shared/profile/registry.ts';
import { pastInstant } from './as-of.ts';
import { auditRoutes } from './audit-routes.tsx';
import { complianceRoutes, type MomentSearch, momentOf } from './compliance-routes.tsx';
import { filterRoutes } from './filter-routes.tsx';
import { groupRoutes } from './group-routes.tsx';
import { helpdeskRoutes } from './helpdesk-routes.tsx';
import { interfaceRoutes } from './interface-routes.tsx';
import { recoveryRoutes } from './recovery-routes.tsx';
import { reviewRoutes } from './review-routes.tsx';
import { oneOf, returnPath, textOf } from './search.ts';
import { providerReturn, securityRoutes } from './security-routes.tsx';
import { type Paging, pagingOrFirst, root, shell } from './shell-route.tsx';
import { staffRoutes } from './staff-routes.tsx';
import { stepRoutes } from './step-routes.tsx';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search) => ({ return: returnPath(search.return) }),
  component: lazyRouteComponent(() => import('./pages/entry/sign-in.tsx'), 'SignInPage'),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('./pages/entry/set-up.tsx'), 'SetUpPage'),
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  validateSearch: (search: Record<string, unknown>): PeopleSearch => ({
    search: textOf(search.search, 100),
    role: oneOf(personRoles, search.role),
    org: textOf(search.org, 64),
    grade: textOf(search.grade, 20),
    verdict: oneOf(verdictStates, search.verdict),
    holdsDevice: oneOf(['true', 'false'], search.holdsDevice),
    at: pastInstant(search.at, Date.now()),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/people/people-page.tsx'), 'PeoplePage'),
});

const person = createRoute({
  getParentRoute: () => shell,
  path: '/people/$id',
  validateSearch: momentOf,
  component: lazyRouteComponent(() => import('./pages/person/person-page.tsx'), 'PersonPage'),
});

const devices = createRoute({
  getParentRoute: () => shell,
  path: '/devices',
  validateSearch: (search: Record<string, unknown>): DevicesSearch => ({
    search: textOf(search.search, 100),
    platform: oneOf(['linux', 'darwin', 'win32'], search.platform),
    org: textOf(search.org, 64),
    tag: textOf(search.tag, 60),
    status: oneOf(['held', 'active', 'revoked'], search.status),
    verdict: oneOf(verdictStates, search.verdict),
    connected: oneOf(['true', 'false'], search.connected),
    at: pastInstant(search.at, Date.now()),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/devices/devices-page.tsx'), 'DevicesPage'),
});

const device = createRoute({
  getParentRoute: () => shell,
  path: '/devices/$id',
  validateSearch: (search: Record<string, unknown>): DeviceSearch => ({
    tab: oneOf(deviceTabs, search.tab),
    ...momentOf(search),
  }),
  component: lazyRouteComponent(() => import('./pages/device/device-page.tsx'), 'DevicePage'),
});

const profiles = createRoute({
  getParentRoute: () => shell,
  path: '/profiles',
  component: lazyRouteComponent(() => import('./pages/profiles/profiles-page.tsx'), 'ProfilesPage'),
});

const profile = createRoute({
  getParentRoute: () => shell,
  path: '/profiles/$id',
  validateSearch: (search: Record<string, unknown>): ProfileSearch => ({
    tab: oneOf(profileTabs, search.tab),
    part: capabilityNames.find((name) => name === search.part),
  }),
  component: lazyRouteComponent(() => import('./pages/profile/profile-page.tsx'), 'ProfilePage'),
});

const enrolment = createRoute({
  getParentRoute: () => shell,
  path: '/enrolment',
  component: lazyRouteComponent(() => import('./pages/enrolment/enrolment-page.tsx'), 'EnrolmentPage'),
});

const importing = createRoute({
  getParentRoute: () => shell,
  path: '/import',
  component: lazyRouteComponent(() => import('./pages/import/import-page.tsx'), 'ImportPage'),
});

const events = createRoute({
  getParentRoute: () => shell,
  path: '/events',
  validateSearch: (search: Record<string, unknown>): Paging => pagingOrFirst(search),
  component: lazyRouteComponent(() => import('./pages/events/events-page.tsx'), 'EventsPage'),
});

export const deviceTabs = ['health', 'settings', 'helpdesk', 'history'] as const;
export const profileTabs = ['edit', 'reach', 'landing', 'revisions'] as const;

export interface ProfileSearch {
  tab?: (typeof profileTabs)[number] | undefined;
  /** The capability whose settings are shown. */
  part?: CapabilityName | undefined;
}

export interface DeviceSearch extends MomentSearch {
  tab?: (typeof deviceTabs)[number] | undefined;
}

export interface PeopleSearch extends Paging {
  search?: string | undefined;
  role?: (typeof personRoles)[number] | undefined;
  org?: string | undefined;
  grade?: string | undefined;
  verdict?: (typeof verdictStates)[number] | undefined;
  holdsDevice?: 'true' | 'false' | undefined;
  /** Verdicts and custody as of then; now when left out. */
  at?: string | undefined;
}

export interface DevicesSearch extends Paging {
  search?: string | undefined;
  platform?: 'linux' | 'darwin' | 'win32' | undefined;
  org?: string | undefined;
  tag?: string | undefined;
  status?: 'held' | 'active' | 'revoked' | undefined;
  verdict?: (typeof verdictStates)[number] | undefined;
  connected?: 'true' | 'false' | undefined;
  at?: string | undefined;
}

export const routeTree = root.addChildren([
  signIn,
  setUp,
  providerReturn,
  shell.addChildren([
    overview,
    people,
    person,
    devices,
    device,
    profiles,
    profile,
    ...auditRoutes,
    ...groupRoutes,
    ...helpdeskRoutes,
    ...filterRoutes,
    ...complianceRoutes,
    ...interfaceRoutes,
    ...staffRoutes,
    ...recoveryRoutes,
    ...reviewRoutes,
    ...securityRoutes,
    ...stepRoutes,
    enrolment,
    importing,
    events,
  ]),
]);
