import type { Clock, Random } from '../shared/clock.ts';
import type { Platform } from '../shared/profile/keywords.ts';
import { type Hardware, RecordReadsMessage, type ReportRecord } from '../shared/protocol/messages.ts';
import { validator } from '../shared/schema.ts';
import { createBesideFilter } from './beside-filter.ts';
import type { Capability } from './capabilities/capability.ts';
import { SpoolDesk } from './capabilities/diskEncryption/desk.ts';
import type { CapabilityParts } from './capabilities/registry.ts';
import { CommandDesk, type DeskParts } from './commands/desk.ts';
import type { Executors } from './commands/executor.ts';
import { isHost, type PageAddress } from './config.ts';
import { ArtifactCache } from './connection/artifact-cache.ts';
import { downloadFrom } from './connection/artifact-download.ts';
import { Connection } from './connection/connection.ts';
import { ReportSender } from './connection/report-sender.ts';
import { type BootClock, systemBootClock } from './context/boot-clock.ts';
import { HostContext } from './context/context.ts';
import { openNetwork } from './context/network/open.ts';
import type { NetworkReader } from './context/network/reader.ts';
import { Places } from './context/places.ts';
import { TrustedClock } from './context/trusted-clock.ts';
import { createDiagnosis, type StandIns } from './diagnosis.ts';
import type { DiagnosisDesk } from './diagnostics/session/desk.ts';
import { FreshLook } from './fresh-look.ts';
import { Latest, readOnRequest } from './health/latest.ts';
import { type AboutHost, readAboutHost } from './identity/about-host.ts';
import { readHardware } from './identity/hardware.ts';
import { NotEnrolled, readIdentity } from './identity/identity-files.ts';
import { IdentityKeeper } from './identity/identity-keeper.ts';
import { renew } from './identity/renew.ts';
import { Renewer } from './identity/renewer.ts';
import { TrustInbox } from './identity/trust-inbox.ts';
import type { Log } from './log.ts';
import { openNotices } from './notices/open.ts';
import type { OwnView } from './pages/own-view.ts';
import { systemClock, systemRandom } from './platform/clock.ts';
import { type Commands, type ScriptDoor, SystemCommands } from './platform/commands.ts';
import { HostFiles } from './platform/host-files.ts';
import { NftMonitor, type TableChanges } from './platform/table-changes.ts';
import { DesiredInbox } from './reconcile/desired-inbox.ts';
import { Enforcement } from './reconcile/enforcement.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { Repairs } from './reconcile/repairs.ts';
import { type Agent, type HealthReporter, RunningAgent } from './running-agent.ts';
import { sessionEnds, trustOf } from './session-ends.ts';
import { HelpBook } from './store/help-book.ts';
import type { Home } from './store/home.ts';
import { KeptLatest } from './store/kept-latest.ts';
import { openStore, type Store } from './store/open.ts';
import { StoredOriginals } from './store/originals.ts';
import { receivedVerdict } from './store/received-verdict.ts';
import { VerifiedState } from './store/verified-state.ts';
import { agentVersion } from './version.ts';

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

type Filled = AgentOptions & Required<Pick<AgentOptions, 'platform' | 'clock' | 'random' | 'commands'>>;

const defaultPeriodMs = 5 * 60_000;

/**
 * Wires one agent on its own home; nothing is shared between two of them, so that one process can run many. Nothing
 * acts before `start()`. Throws `NotEnrolled`, `IdentityDamaged` or `HomeBusy`.
 */
