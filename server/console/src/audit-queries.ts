import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from './api.ts';
import type { Input } from './request.ts';

/** What the pages of the audit read. The first word of a key is the live topic that makes it stale. */
export const auditQueries = {
  rows: (query: NonNullable<Input<'listAudit'>['query']>) =>
    queryOptions({
      queryKey: ['events', 'audit', query],
      queryFn: ({ signal }) => call('listAudit', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  row: (id: number) =>
    queryOptions({
      queryKey: ['audit', 'row', id],
      queryFn: ({ signal }) => call('readAuditEvent', { params: { id }, signal }),
    }),
  filters: () =>
    queryOptions({
      queryKey: ['audit', 'filters'],
      queryFn: ({ signal }) => call('listAuditFilters', { signal }),
      staleTime: 60_000,
    }),
  head: () => queryOptions({ queryKey: ['audit', 'head'], queryFn: ({ signal }) => call('readAuditHead', { signal }) }),
  settings: () =>
    queryOptions({ queryKey: ['audit', 'settings'], queryFn: ({ signal }) => call('readAuditSettings', { signal }) }),
  looks: (id: string, query: NonNullable<Input<'listLooks'>['query']>) =>
    queryOptions({
      queryKey: ['audit', 'looks', id, query],
      queryFn: ({ signal }) => call('listLooks', { params: { id }, query, signal }),
      placeholderData: keepPreviousData,
    }),
  leavers: (query: NonNullable<Input<'listLeavers'>['query']>) =>
    queryOptions({
      queryKey: ['audit', 'leavers', query],
      queryFn: ({ signal }) => call('listLeavers', { query, signal }),
      placeholderData: keepPreviousData,
    }),
};
