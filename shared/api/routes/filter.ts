import Type from 'typebox';
import { PlainDate, SchoolCalendar, TimeZone } from '../../calendar/calendar.ts';
import { sessionTypes } from '../../calendar/sessions.ts';
import { places } from '../../filter/place.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Done, Id, IdParams, PageQuery, page, route } from '../contract.ts';
import {
  ActivityEntry,
  CalendarPreview,
  CalendarView,
  ClassDevice,
  ClassView,
  DeletionProof,
  FilterReport,
  FilterSettings,
  NameTest,
  OverrideInput,
  OverrideView,
  requestStates,
  UnblockRequestView,
} from '../schemas.ts';

const megabyte = 1_048_576;

/** The web filter: calendars, requests, overrides, records. */
export const filterRoutes = {
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
  listClassDevices: route('GET', '/api/classes/:id/devices', {
    summary: 'The students of a class, and who of them has a device',
    params: IdParams,
    response: strictObject({ items: Type.Array(ClassDevice) }),
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
    secret: true,
  }),
  listDeletions: route('GET', '/api/filter/deletions', {
    summary: 'What was deleted when its time was over, newest first',
    query: strictObject(PageQuery),
    response: page(DeletionProof),
  }),
} as const;
