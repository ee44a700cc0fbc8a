import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { deliveryStates } from '../../../shared/api/schemas.ts';
import { oneOf } from './search.ts';
import { type Paging, pagingOrFirst, shell } from './shell-route.tsx';

const apiTokens = createRoute({
  getParentRoute: () => shell,
  path: '/api-tokens',
  validateSearch: pagingOrFirst,
  component: lazyRouteComponent(() => import('./pages/api-tokens/api-tokens-page.tsx'), 'ApiTokensPage'),
});

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

export interface WebhookSearch extends Paging {
  state?: (typeof deliveryStates)[number] | undefined;
}

const webhook = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks/$id',
  validateSearch: (search: Record<string, unknown>): WebhookSearch => ({
    state: oneOf(deliveryStates, search.state),
    ...pagingOrFirst(search),
  }),
  component: lazyRouteComponent(() => import('./pages/webhooks/webhook-page.tsx'), 'WebhookPage'),
});

/** The pages on what programs may do and are told. */
export const interfaceRoutes = [apiTokens, webhooks, webhook] as const;
