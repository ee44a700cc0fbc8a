import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root, shell } from './shell-route.tsx';

/** Where a provider sends the browser back to: before anybody is signed in. */
export const providerReturn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/provider',
  component: lazyRouteComponent(() => import('./pages/entry/provider-return.tsx'), 'ProviderReturnPage'),
});

const security = createRoute({
  getParentRoute: () => shell,
  path: '/security',
  component: lazyRouteComponent(() => import('./pages/security/security-page.tsx'), 'SecurityPage'),
});

/** The page on one's own sign-in. */
export const securityRoutes = [security] as const;
