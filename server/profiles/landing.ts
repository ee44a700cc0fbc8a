import type { Landing } from '../../shared/api/schemas.ts';
import {
  type DesiredSection,
  type SectionReport,
  type SectionStanding,
  standingOf,
} from '../../shared/policy/standing.ts';
import { type CapabilityName, capabilities } from '../../shared/profile/registry.ts';
import type { SectionStatus } from '../../shared/protocol/messages.ts';
import { lowest } from './lowest.ts';

/** A device a profile reaches, with the sections of that profile's capabilities it should hold. */
export interface LandingDevice {
  id: string;
  name: string;
  simulated: boolean;
  connected: boolean;
  sections: readonly DesiredSection[];
  reports: readonly SectionStanding[];
}

type LandingRow = Landing['devices'][number];
type Counts = Record<SectionStatus, number>;

/** Worst first; a device stands where its worst section stands. */
const worstFirst: readonly SectionStatus[] = ['failed', 'pending', 'applied', 'unsupported', 'verified'];
const rowsShown = 200;

/** How every device stands, and of which the page says more. */
export interface Standings {
  counts: Counts;
  shown: readonly Standing[];
}

interface Standing {
  device: LandingDevice;
  status: SectionStatus;
  /** Of the worst section; undefined: the device should hold none of them. */
  section: string | undefined;
}

/** Everything is counted, and what needs somebody's eyes comes first. */
export function standingsOf(devices: readonly LandingDevice[]): Standings {
  const standings = devices.map(standingIn);
  const counts: Counts = { pending: 0, applied: 0, verified: 0, failed: 0, unsupported: 0 };
  for (const { status } of standings) counts[status] += 1;
  return { counts, shown: firstOf(standings, rowsShown) };
}

/** How a revision is landing, in words. `reports`: of the devices shown, by their ids. */
export function landingOf(
  revision: { number: number; publishedAt: number } | null,
  { counts, shown }: Standings,
  reports: ReadonlyMap<string, readonly SectionReport[]>,
): Landing {
  return {
    revision: revision?.number ?? null,
    publishedAt: revision === null ? null : new Date(revision.publishedAt).toISOString(),
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    ...counts,
    devices: shown.map((one) => rowOf(one, reports.get(one.device.id) ?? [])),
  };
}

function standingIn(device: LandingDevice): Standing {
  let worst: Standing = { device, status: 'pending', section: undefined };
  for (const desired of device.sections) {
    const report = device.reports.find(({ section }) => section === desired.section);
    const status = standingOf(report, desired);
    if (worst.section === undefined || rank(status) < rank(worst.status))
      worst = { device, status, section: desired.section };
  }
  return worst;
}

const rank = (status: SectionStatus) => worstFirst.indexOf(status);

/** The worst, by name; only those are sorted that can be among them: a district has more devices than a page has rows. */
function firstOf(standings: readonly Standing[], count: number): Standing[] {
  const shown: Standing[] = [];
  for (const status of worstFirst) {
    const alike = standings.filter((one) => one.status === status);
    shown.push(...lowest(alike, count - shown.length, (a, b) => byName.compare(a.device.name, b.device.name)));
  }
  return shown;
}

const byName = new Intl.Collator('en');

function rowOf({ device, status, section }: Standing, reports: readonly SectionReport[]): LandingRow {
  const { id, name, simulated, connected } = device;
  const report = reports.find((one) => one.section === section);
  const title = section === undefined ? '' : `${capabilities[section as CapabilityName].title}: `;
  const words = `${title}${statusWords(status, connected, report?.failure?.message)}`.slice(0, 600);
  const at = status === 'pending' || !report ? null : new Date(report.at).toISOString();
  return { deviceId: id, name, simulated, connected, status, words, at };
}

function statusWords(status: SectionStatus, connected: boolean, failure: string | undefined): string {
  switch (status) {
    case 'failed':
      return failure ?? 'The device could not apply it and did not say why.';
    case 'pending':
      return connected ? 'On its way.' : 'The device is offline; it applies this when it is back.';
    case 'applied':
      return 'Applied, but the device could not prove it.';
    case 'unsupported':
      return failure ?? 'This device cannot do this.';
    case 'verified':
      return 'In force; the device looked.';
  }
}
