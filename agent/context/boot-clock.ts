import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Time since the machine started, which nobody who uses it can set. */
export interface BootClock {
  /** Milliseconds since the start of the machine, those asleep included. */
  elapsed(): number;
  /** The same as long as the machine runs; undefined where the system has none that the clock cannot change. */
  bootId(): string | undefined;
}

const bootIdPath = '/proc/sys/kernel/random/boot_id';

/**
 * `os.uptime` counts sleep: on Linux it is /proc/uptime, which is CLOCK_BOOTTIME (proc_uptime(5)); on Windows GetTickCount64,
 * which "includes time the system spends in sleep or hibernation"
 * (https://learn.microsoft.com/windows/win32/sysinfo/windows-time); on macOS the time since kern.boottime.
 */
export const systemBootClock: BootClock = {
  elapsed: () => uptime() * 1000,
  bootId() {
    try {
      return readFileSync(bootIdPath, 'utf8').trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
};
