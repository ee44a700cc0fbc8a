import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { ComplianceHistoryService } from '../../server/compliance/history.ts';
import type { PolicyPreviews } from '../../server/compliance/preview.ts';
import { DocumentStore } from '../../server/store/documents.ts';
import { GroupStore } from '../../server/store/groups.ts';
import { ProfileStore } from '../../server/store/profiles.ts';
import type { Database as Tables } from '../../server/store/schema.ts';
import { complianceViews } from '../../server/store/views/compliance.ts';
import { DevicesView } from '../../server/store/views/devices.ts';
import { PeopleView } from '../../server/store/views/people.ts';
import { FakeClock, SeededRandom } from '../fakes/clock.ts';

const dayMs = 86_400_000;
const iso = (at: number) => new Date(at).toISOString();

export type Desk = ReturnType<typeof openDesk>;

/** What reads compliance, on a file that is there, with every statement it sends. */
export function openDesk(path: string, end: number) {
  const sqlite = new Database(path);
  // As `server/store/open.ts` sets it.
  sqlite.pragma('cache_size = -65536');
  const statements = new Map<string, readonly unknown[]>();
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: sqlite }),
    log: ({ query }) => void statements.set(query.sql, query.parameters),
  });
  const clock = new FakeClock(end);
  const presence = { isConnected: () => false, connectedIds: () => [] };
  return {
    ...{ db, sqlite, statements },
    people: new PeopleView(db),
    devicesView: new DevicesView(db, presence),
    history: new ComplianceHistoryService({
      ...{ clock, serverSays: {} },
      stores: {
        documents: new DocumentStore(db),
        profiles: new ProfileStore(db),
        groups: new GroupStore(db),
        history: complianceViews(db),
      },
      previews: { preview: () => Promise.reject(new Error('not measured here')) } as unknown as PolicyPreviews,
    }),
  };
}

/** Every page there is, each asked for another instant, unit, person or device each time. */
export function pagesOf(
  { history, people, devicesView }: Desk,
  { devices, days, end }: { devices: number; days: number; end: number },
): Record<string, () => Promise<unknown>> {
  const dice = new SeededRandom(2);
  const random = () => dice.unit();
  const at = () => iso(Math.floor(end - random() * days * dayMs * 0.98));
  const one = (kind: string) => `${kind}-${Math.floor(random() * devices)}`;
  const org = () => `school-${Math.floor((random() * devices) / 1_000)}`;
  const from = iso(end - Math.min(days, 90) * dayMs);
  const all = iso(end - days * dayMs);
  return {
    'map of the district': () => history.map({ at: at() }),
    'map of a school': () => history.map({ at: at(), org: org() }),
    'map now': () => history.map({}),
    'trend of people, all days': () => history.trend({ from: all }),
    'trend of a check in a school, all days': () => history.trend({ from: all, of: 'firewall-on', org: org() }),
    'devices under a check, worst first': () => history.checkSubjects('agent-current', { at: at() }),
    'devices that pass a check': () => history.checkSubjects('restarted-lately', { at: at(), status: 'pass' }),
    'people, by name': async () => people.page({ at: Date.parse(at()) }),
    'people who were noncompliant': async () => people.page({ at: Date.parse(at()), verdict: 'noncompliant' }),
    'people of a school': async () => people.page({ at: Date.parse(at()), org: org() }),
    'devices, by name': async () => devicesView.page({ at: Date.parse(at()) }),
    'devices that were silent': async () => devicesView.page({ at: Date.parse(at()), verdict: 'silent' }),
    'history of a person, all days': () => history.ofPerson(one('person'), { from: all }),
    'history of a device, all days': () => history.ofDevice(one('device'), { from: all }),
    'measures of the district, last 90 days': () => history.measures({ from }),
    'measures of a school, last 90 days': () => history.measures({ from, org: org() }),
    'measures of the district, all days': () => history.measures({ from: all }),
    'library of checks': () => history.checks(),
  };
}
