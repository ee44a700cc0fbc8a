import type { Landing } from '../../shared/api/schemas.ts';
import {
  type DesiredSection,
  type SectionReport,
  type SectionStanding,
  standingOf,
} from '../../shared/policy/standing.ts';
import { type CapabilityName, capabilities } from '../../shared/profile/registry.ts';
import type { SectionStatus } from '../../shared/protocol/messages.ts';

/** Devices alike in the sections of a profile's capabilities they should hold, and in what they said of them. */
interface Alike {
  sections: readonly DesiredSection[];
  reports: readonly SectionStanding[];
  deviceIds: readonly string[];
}

/** A device of which the page says more. */
export interface ShownDevice {
  id: string;
  name: string;
  simulated: boolean;
  connected: boolean;
  status: SectionStatus;
  /** Of its sections the worst; undefined: it should hold none of them. */
  section: string | undefined;
  reports: readonly SectionReport[];
}

type LandingRow = Landing['devices'][number];

/** Worst first; a device stands where its worst section stands. */
export const worstFirst: readonly SectionStatus[] = ['failed', 'pending', 'applied', 'unsupported', 'verified'];
export const rowsShown = 200;

/** By status: the devices that stand so, each with its worst section. */
export type Standings = Record<SectionStatus, Map<string, string | undefined>>;

export function standingsOf(groups: readonly Alike[]): Standings {
  const standings: Standings = {
    ...{ pending: new Map(), applied: new Map(), verified: new Map(), failed: new Map(), unsupported: new Map() },
  };
  for (const { deviceIds, ...alike } of groups) {
    const { status, section } = worstOf(alike);
    for (const id of deviceIds) standings[status].set(id, section);
  }
  return standings;
}

/** How a revision is landing, in words. */
export function landingOf(
  revision: { number: number; publishedAt: number } | null,
  standings: Standings,
  shown: readonly ShownDevice[],
): Landing {
  const { pending, applied, verified, failed, unsupported } = standings;
  const counts = {
    ...{ pending: pending.size, applied: applied.size, verified: verified.size },
    ...{ failed: failed.size, unsupported: unsupported.size },
  };
  return {
    revision: revision?.number ?? null,
    publishedAt: revision === null ? null : new Date(revision.publishedAt).toISOString(),
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    ...counts,
    devices: shown.map(rowOf),
  };
}

function worstOf({ sections, reports }: Omit<Alike, 'deviceIds'>): Pick<ShownDevice, 'status' | 'section'> {
  let worst: Pick<ShownDevice, 'status' | 'section'> = { status: 'pending', section: undefined };
  for (const desired of sections) {
    const report = reports.find(({ section }) => section === desired.section);
    const status = standingOf(report, desired);
    if (worst.section === undefined || rank(status) < rank(worst.status)) worst = { status, section: desired.section };
  }
  return worst;
}

const rank = (status: SectionStatus) => worstFirst.indexOf(status);

function rowOf({ id, name, simulated, connected, status, section, reports }: ShownDevice): LandingRow {
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
