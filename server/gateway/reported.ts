import type { Reported } from '../bus.ts';
import type { DeviceReport, ReportOutcome } from '../store/reports.ts';

/** What the bus is told of a group of reports that were committed, once for all of them; `undefined`: nothing was. */
export function reportedOf(group: readonly { report: DeviceReport; outcome: ReportOutcome }[]): Reported | undefined {
  const [deviceIds, changed, restless] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const byKind = new Map<string, Set<string>>();
  for (const { report, outcome } of group) {
    if (outcome.kind !== 'committed') continue;
    const { deviceId } = report;
    deviceIds.add(deviceId);
    if (outcome.changes) changed.add(deviceId);
    if (outcome.isRestless) restless.add(deviceId);
    for (const { kind } of report.records) {
      const same = byKind.get(kind);
      if (same) same.add(deviceId);
      else byKind.set(kind, new Set([deviceId]));
    }
  }
  if (deviceIds.size === 0) return undefined;
  const kinds = Object.fromEntries([...byKind].map(([kind, ids]) => [kind, [...ids]]));
  return { deviceIds: [...deviceIds], byKind: kinds, changed: [...changed], restless: [...restless] };
}
