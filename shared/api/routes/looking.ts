import Type from 'typebox';
import { verdictStates } from '../../compliance/verdict.ts';
import { personRoles } from '../../policy/selector.ts';
import { PlatformName } from '../../protocol/messages.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, IdParams, PageQuery, page, route } from '../contract.ts';
import { DeviceDetail, DeviceSummary, EventView, OrgView, Overview, PersonDetail, PersonSummary } from '../schemas.ts';

const At = {
  at: Type.Optional(
    Type.String({ maxLength: 30, description: 'UTC, ISO 8601: verdict and custody as of then; absent: now' }),
  ),
};

/** What the console looks at: people, devices, events. */
export const lookingRoutes = {
  readOverview: route('GET', '/api/overview', { summary: 'The district at a glance', response: Overview }),
  listOrgs: route('GET', '/api/orgs', {
    summary: 'Schools and other units',
    response: strictObject({ items: Type.Array(OrgView) }),
  }),
  listPeople: route('GET', '/api/people', {
    summary: 'People with their verdicts',
    query: strictObject({
      ...PageQuery,
      ...At,
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
      ...At,
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

  listEvents: route('GET', '/api/events', {
    summary: 'Everything that happened, newest first',
    query: strictObject(PageQuery),
    response: page(EventView),
  }),
} as const;
