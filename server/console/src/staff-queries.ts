import { queryOptions } from '@tanstack/react-query';
import { call } from './api.ts';

/** What the page on staff reads. The first word of a key is the live topic that makes it stale. */
export const staffQueries = {
  staff: () => queryOptions({ queryKey: ['staff'], queryFn: ({ signal }) => call('listStaff', { signal }) }),
};
