/** One setting that was put right, by the trusted clock. */
export interface Correction {
  section: string;
  item: string;
  at: number;
}

/** What becomes of a setting that is wrong now. */
export interface Repair {
  /** Something keeps changing it: a finding rather than an endless fight. */
  isTampered: boolean;
  /** Not to be put right before this; `now` or earlier: at once. */
  notBefore: number;
}

const minute = 60_000;
/** So many corrections of one setting within `tamperWithinMs` are tampering. */
export const tamperCount = 3;
export const tamperWithinMs = 60 * minute;
/** Then it is put right no oftener than this. */
export const tamperedEveryMs = 3 * minute;
/** And after so long without a correction it is over. */
export const quietMs = 60 * minute;

/**
 * Pure. `history`: when the setting was put right, oldest first. The first corrections come at once; from the third within an
 * hour on, they are minutes apart until an hour was quiet. Moments that lie ahead are from before the clock was corrected.
 */
export function decideRepair(history: readonly number[], now: number): Repair {
  const run = lastRun(history, now);
  const isTampered = run.some((at, index) => at - (run[index - tamperCount + 1] ?? -Infinity) < tamperWithinMs);
  return { isTampered, notBefore: isTampered ? (run.at(-1) ?? now) + tamperedEveryMs : now };
}

/** The corrections since the last quiet hour; none when the last hour was quiet. */
export function lastRun(history: readonly number[], now: number): number[] {
  const past = history.filter((at) => at <= now);
  const first = past.findLastIndex((at, index) => (past[index + 1] ?? now) - at >= quietMs) + 1;
  return past.slice(first);
}

const longest = 1000;

/** What the finding says of the settings that are tampered with; empty when none is. */
export function tamperWords(corrections: readonly Correction[], now: number): string {
  const settings = tampered(corrections, now).map(({ section, item, run }) => `${section}: ${changed(item, run)}`);
  if (settings.length === 0) return '';
  const ending = `. It is put right every ${tamperedEveryMs / minute} minutes at most.`;
  return settings.join('; ').slice(0, longest - ending.length) + ending;
}

/** Those that are tampered with, the latest first. */
export function tampered(corrections: readonly Correction[], now: number) {
  return Map.groupBy(corrections, ({ section, item }) => JSON.stringify([section, item]))
    .values()
    .flatMap((of) => {
      const [first] = of;
      const history = of.map(({ at }) => at);
      const isTampered = first !== undefined && decideRepair(history, now).isTampered;
      return isTampered ? [{ section: first.section, item: first.item, run: lastRun(history, now) }] : [];
    })
    .toArray()
    .sort((a, b) => (b.run.at(-1) ?? 0) - (a.run.at(-1) ?? 0));
}

/** `X was changed back 4 times between 2026-10-05T14:00Z and 2026-10-05T14:20Z` */
export function changed(item: string, run: readonly number[]): string {
  const [first = 0, last = 0] = [run[0], run.at(-1)];
  return `${item.slice(0, 300)} was changed back ${run.length} times between ${inWords(first)} and ${inWords(last)}`;
}

export function inWords(at: number): string {
  return new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}
