import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import { macManagedFile, macScreenLock } from '../../health/posture/screen-lock.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import type { Host } from '../capability.ts';
import { graceOf, minutesOf } from './duration.ts';

/**
 * macOS takes the lock from a profile of MDM alone, so it is only looked at. Tested on documented output, not run on a real
 * Mac. https://developer.apple.com/documentation/devicemanagement/screensaver
 */
export class MacScreenLock implements HostPart<ScreenLockSettings> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost) this.unsupportedWhy = 'Profiles of MDM are looked at on the host itself only.';
  }

  async observe(settings: ScreenLockSettings): Promise<Line[]> {
    const minutes = minutesOf(settings);
    if (minutes === undefined) return [];
    const most = minutes * 60 + graceOf(settings);
    const { state, afterSeconds = 0, evidence } = await macScreenLock(this.#host.commands);
    const expected = `locked within ${most} seconds by a profile of MDM`;
    if (state === 'enforced' && afterSeconds <= most) return [line(macManagedFile, expected, expected)];
    return [forPeople(macManagedFile, expected, state === 'enforced' ? `after ${afterSeconds} seconds` : evidence)];
  }

  /** Nothing can be set, so there is nothing to change, to hold or to put back. */
  apply(): Promise<void> {
    return Promise.resolve();
  }

  holds(): Promise<boolean> {
    return Promise.resolve(false);
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  watched(): string[] {
    return [macManagedFile];
  }
}
