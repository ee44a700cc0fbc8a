import type { Leniency, WaiverInForce } from '../../shared/compliance/leniency.ts';
import type { CompliancePolicy } from '../../shared/compliance/policy.ts';
import { nearestCalendar } from '../profiles/filter-context.ts';
import { readDevices, type SubjectStores } from '../profiles/subjects.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { VerdictStore } from '../store/verdicts.ts';
import type { WaiverRecord, WaiverStore } from '../store/waivers.ts';

export interface LeniencyStores extends SubjectStores {
  calendars: CalendarStore;
  verdicts: VerdictStore;
  waivers: WaiverStore;
}

/** What may stand between failures of these devices and their verdicts, by device id; in a handful of queries. */
export async function readLeniencies(
  stores: LeniencyStores,
  policy: CompliancePolicy,
  ids: readonly string[],
  now: number,
): Promise<Map<string, Leniency>> {
  const devices = await readDevices(stores, ids);
  const calendarOf = nearestCalendar(await stores.calendars.list());
  const waivers = Map.groupBy(await stores.waivers.inForce(now), ({ target }) => `${target.kind} ${target.id}`);
  const failures = await stores.verdicts.failures(ids);
  return new Map(
    devices.map((device) => {
      const own = [`device ${device.id}`, `person ${device.personId}`].flatMap((key) => waivers.get(key) ?? []);
      const leniency = {
        policy,
        calendar: calendarOf(device),
        waivers: own.map(inForce),
        failures: failures(device.id),
      };
      return [device.id, leniency];
    }),
  );
}

function inForce({ check, until, by }: WaiverRecord): WaiverInForce {
  return { check, until, by: by.replace(/^staff:/, '').slice(0, 200) };
}
