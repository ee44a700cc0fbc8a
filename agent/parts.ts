import type { ReportRecord } from '../shared/protocol/messages.ts';
import { type AgentOptions, type Filled, filled } from './agent-options.ts';
import { createBesideFilter } from './beside-filter.ts';
import type { Capability } from './capabilities/capability.ts';
import type { CapabilityParts } from './capabilities/registry.ts';
import { CommandDesk, type DeskParts } from './commands/desk.ts';
import { isHost } from './config.ts';
import type { ArtifactCache } from './connection/artifact-cache.ts';
import { systemBootClock } from './context/boot-clock.ts';
import { HostContext } from './context/context.ts';
import { openNetwork } from './context/network/open.ts';
import { Places } from './context/places.ts';
import { TrustedClock } from './context/trusted-clock.ts';
import type { DiagnosisDesk } from './diagnostics/session/desk.ts';
import type { FreshLook } from './fresh-look.ts';
import type { Latest } from './health/latest.ts';
import type { IdentityKeeper } from './identity/identity-keeper.ts';
import type { OwnView } from './pages/own-view.ts';
import { SystemCommands } from './platform/commands.ts';
import { HostFiles } from './platform/host-files.ts';
import { NftMonitor } from './platform/table-changes.ts';
import type { HealthReporter } from './running-agent.ts';
import type { HelpBook } from './store/help-book.ts';
import type { Store } from './store/open.ts';
import { StoredOriginals } from './store/originals.ts';
import { agentVersion } from './version.ts';

/** The capabilities on a home, without an agent around them: for removing what was set. */
export async function createCapabilitiesOf(
  options: AgentOptions,
  artifacts: ArtifactCache,
  given: Pick<CapabilityParts, 'context' | 'observer' | 'companions' | 'pageAddress' | 'recovery'> = {},
): Promise<Capability[]> {
  const { platform, commands, clock, random, home, root, dnsAddress, dnsPort, log } = filled(options);
  const { tables = new NftMonitor({ follower: new SystemCommands(), clock, log }) } = options;
  const host = { platform, commands, tables, files: new HostFiles(root, new StoredOriginals(home.originals)) };
  const create = options.capabilities ?? (await import('./capabilities/registry.ts')).createCapabilities;
  return create({ ...given, host, dnsAddress, dnsPort, artifacts, clock, random, log });
}

export function commandDeskOf(
  options: Filled,
  keeper: IdentityKeeper,
  store: Store,
  parts: Pick<DeskParts, 'files' | 'fresh' | 'artifacts' | 'trusted' | 'renew' | 'bootId'>,
): CommandDesk {
  const { home, root, clock, log, platform, commands, scripts = new SystemCommands(), executors } = options;
  const restartAgent = () => options.onStopAsked?.();
  const host = { platform, commands, scripts, isHost: isHost(root), executors };
  return new CommandDesk({ ...parts, ...host, home, keeper, store, restartAgent, clock, log });
}

export function besideFilterOf(
  { home, page, clock, random, log }: Filled,
  keeper: IdentityKeeper,
  { reports }: Store,
  shown: { own: () => OwnView; fresh: FreshLook; looks: DiagnosisDesk; help: HelpBook },
) {
  const emit = (record: ReportRecord) => reports.emit(record);
  return createBesideFilter({ home, page, identity: () => keeper.identity, emit, clock, random, log, ...shown });
}

export function contextOf(options: Filled, { reports }: Store): HostContext {
  const { home, clock, log, platform, commands, boot = systemBootClock } = options;
  const { network = openNetwork(platform, commands) } = options;
  const trusted = new TrustedClock({ clock, boot, path: home.clock, reports, log });
  return new HostContext(trusted, new Places({ network, clock, log }));
}

export async function healthOf(
  options: Filled,
  { spool, reports, runs }: Store,
  latest: Latest,
): Promise<HealthReporter> {
  const { commands, clock, random, platform, log } = options;
  const create = options.health ?? (await import('./health/index.ts')).createHealth;
  const emit = (record: ReportRecord) => {
    latest.note(record);
    reports.emit(record);
  };
  const own = { agentVersion, spooled: () => spool.length, crashedAt: () => runs.crashedAt };
  return create({ ...own, commands, clock, random, platform, emit, log });
}

/** Signs of ways around what is enforced here. */
export async function findingsOf(options: Filled, keeper: IdentityKeeper, { reports }: Store): Promise<HealthReporter> {
  const { platform, commands, home, root, dnsAddress, dnsPort, clock, random, log } = options;
  const { createFindings } = await import('./findings/index.ts');
  const host = { platform, commands, files: new HostFiles(root, new StoredOriginals(home.originals)) };
  const serverHosts = () => keeper.identity.agents.map((agent) => agent.host);
  const filter = { address: dnsAddress, port: dnsPort };
  return createFindings({ host, filter, serverHosts, reports, clock, random, log });
}

/** Both are started and stopped as one. */
export function together(...reporters: HealthReporter[]): HealthReporter {
  return {
    start: async () => {
      for (const reporter of reporters) await reporter.start();
    },
    stop: async () => {
      for (const reporter of reporters) await reporter.stop();
    },
  };
}
