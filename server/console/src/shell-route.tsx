import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router';
import { mayCall } from '../../../shared/access/may-call.ts';
import type { RouteName } from '../../../shared/api/routes.ts';
import { NotFound, RouteError } from './components/dead-ends.tsx';
import { firstPage } from './components/navigation.tsx';
import { Shell } from './components/shell.tsx';
import { queries } from './queries.ts';
import { returnPath, textOf } from './search.ts';

export const root = createRootRouteWithContext<{ client: QueryClient }>()({
  errorComponent: RouteError,
  notFoundComponent: NotFound,
});

/** Everything that needs a signed-in member of staff. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData(queries.session());
    if (session.setupNeeded) throw redirect({ to: '/set-up' });
    if (!session.staff) throw redirect({ to: '/sign-in', search: { return: returnPath(location.href) } });
    const may = (name: RouteName) => mayCall(session.access, name);
    const first = location.pathname === '/' && !may('readOverview') ? firstPage(may) : undefined;
    if (first !== undefined) throw redirect({ to: first });
  },
});

/** Where in a long list one is; without a cursor at its beginning. */
export interface Paging {
  cursor?: string | undefined;
  page?: number | undefined;
}

export function pagingOrFirst(search: Record<string, unknown>): Paging {
  const cursor = textOf(search.cursor);
  return cursor ? { cursor, page: Math.max(1, Number.parseInt(String(search.page), 10) || 1) } : {};
}
