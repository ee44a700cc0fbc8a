import type { HealthCollectorName, ObservationName } from '../../shared/protocol/health.ts';
import type { Job } from './schedule.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

type Cadence = Pick<Job, 'everyMs' | 'firstWithinMs' | 'limitMs'>;

/** How often each is read. Those that spawn programs are rare; the frequent ones only read a few kernel files. */
const cadence: Readonly<Record<HealthCollectorName | ObservationName, Cadence>> = {
  system: { everyMs: 24 * hour, firstWithinMs: second, limitMs: 30 * second },
  load: { everyMs: minute, firstWithinMs: second, limitMs: 20 * second },
  network: { everyMs: 2 * minute, firstWithinMs: 2 * second, limitMs: 20 * second },
  battery: { everyMs: 3 * minute, firstWithinMs: 2 * second, limitMs: 20 * second },
  agent: { everyMs: 10 * minute, firstWithinMs: 3 * second, limitMs: 10 * second },
  temperatures: { everyMs: 15 * minute, firstWithinMs: 3 * second, limitMs: 30 * second },
  disks: { everyMs: 15 * minute, firstWithinMs: 4 * second, limitMs: 60 * second },
  /** Asks the package system, which takes seconds of CPU. */
  os: { everyMs: 6 * hour, firstWithinMs: 5 * second, limitMs: 3 * minute },
  /** With jitter at most five minutes apart: a firewall turned off is seen within that time. */
  diskEncryption: { everyMs: 4.5 * minute, firstWithinMs: 3 * second, limitMs: 45 * second },
  firewall: { everyMs: 4.5 * minute, firstWithinMs: 3 * second, limitMs: 45 * second },
  /** Changes when somebody signs in or an account does. */
  localAdmins: { everyMs: 5 * minute, firstWithinMs: 4 * second, limitMs: 45 * second },
  /** Changes at a restart only. */
  secureBoot: { everyMs: 12 * hour, firstWithinMs: 5 * second, limitMs: 45 * second },
  antivirus: { everyMs: 15 * minute, firstWithinMs: 5 * second, limitMs: 60 * second },
  screenLock: { everyMs: 15 * minute, firstWithinMs: 4 * second, limitMs: 45 * second },
  updates: { everyMs: 30 * minute, firstWithinMs: 5 * second, limitMs: 60 * second },
  usbStorage: { everyMs: 15 * minute, firstWithinMs: 4 * second, limitMs: 60 * second },
  guestAccount: { everyMs: 15 * minute, firstWithinMs: 4 * second, limitMs: 60 * second },
  timeSync: { everyMs: 15 * minute, firstWithinMs: 4 * second, limitMs: 60 * second },
};

/** On Windows each of these readings starts PowerShell, which costs a second of CPU. */
const slowerOnWindows: Readonly<Record<string, number>> = {
  battery: 15 * minute,
  network: 10 * minute,
  localAdmins: 15 * minute,
};

export function cadenceOf(
  platform: 'linux' | 'darwin' | 'win32',
  name: HealthCollectorName | ObservationName,
): Cadence {
  const everyMs = platform === 'win32' ? slowerOnWindows[name] : undefined;
  return everyMs === undefined ? cadence[name] : { ...cadence[name], everyMs };
}
