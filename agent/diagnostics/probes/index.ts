import { judgeDiskHealth, judgeDiskSpace } from '../../../shared/diagnostics/judge/disk.ts';
import {
  judgeCrashes,
  judgePolicy,
  judgeUpdates,
  judgeWebFilter,
} from '../../../shared/diagnostics/judge/enforcement.ts';
import { judgeMemory, judgeProcessor, judgeTemperature } from '../../../shared/diagnostics/judge/load.ts';
import {
  judgeAddress,
  judgeGateway,
  judgeNameLookup,
  judgePortal,
  judgeWifi,
} from '../../../shared/diagnostics/judge/network.ts';
import { judgeBattery, judgePower } from '../../../shared/diagnostics/judge/power.ts';
import {
  judgeCertificate,
  judgeClock,
  judgeInterception,
  judgeServerPath,
} from '../../../shared/diagnostics/judge/server.ts';
import { type Probe, probe } from '../probe.ts';
import { lookAtAddress, lookAtGateway } from './address.ts';
import { lookAtMemory, lookAtProcessor } from './busy.ts';
import { lookAtDiskHealth } from './disk-health.ts';
import { lookAtDiskSpace } from './disk-space.ts';
import { lookAtFilter } from './filter.ts';
import { lookAtNames } from './names.ts';
import { lookAtPortal } from './portal.ts';
import { lookAtPower } from './power.ts';
import { lookAtCertificate, lookAtClock, lookAtInterception, lookAtServerPath } from './server-look.ts';
import { lookAtTemperature } from './temperature.ts';
import { lookAtCrashes, lookAtPolicy, lookAtUpdates } from './upkeep.ts';
import { lookAtWifi } from './wifi.ts';

/** Some programs are slow: smartctl, du, apt-get, PowerShell. */
const slow = { limitMs: 20_000 };
const fairlySlow = { limitMs: 15_000 };

/** In the order of `probeNames`; the slow ones are not all at the end. */
export const probes: readonly Probe[] = [
  probe('power', lookAtPower, judgePower),
  probe('battery', lookAtPower, judgeBattery),
  probe('disk-space', lookAtDiskSpace, judgeDiskSpace, fairlySlow),
  probe('disk-health', lookAtDiskHealth, judgeDiskHealth, slow),
  probe('memory', lookAtMemory, judgeMemory),
  probe('processor', lookAtProcessor, judgeProcessor, { alone: true }),
  probe('temperature', lookAtTemperature, judgeTemperature),
  probe('wifi', lookAtWifi, judgeWifi, slow),
  probe('address', lookAtAddress, judgeAddress),
  probe('gateway', lookAtGateway, judgeGateway, fairlySlow),
  probe('captive-portal', lookAtPortal, judgePortal),
  probe('name-lookup', lookAtNames, judgeNameLookup, fairlySlow),
  probe('tls-interception', lookAtInterception, judgeInterception, slow),
  probe('clock', lookAtClock, judgeClock, slow),
  probe('certificate', lookAtCertificate, judgeCertificate, slow),
  probe('server-path', lookAtServerPath, judgeServerPath, slow),
  probe('web-filter', lookAtFilter, judgeWebFilter, fairlySlow),
  probe('policy', lookAtPolicy, judgePolicy),
  probe('updates', lookAtUpdates, judgeUpdates, slow),
  probe('crashes', lookAtCrashes, judgeCrashes, fairlySlow),
];
