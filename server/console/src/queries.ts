import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Selector } from '../../../shared/policy/selector.ts';
import { call } from './api.ts';
import type { Input } from './request.ts';

type PageInput = NonNullable<Input<'listEvents'>['query']>;
type SpanInput = NonNullable<Input<'readPersonHistory'>['query']>;

/** Verdicts change now, never in the past: what is shown as of an instant follows no live topic. */
const topicAt = (at: string | undefined) => (at === undefined ? 'people' : 'history');

/** Everything the pages read. The first word of a key is the live topic that makes it stale. */
export const queries = {
  session: () =>
    queryOptions({
      queryKey: ['session'],
      queryFn: ({ signal }) => call('readSession', { signal }),
      staleTime: 60_000,
    }),
  overview: () => queryOptions({ queryKey: ['overview'], queryFn: ({ signal }) => call('readOverview', { signal }) }),
  orgs: () =>
    queryOptions({ queryKey: ['orgs'], queryFn: ({ signal }) => call('listOrgs', { signal }), staleTime: 300_000 }),
  people: (query: NonNullable<Input<'listPeople'>['query']>) =>
    queryOptions({
      queryKey: ['people', 'list', query],
      queryFn: ({ signal }) => call('listPeople', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  person: (id: string) =>
    queryOptions({
      queryKey: ['people', 'one', id],
      queryFn: ({ signal }) => call('readPerson', { params: { id }, signal }),
    }),
  devices: (query: NonNullable<Input<'listDevices'>['query']>) =>
    queryOptions({
      queryKey: ['devices', query],
      queryFn: ({ signal }) => call('listDevices', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  device: (id: string) =>
    queryOptions({
      queryKey: ['device', id],
      queryFn: ({ signal }) => call('readDevice', { params: { id }, signal }),
    }),
  deviceEvents: (id: string, query: PageInput) =>
    queryOptions({
      queryKey: ['device', id, 'events', query],
      queryFn: ({ signal }) => call('listDeviceEvents', { params: { id }, query, signal }),
      placeholderData: keepPreviousData,
    }),
  profiles: () => queryOptions({ queryKey: ['profiles'], queryFn: ({ signal }) => call('listProfiles', { signal }) }),
  profile: (id: string) =>
    queryOptions({
      queryKey: ['profile', id],
      queryFn: ({ signal }) => call('readProfile', { params: { id }, signal }),
    }),
  landing: (id: string) =>
    queryOptions({
      queryKey: ['profile', id, 'landing'],
      queryFn: ({ signal }) => call('readLanding', { params: { id }, signal }),
    }),
  profileReach: (id: string, query: NonNullable<Input<'listProfileReach'>['query']>) =>
    queryOptions({
      queryKey: ['profile', id, 'reach', query],
      queryFn: ({ signal }) => call('listProfileReach', { params: { id }, query, signal }),
      placeholderData: keepPreviousData,
    }),
  revisionDiff: (id: string, query: Input<'diffRevisions'>['query']) =>
    queryOptions({
      queryKey: ['profile', id, 'diff', query],
      queryFn: ({ signal }) => call('diffRevisions', { params: { id }, ...(query ? { query } : {}), signal }),
    }),
  groups: () => queryOptions({ queryKey: ['groups'], queryFn: ({ signal }) => call('listGroups', { signal }) }),
  group: (id: string) =>
    queryOptions({
      queryKey: ['groups', 'one', id],
      queryFn: ({ signal }) => call('readGroup', { params: { id }, signal }),
    }),
  reachCount: (selector: Selector) =>
    queryOptions({
      queryKey: ['groups', 'count', selector],
      queryFn: ({ signal }) => call('countReach', { body: { selector }, signal }),
      placeholderData: keepPreviousData,
    }),
  reach: (selector: Selector, query: PageInput) =>
    queryOptions({
      queryKey: ['groups', 'reach', selector, query],
      queryFn: ({ signal }) => call('listReach', { body: { selector }, query, signal }),
      placeholderData: keepPreviousData,
    }),
  /** The name behind a sourcedId of the roster; null: nobody. */
  personName: (sourcedId: string) =>
    queryOptions({
      queryKey: ['names', 'person', sourcedId],
      queryFn: async ({ signal }) => {
        const { items } = await call('listPeople', { query: { search: sourcedId, limit: 50 }, signal });
        return items.find((person) => person.sourcedId === sourcedId)?.name ?? null;
      },
      staleTime: 300_000,
    }),
  className: (sourcedId: string) =>
    queryOptions({
      queryKey: ['names', 'class', sourcedId],
      queryFn: async ({ signal }) => {
        const { items } = await call('listClasses', { query: { search: sourcedId, limit: 50 }, signal });
        return items.find((one) => one.sourcedId === sourcedId)?.title ?? null;
      },
      staleTime: 300_000,
    }),
  explainDevice: (id: string) =>
    queryOptions({
      queryKey: ['device', id, 'explain'],
      queryFn: ({ signal }) => call('explainDevice', { params: { id }, signal }),
    }),
  explainPerson: (id: string) =>
    queryOptions({
      queryKey: ['people', 'explain', id],
      queryFn: ({ signal }) => call('explainPerson', { params: { id }, signal }),
    }),
  lists: () => queryOptions({ queryKey: ['lists'], queryFn: ({ signal }) => call('listLists', { signal }) }),
  catalogue: () =>
    queryOptions({
      queryKey: ['catalogue'],
      queryFn: ({ signal }) => call('listCatalogue', { signal }),
      staleTime: 300_000,
    }),
  requests: (query: NonNullable<Input<'listRequests'>['query']>) =>
    queryOptions({
      queryKey: ['requests', query],
      queryFn: ({ signal }) => call('listRequests', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  overrides: (query: NonNullable<Input<'listOverrides'>['query']>) =>
    queryOptions({
      queryKey: ['overrides', query],
      queryFn: ({ signal }) => call('listOverrides', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  classes: (query: NonNullable<Input<'listClasses'>['query']>) =>
    queryOptions({
      queryKey: ['classes', query],
      queryFn: ({ signal }) => call('listClasses', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  classDevices: (id: string) =>
    queryOptions({
      queryKey: ['classes', id, 'devices'],
      queryFn: ({ signal }) => call('listClassDevices', { params: { id }, signal }),
    }),
  calendars: () =>
    queryOptions({ queryKey: ['calendars'], queryFn: ({ signal }) => call('listCalendars', { signal }) }),
  compliancePolicy: () =>
    queryOptions({
      queryKey: ['compliance', 'policy'],
      queryFn: ({ signal }) => call('readCompliancePolicy', { signal }),
    }),
  complianceMap: (query: NonNullable<Input<'readComplianceMap'>['query']>) =>
    queryOptions({
      queryKey: [topicAt(query.at), 'map', query],
      queryFn: ({ signal }) => call('readComplianceMap', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  complianceTrend: (query: NonNullable<Input<'readComplianceTrend'>['query']>) =>
    queryOptions({
      queryKey: ['people', 'trend', query],
      queryFn: ({ signal }) => call('readComplianceTrend', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  complianceMeasures: (query: NonNullable<Input<'readComplianceMeasures'>['query']>) =>
    queryOptions({
      queryKey: ['people', 'measures', query],
      queryFn: ({ signal }) => call('readComplianceMeasures', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  checks: () =>
    queryOptions({ queryKey: ['people', 'checks'], queryFn: ({ signal }) => call('listChecks', { signal }) }),
  checkSubjects: (check: string, query: NonNullable<Input<'listCheckSubjects'>['query']>) =>
    queryOptions({
      queryKey: [topicAt(query.at), 'subjects', check, query],
      queryFn: ({ signal }) => call('listCheckSubjects', { params: { check }, query, signal }),
      placeholderData: keepPreviousData,
    }),
  deviceHistory: (id: string, query: SpanInput) =>
    queryOptions({
      queryKey: ['device', id, 'history', query],
      queryFn: ({ signal }) => call('readDeviceHistory', { params: { id }, query, signal }),
      placeholderData: keepPreviousData,
    }),
  personHistory: (id: string, query: SpanInput) =>
    queryOptions({
      queryKey: ['people', 'history', id, query],
      queryFn: ({ signal }) => call('readPersonHistory', { params: { id }, query, signal }),
      placeholderData: keepPreviousData,
    }),
  policyPreview: (body: Input<'previewCompliancePolicy'>['body']) =>
    queryOptions({
      queryKey: ['people', 'policy-preview', body],
      queryFn: ({ signal }) => call('previewCompliancePolicy', { body, signal }),
      placeholderData: keepPreviousData,
    }),
  waivers: (query: NonNullable<Input<'listWaivers'>['query']>) =>
    queryOptions({
      queryKey: ['waivers', query],
      queryFn: ({ signal }) => call('listWaivers', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  restrictions: (query: NonNullable<Input<'listRestrictions'>['query']>) =>
    queryOptions({
      queryKey: ['restrictions', query],
      queryFn: ({ signal }) => call('listRestrictions', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  restrictionHold: () =>
    queryOptions({
      queryKey: ['restrictions', 'hold'],
      queryFn: ({ signal }) => call('readRestrictionHold', { signal }),
    }),
  obligations: (query: NonNullable<Input<'listObligations'>['query']>) =>
    queryOptions({
      queryKey: ['obligations', query],
      queryFn: ({ signal }) => call('listObligations', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  obligationPreview: (body: Input<'previewObligations'>['body']) =>
    queryOptions({
      queryKey: ['obligations', 'preview', body],
      queryFn: ({ signal }) => call('previewObligations', { body, signal }),
      retry: false,
    }),
  escrow: () =>
    queryOptions({ queryKey: ['recovery', 'escrow'], queryFn: ({ signal }) => call('readEscrow', { signal }) }),
  recoveryKeys: (id: string) =>
    queryOptions({
      queryKey: ['recovery', 'keys', id],
      queryFn: ({ signal }) => call('listRecoveryKeys', { params: { id }, signal }),
    }),
  recoveryRequests: (query: NonNullable<Input<'listRecoveryRequests'>['query']>) =>
    queryOptions({
      queryKey: ['recovery', 'requests', query],
      queryFn: ({ signal }) => call('listRecoveryRequests', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  filterSettings: () =>
    queryOptions({ queryKey: ['filter', 'settings'], queryFn: ({ signal }) => call('readFilterSettings', { signal }) }),
  filterReport: (query: { from: string; to: string }) =>
    queryOptions({
      queryKey: ['filter', 'report', query],
      queryFn: ({ signal }) => call('readFilterReport', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  deletions: (query: PageInput) =>
    queryOptions({
      queryKey: ['filter', 'deletions', query],
      queryFn: ({ signal }) => call('listDeletions', { query, signal }),
      placeholderData: keepPreviousData,
    }),
  nameTest: (body: Input<'testName'>['body']) =>
    queryOptions({
      queryKey: ['filter', 'test', body],
      queryFn: ({ signal }) => call('testName', { body, signal }),
    }),
  tokens: () => queryOptions({ queryKey: ['tokens'], queryFn: ({ signal }) => call('listTokens', { signal }) }),
  events: (query: PageInput) =>
    queryOptions({
      queryKey: ['events', query],
      queryFn: ({ signal }) => call('listEvents', { query, signal }),
      placeholderData: keepPreviousData,
    }),
};
