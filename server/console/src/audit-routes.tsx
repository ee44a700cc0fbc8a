import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { oneOf, textOf } from './search.ts';
import { type Paging, pagingOrFirst, shell } from './shell-route.tsx';

export const auditTabs = ['rows', 'proof', 'keeping'] as const;
export const auditReads = ['only', 'without'] as const;

export interface AuditSearch extends Paging {
  tab?: (typeof auditTabs)[number] | undefined;
  actor?: string | undefined;
  code?: string | undefined;
  person?: string | undefined;
  object?: string | undefined;
  /** Days, `2026-11-22`, both included. */
  from?: string | undefined;
  to?: string | undefined;
  reads?: (typeof auditReads)[number] | undefined;
}

const day = (value: unknown) => {
  const text = textOf(value, 10);
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
};

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): AuditSearch => ({
    tab: oneOf(auditTabs, search.tab),
    actor: textOf(search.actor, 300),
    code: textOf(search.code, 64),
    person: textOf(search.person, 64),
    object: textOf(search.object, 64),
    from: day(search.from),
    to: day(search.to),
    reads: oneOf(auditReads, search.reads),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});

const auditRow = createRoute({
  getParentRoute: () => shell,
  path: '/audit/$id',
  component: lazyRouteComponent(() => import('./pages/audit/audit-row-page.tsx'), 'AuditRowPage'),
});

/** What happened and who looked. */
export const auditRoutes = [audit, auditRow] as const;
