import Type from 'typebox';
import { PlainDate, SchoolCalendar, TimeZone } from '../calendar/calendar.ts';
import { sessionTypes } from '../calendar/sessions.ts';
import { CompliancePolicy } from '../compliance/policy.ts';
import { verdictStates } from '../compliance/verdict.ts';
import { places } from '../filter/place.ts';
import { personRoles } from '../policy/selector.ts';
import { CategoryId } from '../profile/web-filter.ts';
import { PlatformName } from '../protocol/messages.ts';
import { TrustVersion } from '../protocol/trust.ts';
import { choice, strictObject, text } from '../schema.ts';
import { Done, Id, IdParams, Nullable, PageQuery, page, route } from './contract.ts';
import {
  ActivityEntry,
  CalendarPreview,
  CalendarView,
  CatalogueEntry,
  ClassView,
  CustodyView,
  DeletionProof,
  DeviceDetail,
  DeviceSummary,
  EventView,
  FilterReport,
  FilterSettings,
  ImportResult,
  Landing,
  ListView,
  NameTest,
  OrgView,
  OverrideInput,
  OverrideView,
  Overview,
  PersonDetail,
  PersonSummary,
  Preview,
  ProfileContent,
  ProfileDetail,
  ProfileSummary,
  RowProblem,
  requestStates,
  SavedCompliancePolicy,
  TokenView,
  UnblockRequestView,
  WaiverInput,
  WaiverView,
} from './schemas.ts';

const Staff = strictObject({ id: Id, name: text(200), email: text(255) });
const Email = Type.String({ minLength: 3, maxLength: 255, pattern: '^[^\\s@]+@[^\\s@]+$' });
const Password = Type.String({ minLength: 12, maxLength: 200 });
const CategoryParams = strictObject({ category: CategoryId });
const megabyte = 1_048_576;

