import { guestAccount, localAdmins, passwordRules } from './accounts.ts';
import { diskEncryption, secureBoot, usbStorage } from './device.ts';
import { firewall } from './firewall.ts';
import { applications, updates } from './packages.ts';
import type { Scenario } from './scenario.ts';
import { screenLock } from './screen-lock.ts';
import { antivirus, timeSync } from './services.ts';

export const scenarios: readonly Scenario[] = [
  ...firewall,
  ...diskEncryption,
  ...secureBoot,
  ...antivirus,
  ...timeSync,
  ...updates,
  ...usbStorage,
  ...localAdmins,
  ...screenLock,
  ...guestAccount,
  ...passwordRules,
  ...applications,
];
