import type { Check } from './check.ts';
import { agentCurrent } from './checks/agent-current.ts';
import { antivirusOn } from './checks/antivirus-on.ts';
import { batteryWorn } from './checks/battery-worn.ts';
import { clockRight } from './checks/clock-right.ts';
import { clockSynchronised } from './checks/clock-synchronised.ts';
import { diskEncrypted } from './checks/disk-encrypted.ts';
import { diskSpace } from './checks/disk-space.ts';
import { driveHealthy } from './checks/drive-healthy.ts';
import { filterMeasured } from './checks/filter-measured.ts';
import { firewallOn } from './checks/firewall-on.ts';
import { guestAccountOff } from './checks/guest-account-off.ts';
import { noTampering } from './checks/no-tampering.ts';
import { notLocalAdmin } from './checks/not-local-admin.ts';
import { osSupported } from './checks/os-supported.ts';
import { restartedLately } from './checks/restarted-lately.ts';
import { screenLocks } from './checks/screen-locks.ts';
import { secureBoot } from './checks/secure-boot.ts';
import { updatesAutomatic } from './checks/updates-automatic.ts';
import { usbStorageBlocked } from './checks/usb-storage-blocked.ts';

/** The library of checks, in the order people read them. A new check is added here and nowhere else. */
const library = [
  agentCurrent,
  diskEncrypted,
  firewallOn,
  screenLocks,
  updatesAutomatic,
  usbStorageBlocked,
  guestAccountOff,
  filterMeasured,
  notLocalAdmin,
  antivirusOn,
  secureBoot,
  osSupported,
  clockRight,
  clockSynchronised,
  noTampering,
  diskSpace,
  driveHealthy,
  batteryWorn,
  restartedLately,
] as const satisfies readonly Check[];

/** A check that lacks its words in some language does not compile: `shared/compliance/words`. */
export type CheckName = (typeof library)[number]['check'];
export const checks: readonly Check[] = library;
