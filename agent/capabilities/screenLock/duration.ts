import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';

const usualGrace = 5;

/** Whoever needs more time gets it, however soon other profiles lock; undefined: no lock is asked for. */
export function minutesOf({ idleMinutes, longerMinutes = 0 }: ScreenLockSettings): number | undefined {
  return idleMinutes === undefined ? undefined : Math.max(idleMinutes, longerMinutes);
}

export function graceOf({ graceSeconds = usualGrace }: ScreenLockSettings): number {
  return graceSeconds;
}
