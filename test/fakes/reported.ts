import type { Reported } from '../../server/bus.ts';

/** What the bus is told of one report, as the gateway tells it; without `changed`, checks read something new in it. */
export function reportedBy(deviceId: string, kinds: readonly (keyof Reported['byKind'])[], changed = true): Reported {
  const deviceIds = [deviceId];
  const byKind = Object.fromEntries(kinds.map((kind) => [kind, deviceIds]));
  return { deviceIds, byKind, changed: changed ? deviceIds : [], restless: [] };
}
