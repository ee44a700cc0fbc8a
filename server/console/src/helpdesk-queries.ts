import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from './api.ts';
import type { Input } from './request.ts';

/** What the pages of the helpdesk read. The first word of a key is the live topic that makes it stale. */
export const helpdeskQueries = {
  tickets: (query: NonNullable<Input<'listTickets'>['query']>) =>
    queryOptions({
      queryKey: ['tickets', query],
      queryFn: ({ signal }) => call('listTickets', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  ticket: (id: string) =>
    queryOptions({
      queryKey: ['ticket', id],
      queryFn: ({ signal }) => call('readTicket', { params: { id }, signal }),
    }),
  technicians: () =>
    queryOptions({
      queryKey: ['staff', 'technicians'],
      queryFn: ({ signal }) => call('listTechnicians', { signal }),
      staleTime: 300_000,
    }),
  accounts: () =>
    queryOptions({ queryKey: ['staff', 'accounts'], queryFn: ({ signal }) => call('listStaff', { signal }) }),
  settings: () =>
    queryOptions({
      queryKey: ['tickets', 'settings'],
      queryFn: ({ signal }) => call('readHelpdeskSettings', { signal }),
    }),
  diagnoses: (ticketId: string) =>
    queryOptions({
      queryKey: ['diagnosis', 'of', ticketId],
      queryFn: ({ signal }) => call('listDiagnoses', { params: { id: ticketId }, signal }),
    }),
  commands: (query: NonNullable<Input<'listCommands'>['query']>) =>
    queryOptions({
      queryKey: ['commands', 'list', query],
      queryFn: ({ signal }) => call('listCommands', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  command: (id: string) =>
    queryOptions({
      queryKey: ['commands', 'one', id],
      queryFn: ({ signal }) => call('readCommand', { params: { id }, signal }),
    }),
  commandDevices: (id: string, query: NonNullable<Input<'listCommandDevices'>['query']>) =>
    queryOptions({
      queryKey: ['commands', 'devices', id, query],
      queryFn: ({ signal }) => call('listCommandDevices', { params: { id }, query, signal }),
      placeholderData: keepPreviousData,
    }),
  commandPreview: (body: Input<'previewCommand'>['body']) =>
    queryOptions({
      queryKey: ['command-preview', body],
      queryFn: ({ signal }) => call('previewCommand', { body, signal }),
      placeholderData: keepPreviousData,
      retry: false,
    }),
  approvals: (query: NonNullable<Input<'listApprovals'>['query']>) =>
    queryOptions({
      queryKey: ['approvals', 'list', query],
      queryFn: ({ signal }) => call('listApprovals', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  approval: (id: string) =>
    queryOptions({
      queryKey: ['approvals', 'one', id],
      queryFn: ({ signal }) => call('readApproval', { params: { id }, signal }),
    }),
  approvers: () =>
    queryOptions({
      queryKey: ['approvals', 'approvers'],
      queryFn: ({ signal }) => call('readApprovers', { signal }),
    }),
  scripts: () => queryOptions({ queryKey: ['scripts'], queryFn: ({ signal }) => call('listScripts', { signal }) }),
};
