import { compliancePolicyDefaults } from '../../shared/compliance/policy.ts';
import { type DeviceInputs, deviceTimeline } from '../../shared/compliance/timeline.ts';
import type { FindingStatus } from '../../shared/compliance/verdict.ts';
import { unknownDevice } from '../../shared/policy/subject.ts';
import type { Desk } from './compliance-pages.ts';
import type { Report } from './report.ts';

interface Row {
  check_name: string;
  status: FindingStatus;
  seen: string;
  from_at: number;
  to_at: number | null;
}

/** Derives the verdicts of some devices from their stored checks, from the first day on, by the product's one function. */
export function replay({ sqlite }: Desk, sample: number, begin: number, end: number, report: Report): void {
  const rowsOf = sqlite.prepare('select * from check_interval where device_id = ? order by from_at');
  const inputs = Array.from({ length: sample }, (_, n) =>
    inputsOf(`device-${n}`, rowsOf.all(`device-${n}`) as Row[], begin),
  );
  const started = performance.now();
  const intervals = inputs.reduce((sum, one) => sum + deviceTimeline(one, begin, end).spans.length, 0);
  const each = (performance.now() - started) / sample;
  report.note(`\n${sample} devices replayed from scratch: ${intervals} verdicts`);
  report.figure('all days of one device', each, 'ms');
}

function inputsOf(deviceId: string, rows: readonly Row[], begin: number): DeviceInputs {
  return {
    checks: rows.map(({ check_name, status, seen, from_at, to_at }) => ({
      ...{ check: check_name, status, seen, from: from_at, to: to_at },
      failingSince: status === 'fail' ? from_at : null,
    })),
    holdings: [
      {
        ...{ from: begin, to: null, custodyId: 'c', personId: 'p', orgId: 'school-0', calendar: undefined },
        subject: { ...unknownDevice, deviceId },
      },
    ],
    waivers: [],
    policies: [{ from: 0, policy: compliancePolicyDefaults }],
  };
}
