import { sectionCheck } from '../../shared/compliance/described.ts';
import { policyName, settingsInForce } from '../../shared/compliance/policy.ts';
import { type DeviceStanding, standingAt } from '../../shared/compliance/timeline.ts';
import { sectionsByGeneration } from '../profiles/device-views.ts';
import { type CaseStores, type District, readWaivers } from './cases.ts';
import { holdingsOf } from './holdings.ts';

/**
 * How those of these devices stand that are in service and were judged: by what is stored of their checks, and by policies,
 * waivers and graces as they are now. Nothing that a device said is read again, so that a fleet may ask at once.
 */
export async function readStandings(
  stores: CaseStores,
  district: District,
  ids: readonly string[],
): Promise<Map<string, DeviceStanding>> {
  const custodies = await stores.custody.everOfDevices(ids);
  const holders = [...new Set([...custodies.values()].flat().map(({ personId }) => personId))];
  const people = await stores.people.scopes(holders, district.asksClasses ? district.now : undefined);
  const waiversOf = await readWaivers(stores, [...ids, ...holders]);
  const open = await stores.checkIntervals.open(ids);
  const askedOf = await readAsked(stores, ids);
  const standings = new Map<string, DeviceStanding>();
  for (const device of await stores.desired.activeDevices(ids)) {
    const checks = open.get(device.id) ?? [];
    const own = custodies.get(device.id) ?? [];
    const now = Math.max(district.now, ...checks.map(({ from }) => from));
    const { calendarOf, policies } = district;
    const holdings = holdingsOf({ device, custodies: own, people, calendarOf }, checks, now);
    const standing = standingAt({ checks, holdings, waivers: waiversOf(device.id, own), policies }, now);
    if (!standing) continue;
    const asked = askedOf(device.id);
    const isAsked = (check: string) => policyName(check) !== settingsInForce || asked.has(check);
    standings.set(device.id, { ...standing, findings: standing.findings.filter(({ check }) => isAsked(check)) });
  }
  return standings;
}

/** The checks of the sections that a device should hold. */
async function readAsked(stores: CaseStores, ids: readonly string[]): Promise<(id: string) => ReadonlySet<string>> {
  const desired = await stores.desired.ofDevices(ids);
  const generations = [...new Set([...desired.values()].map(({ generation }) => generation))];
  const checks = new Map(
    [...(await sectionsByGeneration(stores.desired, generations))].map(([generation, sections]) => [
      generation,
      new Set(Object.keys(sections).map(sectionCheck)),
    ]),
  );
  return (id) => checks.get(desired.get(id)?.generation ?? 0) ?? none;
}

const none: ReadonlySet<string> = new Set();
