import type { ProbeName, ProbeResult } from '../../shared/diagnostics/probe.ts';
import type { Look } from './look.ts';

/** One question of a technician. */
export interface Probe {
  name: ProbeName;
  /** After this the answer is unknown. */
  limitMs: number;
  /** Measures how busy the device is: nothing else of the examination runs meanwhile. */
  alone?: boolean;
  look(look: Look): Promise<ProbeResult>;
}

const usualLimitMs = 8_000;

/** A probe collects facts and hands them to a pure judgement. */
export function probe<F>(
  name: ProbeName,
  collect: (look: Look) => Promise<F>,
  judge: (facts: F) => ProbeResult,
  { limitMs = usualLimitMs, alone = false }: { limitMs?: number; alone?: boolean } = {},
): Probe {
  return { name, limitMs, alone, look: async (look) => judge(await collect(look)) };
}
