import type { Clock } from '../../shared/clock.ts';

/** The first readings of health are over by then. */
const firstMs = 20_000;
const everyMs = 3_600_000;
/** As when memory runs out: lets go of compiled functions that nobody called lately, too. */
export const thorough = { type: 'major', execution: 'sync', flavor: 'last-resort' } as const;

export type Collect = (how: typeof thorough) => void;

/**
 * Gives back what the start took, and then each hour what was used once: an idle agent allocates so little that V8 would not
 * collect by itself for hours. Takes 30 to 50 ms of a processor each time (docs/decisions/0042). The returned function ends it.
 * Nothing happens in a process without `--expose-gc` (installers/agent-node-flags.json).
 */
export function collectEachHour(clock: Clock, collect: Collect | undefined = globalThis.gc): () => void {
  let cancel: () => void = () => undefined;
  const after = (ms: number) => {
    cancel = clock.after(ms, () => {
      collect?.(thorough);
      after(everyMs);
    });
  };
  if (collect) after(firstMs);
  return () => cancel();
}