/** Every route of the console's port, by name. */
export const routes = {
  // Session
  readSession: route('GET', '/api/session', {
    summary: 'Who is signed in, and whether the first administrator is still to be made',
    access: 'public',
    response: strictObject({
      staff: Nullable(Staff),
      setupNeeded: Type.Boolean(),
      district: text(255),
      version: text(50),
    }),
  }),
  setUp: route('POST', '/api/setup', {
    summary: 'Make the first administrator with the one-time code the server printed',
    access: 'public',
    body: strictObject({ code: text(64), name: text(200, { minLength: 1 }), email: Email, password: Password }),
    response: strictObject({ staff: Staff }),
  }),
  signIn: route('POST', '/api/session', {
    summary: 'Sign in',
    access: 'public',
    body: strictObject({ email: text(255), password: text(200) }),
    response: strictObject({ staff: Staff }),
  }),
  signOut: route('DELETE', '/api/session', { summary: 'Sign out', response: Done }),
  liveTicket: route('POST', '/api/live-ticket', {
    summary: 'A ticket for one WebSocket connection to /api/live, valid for 30 seconds',
    response: strictObject({ ticket: text(100) }),
  }),

  // Looking
  readOverview: route('GET', '/api/overview', { summary: 'The district at a glance', response: Overview }),
  listOrgs: route('GET', '/api/orgs', {
    summary: 'Schools and other units',
    response: strictObject({ items: Type.Array(OrgView) }),
  }),
  listPeople: route('GET', '/api/people', {
    summary: 'People with their verdicts',
    query: strictObject({
      ...PageQuery,
      search: Type.Optional(text(100)),
      role: Type.Optional(choice(personRoles)),
      org: Type.Optional(Id),
      grade: Type.Optional(text(20)),
      /** The students of this class. */
      class: Type.Optional(Id),
      verdict: Type.Optional(choice(verdictStates)),
      holdsDevice: Type.Optional(
        Type.Boolean({ description: 'false: of those whom the district gives devices, who holds none' }),
      ),
    }),
    response: page(PersonSummary),
  }),
  readPerson: route('GET', '/api/people/:id', { summary: 'One person', params: IdParams, response: PersonDetail }),
  listDevices: route('GET', '/api/devices', {
    summary: 'Devices with their verdicts',
    query: strictObject({
      ...PageQuery,
      search: Type.Optional(text(100)),
      platform: Type.Optional(PlatformName),
      org: Type.Optional(Id),
      tag: Type.Optional(text(60)),
      status: Type.Optional(choice(['held', 'active', 'revoked'])),
      verdict: Type.Optional(choice(verdictStates)),
      connected: Type.Optional(Type.Boolean()),
    }),
    response: page(DeviceSummary),
  }),
  readDevice: route('GET', '/api/devices/:id', { summary: 'One device', params: IdParams, response: DeviceDetail }),
  listDeviceEvents: route('GET', '/api/devices/:id/events', {
    summary: 'What happened to one device, newest first',
    params: IdParams,
    query: strictObject(PageQuery),
    response: page(EventView),
  }),

  // Devices
  openCustody: route('POST', '/api/devices/:id/custody', {
    summary: 'Hand a device to a person; an open custody of the device ends',
    params: IdParams,
    body: strictObject({ personId: Id, kind: choice(['primary', 'loan']) }),
    response: CustodyView,
  }),
  closeCustody: route('DELETE', '/api/devices/:id/custody', {
    summary: 'Take a device back',
    params: IdParams,
    response: CustodyView,
  }),
  setDeviceTags: route('PUT', '/api/devices/:id/tags', {
    summary: 'Replace the tags of a device',
    params: IdParams,
    body: strictObject({
      tags: Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$' }), { maxItems: 20 }),
    }),
    response: Done,
  }),
  approveDevice: route('POST', '/api/devices/:id/approve', {
    summary: 'Let in a device whose enrolment was held',
    params: IdParams,
    response: Done,
  }),
  revokeDevice: route('POST', '/api/devices/:id/revoke', {
    summary: 'Revoke the certificate of a device and close its session; it must enrol again',
    params: IdParams,
    body: strictObject({ reason: text(200) }),
    response: Done,
  }),

  // Profiles
  listProfiles: route('GET', '/api/profiles', {
    summary: 'Profiles',
    response: strictObject({ items: Type.Array(ProfileSummary) }),
  }),
  createProfile: route('POST', '/api/profiles', {
    summary: 'Make an empty profile; nothing reaches devices until it is published',
    body: strictObject({ name: text(120, { minLength: 1 }), description: text(1000) }),
    response: ProfileDetail,
  }),
  readProfile: route('GET', '/api/profiles/:id', { summary: 'One profile', params: IdParams, response: ProfileDetail }),
  saveDraft: route('PUT', '/api/profiles/:id/draft', {
    summary: 'Save the draft of a profile',
    params: IdParams,
    body: strictObject({ content: ProfileContent, version: Type.Integer() }),
    response: ProfileDetail,
  }),
  discardDraft: route('DELETE', '/api/profiles/:id/draft', {
    summary: 'Throw the draft away',
    params: IdParams,
    response: ProfileDetail,
  }),
  previewProfile: route('POST', '/api/profiles/:id/preview', {
    summary: 'Who and what would change if this content were published',
    params: IdParams,
    body: strictObject({ content: ProfileContent }),
    response: Preview,
  }),
  publishProfile: route('POST', '/api/profiles/:id/publish', {
    summary: 'Publish the draft as the next revision',
    params: IdParams,
    body: strictObject({ version: Type.Integer(), note: text(500) }),
    response: ProfileDetail,
  }),
  applyProfile: route('POST', '/api/profiles/apply', {
    summary: 'Make or update a profile by name and publish it when something differs (policy as code)',
    body: strictObject({ name: text(120, { minLength: 1 }), description: text(1000), content: ProfileContent }),
    response: strictObject({ result: choice(['created', 'updated', 'unchanged']) }),
  }),
  readLanding: route('GET', '/api/profiles/:id/landing', {
    summary: 'How the published revision is landing on devices',
    params: IdParams,
    response: Landing,
  }),

  // Lists
  listLists: route('GET', '/api/lists', {
    summary: 'Imported category lists',
    response: strictObject({ items: Type.Array(ListView) }),
  }),
  importList: route('PUT', '/api/lists/:category', {
    summary: 'Import a category list (hosts, plain domains, wildcards, Adblock DNS or RPZ); replaces the earlier one',
    params: CategoryParams,
    query: strictObject({
      title: Type.Optional(text(100)),
      source: Type.Optional(text(500)),
      licence: Type.Optional(text(200)),
    }),
    upload: { types: ['text/plain', 'application/octet-stream'], limitBytes: 128 * megabyte },
    response: strictObject({ list: ListView, problems: Type.Array(RowProblem) }),
  }),
  listCatalogue: route('GET', '/api/list-catalogue', {
    summary: 'Well-known public lists with their addresses and licences; none is shipped',
    response: strictObject({ items: Type.Array(CatalogueEntry) }),
  }),
  subscribeList: route('PUT', '/api/lists/:category/source', {
    summary: 'Fetch a category list from an address now and again every so many hours',
    params: CategoryParams,
    body: strictObject({
      url: Type.String({ maxLength: 500, pattern: '^https?://' }),
      title: Type.Optional(text(100)),
      licence: text(200, { minLength: 1, description: 'Under which terms the list may be used' }),
      refreshHours: Type.Integer({ minimum: 1, maximum: 24 * 30, default: 24 }),
    }),
    response: strictObject({ list: ListView, problems: Type.Array(RowProblem) }),
  }),
  refreshList: route('POST', '/api/lists/:category/refresh', {
    summary: 'Ask the source of a list now',
    params: CategoryParams,
    response: strictObject({ list: ListView, changed: Type.Boolean(), problems: Type.Array(RowProblem) }),
  }),
  setListExceptions: route('PUT', '/api/lists/:category/exceptions', {
    summary: 'Replace the names the district takes out of a list',
    params: CategoryParams,
    body: strictObject({ names: Type.Array(text(253, { minLength: 1 }), { maxItems: 500 }) }),
    response: ListView,
  }),
  decideListRollout: route('POST', '/api/lists/:category/rollout', {
    summary: 'Go on with a halted version, give it to all devices at once, or return to the earlier one',
    params: CategoryParams,
    body: strictObject({ action: choice(['resume', 'finish', 'roll-back']), reason: text(300, { minLength: 3 }) }),
    response: ListView,
  }),
  deleteList: route('DELETE', '/api/lists/:category', {
    summary: 'Delete a list that no published profile uses',
    params: CategoryParams,
    response: Done,
  }),

  // Web filter
  readFilterSettings: route('GET', '/api/filter/settings', {
    summary: 'What the district decides for every web filter',
    response: strictObject({ settings: FilterSettings, version: Type.Integer() }),
  }),
  saveFilterSettings: route('PUT', '/api/filter/settings', {
    summary: 'Save what the district decides for every web filter',
    body: strictObject({ settings: FilterSettings, version: Type.Integer() }),
    response: strictObject({ settings: FilterSettings, version: Type.Integer() }),
  }),
  listCalendars: route('GET', '/api/calendars', {
    summary: 'The calendars of the district and of its units',
    response: strictObject({ items: Type.Array(CalendarView) }),
  }),
  saveCalendar: route('PUT', '/api/calendars/:org', {
    summary: 'Save the calendar of a unit, or of the district (`district`)',
    params: strictObject({ org: Id }),
    body: strictObject({ calendar: SchoolCalendar }),
    response: CalendarView,
  }),
  deleteCalendar: route('DELETE', '/api/calendars/:org', {
    summary: 'Delete the calendar of a unit; the one above it holds from then on',
    params: strictObject({ org: Id }),
    response: Done,
  }),
  previewCalendarImport: route('POST', '/api/calendars/:org/import', {
    summary: 'A calendar as it would be with an iCalendar file (RFC 5545); nothing is saved',
    params: strictObject({ org: Id }),
    query: strictObject({
      freezes: Type.Optional(text(500, { description: 'Whole words of titles or categories, parted by commas' })),
      early: Type.Optional(text(500, { description: 'The same for early releases' })),
      closures: Type.Optional(text(500, { description: 'The same for days without school, such as snow days' })),
      holidays: Type.Optional(text(500, { description: 'The same for holidays' })),
      earlyBells: Type.Optional(text(60, { description: 'The bell schedule of early releases' })),
      others: Type.Optional(choice(['leave', 'holidays'], { description: 'What no words fit; `leave` when left out' })),
      mode: Type.Optional(choice(['add', 'replace'], { description: '`add` when left out' })),
      from: Type.Optional(PlainDate),
      to: Type.Optional(PlainDate),
      zone: Type.Optional(TimeZone),
    }),
    upload: { types: ['text/calendar', 'application/octet-stream'], limitBytes: 5 * megabyte },
    response: CalendarPreview,
  }),
  proposeTerms: route('POST', '/api/calendars/:org/propose-terms', {
    summary: 'A calendar as it would be with the academic sessions of the roster as terms; nothing is saved',
    params: strictObject({ org: Id }),
    body: strictObject({
      type: choice(sessionTypes),
      endsOn: choice(['day-after', 'last-day'], {
        description: 'What endDate says; by OneRoster the day after the last',
      }),
      zone: Type.Optional(TimeZone),
    }),
    response: CalendarPreview,
  }),
  testName: route('POST', '/api/filter/test', {
    summary: 'What a name would get on a person’s device at a time and place, with the whole chain of reasons',
    body: strictObject({
      name: text(500, { minLength: 1, description: 'A host name, or an address of the web to take it from' }),
      personId: Type.Optional(Id),
      deviceId: Type.Optional(Id),
      at: Type.Optional(text(30, { description: 'ISO 8601 with a zone; now when left out' })),
      place: Type.Optional(choice(places)),
    }),
    response: NameTest,
  }),
  listRequests: route('GET', '/api/requests', {
    summary: 'Unblock requests, those due first',
    query: strictObject({
      ...PageQuery,
      state: Type.Optional(choice(requestStates)),
      org: Type.Optional(Id),
      search: Type.Optional(text(100)),
    }),
    response: page(UnblockRequestView),
  }),
  decideRequest: route('POST', '/api/requests/:id/decide', {
    summary: 'Grant an unblock request for a time, or refuse it, with a reason the person reads',
    params: IdParams,
    body: strictObject({
      outcome: choice(['granted', 'refused']),
      reason: text(300, { minLength: 3 }),
      /** Granted: for whom, and for how long. */
      minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 * 24 * 31 })),
      target: Type.Optional(choice(['person', 'device', 'school'])),
    }),
    response: UnblockRequestView,
  }),
  listOverrides: route('GET', '/api/overrides', {
    summary: 'What staff opened or closed for a time, newest first',
    query: strictObject({ ...PageQuery, inForce: Type.Optional(Type.Boolean()) }),
    response: page(OverrideView),
  }),
  createOverride: route('POST', '/api/overrides', {
    summary: 'Open or close names for a person, a device, a class or a unit; it ends by itself',
    body: OverrideInput,
    response: OverrideView,
  }),
  endOverride: route('POST', '/api/overrides/:id/end', {
    summary: 'End an override now',
    params: IdParams,
    response: OverrideView,
  }),
  listClasses: route('GET', '/api/classes', {
    summary: 'Classes with what is opened or closed for them now',
    query: strictObject({ ...PageQuery, search: Type.Optional(text(100)), org: Type.Optional(Id) }),
    response: page(ClassView),
  }),
  readFilterReport: route('GET', '/api/filter/report', {
    summary: 'Blocked names by category and school, without numbers of too few people',
    query: strictObject({ from: PlainDate, to: PlainDate }),
    response: FilterReport,
  }),
  readActivity: route('POST', '/api/people/:id/activity', {
    summary: 'What was recorded of one person’s devices; the look itself is recorded with its purpose',
    params: IdParams,
    body: strictObject({
      purpose: text(300, { minLength: 10 }),
      cursor: Type.Optional(text(200)),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    }),
    response: page(ActivityEntry),
  }),
  listDeletions: route('GET', '/api/filter/deletions', {
    summary: 'What was deleted when its time was over, newest first',
    query: strictObject(PageQuery),
    response: page(DeletionProof),
  }),

  // Compliance
  readCompliancePolicy: route('GET', '/api/compliance/policy', {
    summary: 'Which checks turn verdicts, how much they weigh, and how many school days a failure may last',
    response: SavedCompliancePolicy,
  }),
  saveCompliancePolicy: route('PUT', '/api/compliance/policy', {
    summary: 'Save the compliance policy; every verdict is judged anew',
    body: strictObject({ policy: CompliancePolicy, version: Type.Integer() }),
    response: SavedCompliancePolicy,
  }),
  listWaivers: route('GET', '/api/waivers', {
    summary: 'Exceptions from checks, newest first',
    query: strictObject({
      ...PageQuery,
      inForce: Type.Optional(Type.Boolean({ description: 'false: those that are over' })),
    }),
    response: page(WaiverView),
  }),
  createWaiver: route('POST', '/api/waivers', {
    summary: 'Let a failing check pass for a device, or for a person’s devices, until a day; it ends by itself',
    body: WaiverInput,
    response: WaiverView,
  }),
  endWaiver: route('POST', '/api/waivers/:id/end', {
    summary: 'End a waiver now',
    params: IdParams,
    response: WaiverView,
  }),

  // Enrolment
  listTokens: route('GET', '/api/tokens', {
    summary: 'Enrolment tokens, without their secrets',
    response: strictObject({ items: Type.Array(TokenView) }),
  }),
  createToken: route('POST', '/api/tokens', {
    summary: 'Make an enrolment token; its text is shown once',
    body: strictObject({
      label: Type.Optional(text(120)),
      maxUses: Type.Integer({ minimum: 1, maximum: 100_000 }),
      expiresInSeconds: Type.Integer({ minimum: 60, maximum: 366 * 86_400 }),
      orgId: Type.Optional(Id),
      platform: Type.Optional(PlatformName),
      approval: Type.Optional(choice(['automatic', 'hold'])),
      personId: Type.Optional(Id),
      /** Marks the devices that enrol with it as simulated: they are shown as such and counted apart. */
      simulated: Type.Optional(Type.Boolean()),
      tags: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$' }), { maxItems: 20 })),
    }),
    response: strictObject({ token: text(1000), view: TokenView }),
  }),
  revokeToken: route('DELETE', '/api/tokens/:id', {
    summary: 'Revoke an enrolment token',
    params: IdParams,
    response: Done,
  }),

  // Keys
  rotateStateKey: route('POST', '/api/state-key/rotate', {
    summary: 'Sign desired states with a new key; devices follow by a statement the old key signs',
    response: strictObject({ version: TrustVersion, keyId: text(64) }),
  }),

  // Roster
  importOneRoster: route('POST', '/api/import/oneroster', {
    summary: 'Import a OneRoster 1.1 or 1.2 CSV zip',
    query: strictObject({
      mode: Type.Optional(choice(['strict', 'lenient'])),
      dryRun: Type.Optional(Type.Boolean()),
      confirm: Type.Optional(Type.Boolean()),
    }),
    upload: { types: ['application/zip', 'application/octet-stream'], limitBytes: 256 * megabyte },
    response: ImportResult,
  }),
  importPeople: route('POST', '/api/import/people', {
    summary: 'Import a plain CSV of people',
    query: strictObject({
      mode: Type.Optional(choice(['strict', 'lenient'])),
      dryRun: Type.Optional(Type.Boolean()),
      confirm: Type.Optional(Type.Boolean()),
    }),
    upload: { types: ['text/csv', 'application/octet-stream'], limitBytes: 64 * megabyte },
    response: ImportResult,
  }),

  listEvents: route('GET', '/api/events', {
    summary: 'Everything that happened, newest first',
    query: strictObject(PageQuery),
    response: page(EventView),
  }),
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
