import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { findingStatuses } from '../../../shared/compliance/verdict.ts';
import { pastInstant, type SpanDays, spans } from './as-of.ts';
import { oneOf, textOf } from './search.ts';
import { type Paging, pagingOrFirst, shell } from './shell-route.tsx';

/** A moment of the past, or now; and over what length of time. */
export interface MomentSearch {
  at?: string | undefined;
  span?: SpanDays | undefined;
}

export const momentOf = (search: Record<string, unknown>): MomentSearch => ({
  at: pastInstant(search.at, Date.now()),
  span: oneOf(spans, search.span),
});

export interface ComplianceSearch extends MomentSearch {
  org?: string | undefined;
}

const compliance = createRoute({
  getParentRoute: () => shell,
  path: '/compliance',
  validateSearch: (search: Record<string, unknown>): ComplianceSearch => ({
    ...momentOf(search),
    org: textOf(search.org, 64),
  }),
  component: lazyRouteComponent(() => import('./pages/compliance/compliance-page.tsx'), 'CompliancePage'),
});

const checks = createRoute({
  getParentRoute: () => shell,
  path: '/compliance/checks',
  component: lazyRouteComponent(() => import('./pages/checks/checks-page.tsx'), 'ChecksPage'),
});

export interface CheckSearch extends ComplianceSearch, Paging {
  status?: (typeof findingStatuses)[number] | undefined;
}

const check = createRoute({
  getParentRoute: () => shell,
  path: '/compliance/checks/$check',
  validateSearch: (search: Record<string, unknown>): CheckSearch => ({
    ...momentOf(search),
    org: textOf(search.org, 64),
    status: oneOf(findingStatuses, search.status),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/checks/check-page.tsx'), 'CheckPage'),
});

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
export const complianceRoutes = [compliance, checks, check, waivers, policy] as const;
