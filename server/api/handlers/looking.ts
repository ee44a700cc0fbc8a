import type { CustodyView, EventView } from '../../../shared/api/schemas.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import type { Services } from '../../services.ts';
import type { EventRow, EventStore } from '../../store/events.ts';
import { decodeCursor, encodeCursor } from '../../store/views/cursor.ts';
import type { DevicesView } from '../../store/views/devices.ts';
import type { OverviewView } from '../../store/views/overview.ts';
import type { PeopleView } from '../../store/views/people.ts';
import { iso } from '../../store/views/rows.ts';
import type { Handlers } from '../register.ts';

type LookingRoutes =
  | 'readOverview'
  | 'listOrgs'
  | 'listPeople'
  | 'readPerson'
  | 'listDevices'
  | 'readDevice'
  | 'listDeviceEvents'
  | 'listEvents';

export interface Views {
  people: PeopleView;
  devices: DevicesView;
  overview: OverviewView;
  events: EventStore;
  /** Epoch ms. */
  now: () => number;
}

export function lookingHandlers(views: Views, services: Services, district: string): Pick<Handlers, LookingRoutes> {
  return {
    readOverview: async ({ caller: { sight, standing, token } }) => {
      const { silentIds, devices, ...counts } = await views.overview.counts(sight);
      const isWhole = sight.orgs === 'all';
      // Rows of the audit: for those who may read it, and who are people.
      const mayAudit = token === undefined && standing.sight('audit:read')?.orgs === 'all';
      const latest = mayAudit ? await eventViews(views.events, await views.events.latest(12)) : [];
      const connected = isWhole
        ? services.gateway.connectedCount()
        : await views.devices.count({ connected: true, sight });
      return {
        district,
        ...counts,
        devices: { ...devices, connected },
        silent: await views.devices.some(silentIds),
        events: latest,
      };
    },
    listOrgs: async ({ caller }) => ({ items: await views.overview.orgs(caller.sight) }),
    listPeople: async ({ query: { at, ...query }, caller: { sight } }) =>
      await views.people.page({ ...query, sight, ...(at !== undefined && { at: await services.history.instant(at) }) }),
    readPerson: ({ params }) => readPerson(views, services, params.id),
    listDevices: async ({ query: { at, ...query }, caller: { sight } }) =>
      await views.devices.page({
        ...query,
        sight,
        ...(at !== undefined && { at: await services.history.instant(at) }),
      }),
    readDevice: ({ params }) => readDevice(views, services, params.id),
    listDeviceEvents: ({ params, query }) => eventPage(views.events, query, { kind: 'device', id: params.id }),
    listEvents: ({ query }) => eventPage(views.events, query),
  };
}

async function readPerson(views: Views, services: Services, id: string) {
  const found = await views.people.one(id);
  if (!found) throw new CodedError('not-found', 'There is no such person here.');
  const { email, ...person } = found;
  const custody = await services.custodies.ofPerson(id);
  const open = custody.filter((row) => row.endedAt === null);
  const devices = await views.devices.some(open.map((row) => row.device.id));
  return {
    person,
    email,
    custody,
    devices,
    orgs: await views.people.orgsOf(id),
    classes: await views.people.classesOf(id),
    verdicts: await views.people.verdictsOf(id),
    checks: await Promise.all(
      devices.map(async (device) => ({
        deviceId: device.id,
        deviceName: device.name,
        findings: await services.compliance.checksOfDevice(device.id),
      })),
    ),
    corrections: await correctionsOf(views, open),
  };
}

const weekMs = 7 * 86_400_000;
const mostCorrections = 20;

/** What was put right while this person had the device; what another did to it before is not theirs to see. */
async function correctionsOf({ events, now }: Views, open: readonly CustodyView[]) {
  const names = new Map(open.map(({ device }) => [device.id, device]));
  const since = open.map(
    ({ device, startsAt }) => [device.id, Math.max(Date.parse(startsAt), now() - weekMs)] as const,
  );
  const rows = await events.ofDevices('drift-corrected', new Map(since), mostCorrections);
  return rows.flatMap(({ subject_id, at, words }) => {
    const device = names.get(subject_id ?? '');
    return device ? [{ device, at: iso(at), words }] : [];
  });
}

async function readDevice(views: Views, services: Services, id: string) {
  const found = await views.devices.one(id);
  if (!found) throw new CodedError('not-found', 'There is no such device here.');
  // A held or revoked device has no desired state.
  const isActive = found.summary.status === 'active';
  return {
    device: found.summary,
    enrolledAt: found.enrolledAt,
    certificate: await views.devices.certificateOf(id),
    health: await views.devices.healthOf(id),
    observations: await views.devices.observationsOf(id),
    findings: await views.devices.findingsOf(id),
    checks: await services.compliance.checksOfDevice(id),
    sections: await services.profiles.sectionsOfDevice(id),
    settings: await services.profiles.settingsOfDevice(id),
    desiredGeneration: isActive ? (await services.desired.forDevice(id)).generation : 0,
    custody: await services.custodies.ofDevice(id),
  };
}

async function eventPage(
  store: EventStore,
  query: { limit?: number; cursor?: string },
  subject?: { kind: string; id: string },
) {
  const limit = query.limit ?? 50;
  const before = decodeCursor(query.cursor, 1)?.[0];
  const { rows, total } = await store.page(limit, before === undefined ? undefined : Number(before), subject);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { items: await eventViews(store, rows), total, nextCursor: last ? encodeCursor([last.id]) : null };
}

async function eventViews(store: EventStore, rows: readonly EventRow[]): Promise<EventView[]> {
  const names = await store.namesOf(rows);
  return rows.map((row) => eventView(row, names));
}

function eventView(row: EventRow, names: Map<string, string>): EventView {
  const { subject_kind: kind, subject_id: id } = row;
  const subject =
    kind === null || id === null
      ? null
      : { kind: kind as NonNullable<EventView['subject']>['kind'], id, name: names.get(`${kind} ${id}`) ?? id };
  return { id: row.id, at: iso(row.at), actor: row.actor, code: row.code, words: row.words, subject };
}
