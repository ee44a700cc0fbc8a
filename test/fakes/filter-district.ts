import { CalendarService } from '../../server/filter/calendars.ts';
import { DistrictFilterSettings } from '../../server/filter/filter-settings.ts';
import { OverrideService } from '../../server/filter/overrides.ts';
import { UnblockRequestService } from '../../server/filter/requests.ts';
import { heldWebFilter } from '../../server/profiles/held-section.ts';
import type { ListVersion } from '../../server/services.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { UnblockRequestRecord } from '../../shared/protocol/messages.ts';
import { FakeClock } from './clock.ts';
import { openPolicyDistrict } from './policy-district.ts';
import { reportedBy } from './reported.ts';

export type FilterDistrict = Awaited<ReturnType<typeof openFilterDistrict>>;

/**
 * Two schools below a district, with the services of the web filter. Ada and Bob are students of Maple with the devices
 * `a` and `b`, Cy is one of Cedar with `c`, Tess teaches at Maple and holds `t`; the class `art` is Ada's and Tess's.
 */
export async function openFilterDistrict(clock = new FakeClock()) {
  const district = await openPolicyDistrict(':memory:', clock);
  const { stores, events, bus, random, db, desired } = district;
  const onError = (error: unknown) => district.errors.push(error);
  const shared = { events, bus, clock, random, onError };
  const overrides = new OverrideService({ stores, ...shared });
  const requests = new UnblockRequestService({ stores, overrides, ...shared });
  const settings = new DistrictFilterSettings({ documents: stores.documents, ...shared });
  const calendars = new CalendarService({
    ...{ store: stores.calendars, people: stores.people, district: 'Maple County', ...shared },
  });
  const sequences = new Map<string, number>();

  /** A batch of reports of one device, as the gateway commits it. */
  async function ask(deviceId: string, ...records: Partial<UnblockRequestRecord>[]): Promise<void> {
    const sequence = (sequences.get(deviceId) ?? 0) + 1;
    sequences.set(deviceId, sequence);
    const usual = { kind: 'unblock-request' as const, at: clock.now(), name: 'games.example', words: 'For class.' };
    const all = records.map((record, index) => ({ id: `${sequence}-${index}`, ...usual, ...record }));
    await stores.reports.commit([{ deviceId, epoch: 'e', sequence, records: all }], clock.now());
    bus.publish('reported', reportedBy(deviceId, ['unblock-request']));
    await settled();
  }

  async function settled(): Promise<void> {
    // Listeners of the bus begin in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    await overrides.settled();
    await requests.settled();
    await desired.settled();
  }

  /** The web-filter section a device should hold now. */
  async function section(deviceId: string): Promise<WebFilterSection> {
    await settled();
    const held = await heldWebFilter(stores.desired, deviceId);
    if (!held) throw new Error(`${deviceId} has no web filter`);
    return held;
  }

  async function addClass(id: string, org: string, members: Record<string, string>): Promise<void> {
    await db
      .insertInto('class')
      .values({ id, sourced_id: id, title: `Class ${id}`, org_id: org, grades: '[]', active: 1 })
      .execute();
    const rows = Object.entries(members).map(([person_id, role]) => ({
      ...{ id: `${id}-${person_id}`, sourced_id: `${id}-${person_id}`, class_id: id, person_id, role },
      ...{ begins_on: null, ends_on: null, active: 1 },
    }));
    await db.insertInto('enrollment').values(rows).execute();
  }

  await district.addOrg('county', null);
  await district.addOrg('maple', 'county');
  await district.addOrg('cedar', 'county');
  await district.addDevices(['a', 'b', 'c', 't', 'nobodys']);
  await district.addPerson({ id: 'ada' });
  await district.addPerson({ id: 'bob' });
  await district.addPerson({ id: 'cy', org: 'cedar' });
  await district.addPerson({ id: 'tess', role: 'teacher', grade: null });
  for (const [device, person] of Object.entries({ a: 'ada', b: 'bob', c: 'cy', t: 'tess' }))
    await district.give(device, person);
  await addClass('art', 'maple', { ada: 'student', tess: 'teacher' });
  for (const category of ['games', 'adult', 'chat']) await addList(category);
  for (const part of [settings, overrides, requests, desired]) await part.start();
  await district.publish('base', { webFilter: { blockedCategories: ['games'] } }, { kind: 'everyone' });

  /** A list, as the store and the sections know it. */
  async function addList(category: string): Promise<void> {
    const version: ListVersion = {
      ...{ category, title: category, hash: '0'.repeat(64), bytes: 100, names: 2 },
      ...{ canary: `canary.${category}.test`, exceptions: [] },
    };
    district.lists.set(category, version);
    const { exceptions: _, ...row } = version;
    await db
      .insertInto('list')
      .values({ ...row, source: '', licence: '', skipped: 0, updated_at: clock.now() })
      .execute();
  }

  async function close(): Promise<void> {
    for (const part of [requests, overrides, settings]) await part.stop();
    await district.close();
  }

  return { ...district, overrides, requests, settings, calendars, ask, section, settled, addClass, close };
}

/** School from eight to three on weekdays in Chicago: two lessons with a break between them. */
export function someCalendar(change: Partial<SchoolCalendar> = {}): SchoolCalendar {
  const bells = 'Regular bells';
  return {
    zone: 'America/Chicago',
    bells: [
      {
        name: bells,
        periods: [
          { name: 'Period 1', from: '08:00', to: '11:30' },
          { name: 'Lunch', from: '11:30', to: '12:10' },
          { name: 'Period 2', from: '12:10', to: '15:05' },
        ],
      },
    ],
    week: {
      ...{ monday: bells, tuesday: bells, wednesday: bells, thursday: bells, friday: bells },
      ...{ saturday: null, sunday: null },
    },
    ...{ terms: [], holidays: [], exceptions: [], freezes: [] },
    ...change,
  };
}