export async function createAgent(options: AgentOptions): Promise<Agent> {
  const filled: Filled = {
    platform: hostPlatform(),
    clock: systemClock,
    random: systemRandom,
    commands: new SystemCommands(),
    ...options,
  };
  const identity = readIdentity(filled.home);
  if (!identity) throw new NotEnrolled(filled.home.path);
  const store = openStore(filled.home, filled.clock, filled.random, filled.log);
  try {
    return await wire(filled, new IdentityKeeper(filled.home, identity), store);
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The capabilities on a home, without an agent around them: for removing what was set. */
export async function createCapabilitiesOf(
  options: AgentOptions,
  artifacts: ArtifactCache,
  given: Pick<CapabilityParts, 'context' | 'observer' | 'companions' | 'pageAddress' | 'recovery'> = {},
): Promise<Capability[]> {
  const { platform = hostPlatform(), commands = new SystemCommands(), clock = systemClock } = options;
  const { home, root, dnsAddress, dnsPort, random = systemRandom, log } = options;
  const { tables = new NftMonitor({ follower: new SystemCommands(), clock, log }) } = options;
  const host = { platform, commands, tables, files: new HostFiles(root, new StoredOriginals(home.originals)) };
  const create = options.capabilities ?? (await import('./capabilities/registry.ts')).createCapabilities;
  return create({ ...given, host, dnsAddress, dnsPort, artifacts, clock, random, log });
}

async function wire(options: Filled, keeper: IdentityKeeper, store: Store): Promise<Agent> {
  const { home, root, clock, random, log, periodMs = defaultPeriodMs } = options;
  const parts = { clock, random, log };
  const artifacts = new ArtifactCache(home.artifacts, downloadFrom(where), log);
  const context = contextOf(options, store);
  const verdict = new KeptLatest(home.verdict, receivedVerdict, log);
  const recordReads = new KeptLatest(home.recordReads, validator(RecordReadsMessage), log);
  const help = new HelpBook({ ...parts, path: home.help, emit: (record) => store.reports.emit(record) });
  const latest = new Latest();
  const fresh = new FreshLook({
    look: () => Promise.all([reconciler.look(), posture.look?.(readOnRequest)]),
    clock,
    log,
  });
  const diagnosis = createDiagnosis({
    ...{ ...options, context, follower: new SystemCommands(), server: where, status: () => agent.status() },
    wifi: () => (options.network ?? openNetwork(options.platform, options.commands)).wifi(),
    besideFilter: () => besideFilter,
    identity: () => keeper.identity,
    crashedAt: () => store.runs.crashedAt,
    sections: () => store.reports.sections(),
  });
  const besideFilter = besideFilterOf(options, keeper, store, { own, fresh, looks: diagnosis, help });
  const recovery = new SpoolDesk({ deviceId: () => keeper.identity.deviceId, ...store, clock });
  const capabilities = await createCapabilitiesOf(options, artifacts, { ...besideFilter.given, context, recovery });
  const posture = await healthOf(options, store, latest);
  const health = together(posture, await findingsOf(options, keeper, store));
  const repairs = new Repairs({ corrections: store.corrections, reports: store.reports, trusted: context, clock, log });
  /** The server judges by observations: they are taken anew as soon as a section is known to have changed. */
  const onNews = (section: string) => {
    posture.look?.([section]).catch((error: unknown) => log.warn({ err: error, section }, 'No fresh look was taken.'));
  };
  const files = new HostFiles(root, new StoredOriginals(home.originals));
  const real = (path: string) => files.real(path);
  const reconciler = new Reconciler({
    capabilities,
    reports: store.reports,
    real,
    repairs,
    onNews,
    periodMs,
    ...parts,
  });
  const sender = new ReportSender(store.spool, clock, log);
  const enforcement = new Enforcement(reconciler, artifacts, log);
  const desk = commandDeskOf(options, keeper, store, {
    ...{ files, fresh, artifacts, trusted: context },
    renew: () => renewer.renewNow(),
    bootId: () => agent.bootId(),
  });
  const inbox = new DesiredInbox({
    trust: () => keeper.identity.trust,
    store: new VerifiedState(home.desired, log),
    reports: store.reports,
    onAccepted: (state) => {
      enforcement.accept(state);
      desk.accepted(state);
    },
    onObeyed: (keyId) => keeper.obeyed(keyId),
    clock,
    log,
  });
  const trustInbox = new TrustInbox({ keeper, reports: store.reports, clock, log });
  const notices = openNotices(options, besideFilter);
  const connection = new Connection({
    ...parts,
    ...sessionEnds({
      keeper,
      sender,
      trustInbox,
      inbox,
      reconciler,
      diagnosis,
      context,
      verdict,
      recordReads,
      help,
      notices,
      desk,
      clock,
    }),
    addresses: () => keeper.identity.agents,
    hello: () => agent.hello(),
  });
  const renewer = new Renewer({ keeper, renew: () => renew(keeper.identity), ...parts });
  keeper.onRenewed(() => connection.reopen());
  const { hardware = () => readHardware(options.platform, options.commands) } = options;
  const { aboutHost = () => readAboutHost(options.platform, clock, options.name) } = options;
  const made = {
    hardware,
    aboutHost,
    health,
    agentVersion,
    keeper,
    store,
    inbox,
    reconciler,
    repairs,
    connection,
    renewer,
    context,
    besideFilter,
    desk,
    boot: options.boot ?? systemBootClock,
  };
  const agent = new RunningAgent({ ...options, ...made });
  return agent;

  function where() {
    return { address: connection.address, trust: trustOf(keeper) };
  }

  function own(): OwnView {
    const { deviceId, trust } = keeper.identity;
    const known = { deviceId, district: trust.name, name: agent.name, agentVersion, seen: latest.seen };
    const lately = {
      received: verdict.latest,
      recordReads: recordReads.latest,
      sections: store.reports.sections(),
      corrections: repairs.recent,
    };
    return { ...known, ...lately, connection: connection.state, told: desk.told };
  }
}

function commandDeskOf(
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

function besideFilterOf(
  { home, page, clock, random, log }: Filled,
  keeper: IdentityKeeper,
  { reports }: Store,
  shown: { own: () => OwnView; fresh: FreshLook; looks: DiagnosisDesk; help: HelpBook },
) {
  const emit = (record: ReportRecord) => reports.emit(record);
  return createBesideFilter({ home, page, identity: () => keeper.identity, emit, clock, random, log, ...shown });
}

function contextOf(options: Filled, { reports }: Store): HostContext {
  const { home, clock, log, platform, commands, boot = systemBootClock } = options;
  const { network = openNetwork(platform, commands) } = options;
  const trusted = new TrustedClock({ clock, boot, path: home.clock, reports, log });
  return new HostContext(trusted, new Places({ network, clock, log }));
}

async function healthOf(options: Filled, { spool, reports, runs }: Store, latest: Latest): Promise<HealthReporter> {
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
async function findingsOf(options: Filled, keeper: IdentityKeeper, { reports }: Store): Promise<HealthReporter> {
  const { platform, commands, home, root, dnsAddress, dnsPort, clock, random, log } = options;
  const { createFindings } = await import('./findings/index.ts');
  const host = { platform, commands, files: new HostFiles(root, new StoredOriginals(home.originals)) };
  const serverHosts = () => keeper.identity.agents.map((agent) => agent.host);
  const filter = { address: dnsAddress, port: dnsPort };
  return createFindings({ host, filter, serverHosts, reports, clock, random, log });
}

/** Both are started and stopped as one. */
function together(...reporters: HealthReporter[]): HealthReporter {
  return {
    start: async () => {
      for (const reporter of reporters) await reporter.start();
    },
    stop: async () => {
      for (const reporter of reporters) await reporter.stop();
    },
  };
}

/** The platform of this host, as the contracts name it. */
export function hostPlatform(): Platform {
  return process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
}
