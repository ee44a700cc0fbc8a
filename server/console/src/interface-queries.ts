import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from './api.ts';
import type { Input } from './request.ts';

/** What the pages for programs read. The first word of a key is the live topic that makes it stale. */
export const interfaceQueries = {
  apiTokens: (query: NonNullable<Input<'listApiTokens'>['query']>) =>
    queryOptions({
      queryKey: ['api-tokens', query],
      queryFn: ({ signal }) => call('listApiTokens', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  webhooks: () => queryOptions({ queryKey: ['webhooks'], queryFn: ({ signal }) => call('listWebhooks', { signal }) }),
  webhook: (id: string) =>
    queryOptions({
      queryKey: ['webhooks', 'one', id],
      queryFn: ({ signal }) => call('readWebhook', { params: { id }, signal }),
    }),
  deliveries: (id: string, query: NonNullable<Input<'listDeliveries'>['query']>) =>
    queryOptions({
      queryKey: ['webhooks', 'deliveries', id, query],
      queryFn: ({ signal }) => call('listDeliveries', { params: { id }, query, signal }),
      placeholderData: keepPreviousData,
    }),
};
