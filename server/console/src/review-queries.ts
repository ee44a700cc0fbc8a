import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from './api.ts';
import type { Input } from './request.ts';

/** What the pages on changes, rollouts and publishing read. The first word of a key is the live topic that makes it stale. */
export const reviewQueries = {
  changes: (query: NonNullable<Input<'listChanges'>['query']>) =>
    queryOptions({
      queryKey: ['changes', 'list', query],
      queryFn: ({ signal }) => call('listChanges', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  change: (id: string) =>
    queryOptions({
      queryKey: ['changes', 'one', id],
      queryFn: ({ signal }) => call('readChange', { params: { id }, signal }),
    }),
  /** Worked out on every device: nothing makes it stale by itself. */
  preview: (items: Input<'previewChange'>['body']['items']) =>
    queryOptions({
      queryKey: ['preview', items],
      queryFn: ({ signal }) => call('previewChange', { body: { items }, signal }),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
    }),
  previewDevices: (id: string, query: NonNullable<Input<'listPreviewDevices'>['query']>) =>
    queryOptions({
      queryKey: ['preview-devices', id, query],
      queryFn: ({ signal }) => call('listPreviewDevices', { params: { id }, query, signal }),
      placeholderData: keepPreviousData,
      retry: false,
    }),
  rollouts: (query: NonNullable<Input<'listRollouts'>['query']>) =>
    queryOptions({
      queryKey: ['rollouts', 'list', query],
      queryFn: ({ signal }) => call('listRollouts', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  rollout: (id: string) =>
    queryOptions({
      queryKey: ['rollouts', 'one', id],
      queryFn: ({ signal }) => call('readRollout', { params: { id }, signal }),
    }),
  publishing: () =>
    queryOptions({
      queryKey: ['changes', 'publishing'],
      queryFn: ({ signal }) => call('readPublishing', { signal }),
    }),
};
