import { conclude } from '../../shared/diagnostics/judge/conclude.ts';
import { unknown } from '../../shared/diagnostics/judge/result.ts';
import type { Examination, ProbeResult } from '../../shared/diagnostics/probe.ts';
import { type ExaminerParts, openLook } from './look.ts';
import type { Probe } from './probe.ts';
import { probes as everyProbe } from './probes/index.ts';
import { redactAll } from './redact.ts';

export type { ExaminerParts } from './look.ts';

export interface Examiner {
  /**
   * Looks at everything and says in words what is wrong, redacted. Takes 30 seconds at most: what is not ready by then is
   * unknown. Rejects with the signal's reason when it is cancelled; nothing it started runs on after either end.
   */
  examine(signal: AbortSignal): Promise<Examination>;
}

const wholeMs = 28_000;
/** A slow laptop is not made slower: so many probes look at once. */
const atOnce = 5;

/** One click on “what is wrong?”. `probes` is for tests; the default looks at everything. */
export function createExaminer(given: ExaminerParts, probes: readonly Probe[] = everyProbe): Examiner {
  return {
    examine: async (signal) => {
      signal.throwIfAborted();
      const { clock } = given;
      let redaction: ReturnType<ExaminerParts['redaction']> | undefined;
      const parts: ExaminerParts = {
        ...given,
        redaction: () => {
          redaction ??= given.redaction();
          return redaction;
        },
      };
      const began = clock.monotonic();
      const at = Math.max(0, Math.round(parts.now?.() ?? clock.now()));
      const whole = new Limit(parts, signal, wholeMs);
      try {
        const [found, context] = await Promise.all([lookAtAll(parts, probes, whole), parts.redaction()]);
        signal.throwIfAborted();
        const results = redactAll(found, context);
        const tookMs = Math.min(600_000, Math.round(clock.monotonic() - began));
        return { at, tookMs, conclusions: conclude(results), probes: results };
      } finally {
        whole.end();
      }
    },
  };
}

/** Those that measure how busy the device is go first and alone: the others would be what they see. */
async function lookAtAll(parts: ExaminerParts, probes: readonly Probe[], whole: Limit): Promise<ProbeResult[]> {
  const look = openLook(parts, whole.signal);
  const results = new Map<Probe, ProbeResult>();
  const lookAt = async (probe: Probe) => {
    results.set(probe, await within(parts, probe, look, whole));
  };
  for (const probe of probes.filter(({ alone }) => alone)) await lookAt(probe);
  const waiting = probes.filter(({ alone }) => !alone).values();
  const lane = async () => {
    for (const probe of waiting) await lookAt(probe);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return probes.flatMap((probe) => results.get(probe) ?? []);
}

/** One probe that hangs or breaks costs its own answer and no other. */
async function within(
  parts: ExaminerParts,
  { name, limitMs, look }: Probe,
  { at }: ReturnType<typeof openLook>,
  whole: Limit,
): Promise<ProbeResult> {
  const limit = new Limit(parts, whole.signal, limitMs);
  try {
    return await Promise.race([look(at(limit.signal)), limit.over()]);
  } catch (error) {
    if (limit.isOver) return unknown(name, `This could not be looked at within ${Math.round(limitMs / 1000)} seconds.`);
    parts.log.warn({ err: error, probe: name }, 'A probe failed.');
    return unknown(name, 'This could not be looked at: the log of the agent says why.');
  } finally {
    limit.end();
  }
}

/** A signal that ends with another one or after a time. */
class Limit {
  readonly #controller = new AbortController();
  readonly #cancel: () => void;
  readonly signal: AbortSignal;

  constructor({ clock }: ExaminerParts, above: AbortSignal, ms: number) {
    this.#cancel = clock.after(ms, () => this.end());
    this.signal = AbortSignal.any([above, this.#controller.signal]);
  }

  get isOver(): boolean {
    return this.signal.aborted;
  }

  /** Rejects when it is over. */
  over(): Promise<never> {
    return new Promise((_, reject) => {
      if (this.signal.aborted) reject(this.signal.reason);
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
    });
  }

  end(): void {
    this.#cancel();
    this.#controller.abort(new Error('The time for this is over.'));
  }
}
