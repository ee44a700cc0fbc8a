import type { Clock, Random } from '../shared/clock.ts';
import type { Platform } from '../shared/profile/keywords.ts';
import type { Hardware, ReportRecord } from '../shared/protocol/messages.ts';
import type { Capability } from './capabilities/capability.ts';
import type { CapabilityParts } from './capabilities/registry.ts';
import type { Executors } from './commands/executor.ts';
import type { PageAddress } from './config.ts';
import type { BootClock } from './context/boot-clock.ts';
import type { NetworkReader } from './context/network/reader.ts';
import type { StandIns } from './diagnosis.ts';
import type { AboutHost } from './identity/about-host.ts';
import type { Log } from './log.ts';
import { systemClock, systemRandom } from './platform/clock.ts';
import { type Commands, type ScriptDoor, SystemCommands } from './platform/commands.ts';
import type { TableChanges } from './platform/table-changes.ts';
import type { HealthReporter } from './running-agent.ts';
import type { Home } from './store/home.ts';

export interface HealthParts {
  commands: Commands;
  clock: Clock;
  random: Random;
  platform: Platform;
  agentVersion: string;
  spooled: () => number;
  crashedAt: () => number | undefined;
  emit: (record: ReportRecord) => void;
  log: Log;
}

/** What makes one agent. The optional parts have the real thing as default; simulated devices bring their own. */
export interface AgentOptions {
  home: Home;
  /** Put before every path of the host; `/` is the host itself. */
  root: string;
  dnsAddress: string;
  dnsPort: number;
  /** Where the device's own pages answer; absent: it has none. */
  page?: PageAddress;
  /** What the device calls itself; default: its host name. */
  name?: string | undefined;
  log: Log;
  platform?: Platform;
  clock?: Clock;
  random?: Random;
  commands?: Commands;
  /** Where scripts of the district run. */
  scripts?: ScriptDoor;
  /** What the server may tell this device to do, in the place of what this host can. */
  executors?: Executors;
  /** What tells of changes of the packet filter. */
  tables?: TableChanges;
  /** What tells of the network the host is on. */
  network?: NetworkReader;
  boot?: BootClock;
  capabilities?: (parts: CapabilityParts) => Capability[];
  health?: (parts: HealthParts) => HealthReporter;
  hardware?: () => Promise<Hardware>;
  aboutHost?: () => Promise<AboutHost>;
  /** For devices that do not exist: what a technician sees of them. */
  diagnosed?: StandIns;
  /** Between periodic passes of a section, milliseconds. */
  periodMs?: number;
  /** False: no socket in HOME that answers `status` and `stop`. */
  localSocket?: boolean;
  /** Called when somebody asks over the local socket that the agent stops. */
  onStopAsked?: () => void;
}

/** With the real thing where most parts of an agent need it. */
export type Filled = AgentOptions & Required<Pick<AgentOptions, 'platform' | 'clock' | 'random' | 'commands'>>;

export function filled(options: AgentOptions): Filled {
  return {
    platform: hostPlatform(),
    clock: systemClock,
    random: systemRandom,
    commands: new SystemCommands(),
    ...options,
  };
}

/** The platform of this host, as the contracts name it. */
export function hostPlatform(): Platform {
  return process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
}
