import type { Commands } from '../../platform/commands.ts';
import { systemctl } from '../posture/updates.ts';

const timeoutMs = 10_000;
const longest = 86_400;

/**
 * How long the start took, asked of systemd once it knows and then never again in this process: it does not change until the
 * next start. Undefined while the system still starts, and without systemd.
 */
export function bootTimeReader(commands: Commands): () => Promise<number | undefined> {
  let known: number | undefined;
  return async () => {
    if (known !== undefined) return known;
    const shown = await commands.run(systemctl, ['show', '--property=FinishTimestampMonotonic'], { timeoutMs });
    known = shown.code === 0 ? parseFinish(shown.stdout) : undefined;
    return known;
  };
}

/**
 * From the kernel's first moment until all units of the start had been started, in seconds; 0 stands for not yet.
 * `FinishTimestampMonotonic`, microseconds: org.freedesktop.systemd1(5).
 */
export function parseFinish(shown: string): number | undefined {
  const microseconds = Number(/^FinishTimestampMonotonic=(\d{1,15})$/m.exec(shown)?.[1] ?? 0);
  const seconds = Math.round(microseconds / 100_000) / 10;
  return seconds > 0 && seconds <= longest ? seconds : undefined;
}
