import { queryOptions } from '@tanstack/react-query';
import { call } from './api.ts';

/** What “My security” reads. The first word of a key is the live topic that makes it stale. */
export const securityQueries = {
  own: () => queryOptions({ queryKey: ['security', 'own'], queryFn: ({ signal }) => call('readSecurity', { signal }) }),
  sessions: () =>
    queryOptions({ queryKey: ['security', 'sessions'], queryFn: ({ signal }) => call('listSessions', { signal }) }),
};
