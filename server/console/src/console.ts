import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { ApiError, call } from './api.ts';
import { RouteError } from './components/dead-ends.tsx';
import { Invalidation } from './invalidation.ts';
import { LiveConnection } from './live.ts';
import { queries } from './queries.ts';
import { routeTree } from './router.tsx';
import { parseSearch, stringifySearch } from './search.ts';

/** A refused session anywhere brings the sign-in page, which returns here afterwards. */
function onError(error: unknown): void {
  if (!(error instanceof ApiError) || !['not-signed-in', 'second-factor-needed'].includes(error.code)) return;
  const session = client.getQueryData(queries.session().queryKey);
  if (!session?.staff) return;
  client.setQueryData(queries.session().queryKey, { ...session, staff: null });
  void router.invalidate();
}

export const client = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && (error.status === 0 || error.status > 500),
    },
  },
});

const invalidation = new Invalidation(client);

export const live = new LiveConnection({
  ticket: () =>
    call('liveTicket', {}).then(
      ({ ticket }) => ticket,
      (error: unknown) => {
        onError(error);
        throw error;
      },
    ),
  onChanged: (topic, id) => invalidation.changed(topic, id),
  onGap: () => invalidation.everything(),
});

export const router = createRouter({
  routeTree,
  context: { client },
  parseSearch,
  stringifySearch,
  defaultErrorComponent: RouteError,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
