import type { Dice } from '../../../server/demo/dice.ts';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';

/** Of ten deltas so many are of the load. */
const loads = 0.7;

/** What the collectors of a laptop in use find changed most of the time. */
export function healthDelta(dice: Dice): ReportRecord {
  const percent = Math.round(dice.unit() * 100);
  const common = { kind: 'health', at: Date.now() } as const;
  if (dice.unit() < loads)
    return { ...common, collector: 'load', value: { cpuPercent: percent, memoryUsedPercent: 40 + (percent % 40) } };
  const value = { present: true, chargePercent: percent, charging: dice.unit() < 0.5 };
  return { ...common, collector: 'battery', value };
}
