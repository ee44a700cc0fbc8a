import type { ObservationRecord } from '../shared/protocol/messages.ts';
import { type ChangingObservation, isWrong, observedAs, type SimulatedDevice } from './simulated-health.ts';
import type { Chance } from './simulated-values.ts';

const day = 86_400_000;
/** How often something that is right today was wrong for some days since the beginning. */
const mishaps: Partial<Record<ChangingObservation, number>> = {
  ...{ firewall: 0.15, updates: 0.4, screenLock: 0.3, diskEncryption: 0.2 },
};

/**
 * What a device would have said since `from` of what changes on it, oldest first: it ends as it is today, and what is wrong
 * today began some time before. Pure; the same throws give the same past.
 */
export function simulatedPast(device: SimulatedDevice, chance: Chance, from: number, now: number): ObservationRecord[] {
  const past = device.records.flatMap((record) => {
    if (record.kind !== 'observation') return [];
    const wrong = isWrong(record);
    if (wrong === undefined) return [{ ...record, at: from }];
    const name = record.name as ChangingObservation;
    const said = (at: number, isSo: boolean) => observedAs(name, device, isSo, Math.round(at));
    if (wrong) {
      const since = begin(name, chance, from, now);
      return since <= from ? [said(from, true)] : [said(from, false), said(since, true)];
    }
    if (chance.unit() >= (mishaps[name] ?? 0)) return [said(from, false)];
    return mishap(chance, from, now).map(({ at, isSo }) => said(at, isSo));
  });
  return past.toSorted((a, b) => a.at - b.at);
}

/** Half of the disks were never encrypted; everything else began in the last weeks, most of it lately. */
function begin(name: ChangingObservation, chance: Chance, from: number, now: number): number {
  const ago = now - chance.unit() ** 2 * 20 * day;
  return name === 'diskEncryption' && chance.unit() < 0.5 ? from : Math.max(from, ago);
}

/** Half of them were there from the first day and were put right in the first weeks. */
function mishap(chance: Chance, from: number, now: number): { at: number; isSo: boolean }[] {
  const lasts = (2 + 9 * chance.unit()) * day;
  if (chance.unit() < 0.5)
    return [
      { at: from, isSo: true },
      { at: Math.min(from + lasts, now), isSo: false },
    ];
  const at = from + (now - from - lasts) * chance.unit();
  return [
    { at: from, isSo: false },
    { at: Math.max(at, from + 1), isSo: true },
    { at: Math.max(at, from + 1) + lasts, isSo: false },
  ].filter((one) => one.at <= now);
}
