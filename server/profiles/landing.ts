import type { Landing } from '../../shared/api/schemas.ts';
import { type DesiredSection, type SectionReport, standingOf } from '../../shared/policy/standing.ts';
import { type CapabilityName, capabilities } from '../../shared/profile/registry.ts';
import type { SectionStatus } from '../../shared/protocol/messages.ts';

/** A device a profile reaches, with the sections of that profile's capabilities it should hold. */
export interface LandingDevice {
  id: string;
  name: string;
  simulated: boolean;
  connected: boolean;
  sections: readonly DesiredSection[];
  reports: readonly SectionReport[];
}

type LandingRow = Landing['devices'][number];
type Counts = Record<SectionStatus, number>;

/** Worst first; a device stands where its worst section stands. */
const worstFirst: readonly SectionStatus[] = ['failed', 'pending', 'applied', 'unsupported', 'verified'];
const rowsShown = 200;

/** How a revision is landing: everything is counted, and what needs somebody's eyes is listed first. */
export function landingOf(
  revision: { number: number; publishedAt: number } | null,
  devices: readonly LandingDevice[],
): Landing {
  const rows = devices.map(rowOf);
  const counts: Counts = { pending: 0, applied: 0, verified: 0, failed: 0, unsupported: 0 };
  for (const { status } of rows) counts[status] += 1;
  const order = (row: LandingRow) => worstFirst.indexOf(row.status);
  return {
    revision: revision?.number ?? null,
    publishedAt: revision === null ? null : new Date(revision.publishedAt).toISOString(),
    total: rows.length,
    ...counts,
    devices: rows.sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name, 'en')).slice(0, rowsShown),
  };
}

function rowOf({ id, name, simulated, connected, sections, reports }: LandingDevice): LandingRow {
  const standings = sections.map((desired) => {
    const report = reports.find(({ section }) => section === desired.section);
    return { section: desired.section, status: standingOf(report, desired), report };
  });
  const worst = standings.sort((a, b) => worstFirst.indexOf(a.status) - worstFirst.indexOf(b.status))[0];
  const status = worst?.status ?? 'pending';
  const failure = worst?.report?.failure?.message;
  const title = worst ? `${capabilities[worst.section as CapabilityName].title}: ` : '';
  const words = `${title}${statusWords(status, connected, failure)}`.slice(0, 600);
  const at = status === 'pending' || !worst?.report ? null : new Date(worst.report.at).toISOString();
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
