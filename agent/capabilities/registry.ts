import type { Clock, Random } from '../../shared/clock.ts';
import type { ArtifactSource } from '../connection/artifact-source.ts';
import type { Context } from '../context/context.ts';
import { accompanied } from '../filter/accompanied.ts';
import type { Companion, QueryObserver } from '../filter/view.ts';
import type { Log } from '../log.ts';
import { createAccessibility } from './accessibility/index.ts';
import { createAntivirus } from './antivirus/index.ts';
import { createApplications } from './applications/index.ts';
import { Dconf } from './baseline/dconf.ts';
import { createBrowser } from './browser/index.ts';
import type { Capability, Host } from './capability.ts';
import type { RecoveryDesk } from './diskEncryption/desk.ts';
import { createDiskEncryption } from './diskEncryption/index.ts';
import { createFirewall } from './firewall/index.ts';
import { createGuestAccount } from './guestAccount/index.ts';
import { createLocalAdmins } from './localAdmins/index.ts';
import { createPasswordRules } from './passwordRules/index.ts';
import { createScreenLock } from './screenLock/index.ts';
import { createSecureBoot } from './secureBoot/index.ts';
import { createTimeSync } from './timeSync/index.ts';
import { createUpdates } from './updates/index.ts';
import { createUsbStorage } from './usbStorage/index.ts';
import { createWebFilter } from './webFilter/index.ts';
import { createWifi } from './wifi/index.ts';

/** What the agent offers its capabilities. */
export interface CapabilityParts {
  host: Host;
  dnsAddress: string;
  dnsPort: number;
  artifacts: ArtifactSource;
  clock: Clock;
  random: Random;
  /** Hears of every name the web filter decides. */
  observer?: QueryObserver;
  /** What begins and ends with the web filter. */
  companions?: readonly Companion[];
  /** Where the web filter sends blocked names to be explained; absent: nowhere. */
  pageAddress?: string;
  log: Log;
  /** Where recovery keys are handed in; absent where settings are only put back. */
  recovery?: RecoveryDesk;
  /** The moment and the place; absent where settings are only put back. */
  context?: Context;
}

/** Every capability of this agent, for the platform of its host. To add one: docs/checklists/add-a-capability.md */
export function createCapabilities({ host, companions = [], ...parts }: CapabilityParts): Capability[] {
  const dconf = new Dconf(host);
  return [
    accompanied(createWebFilter(host, parts), companions),
    createBrowser(host),
    createDiskEncryption(host, parts),
    createFirewall(host),
    createUsbStorage(host),
    createGuestAccount(host),
    createLocalAdmins(host),
    createPasswordRules(host),
    createApplications(host),
    createScreenLock(host, dconf),
    createUpdates(host),
    createTimeSync(host),
    createAntivirus(host),
    createSecureBoot(host),
    createWifi(host),
    createAccessibility(host, dconf),
  ];
}
