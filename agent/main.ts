import { RecordReadsMessage } from '../shared/protocol/messages.ts';
import { validator } from '../shared/schema.ts';
import { type AgentOptions, type Filled, filled } from './agent-options.ts';
import { SpoolDesk } from './capabilities/diskEncryption/desk.ts';
import { ArtifactCache } from './connection/artifact-cache.ts';
import { downloadFrom } from './connection/artifact-download.ts';
import { Connection } from './connection/connection.ts';
import { ReportSender } from './connection/report-sender.ts';
import { systemBootClock } from './context/boot-clock.ts';
import { openNetwork } from './context/network/open.ts';
import { createDiagnosis } from './diagnosis.ts';
import { FreshLook } from './fresh-look.ts';
import { Latest, readOnRequest } from './health/latest.ts';
import { readAboutHost } from './identity/about-host.ts';
import { readHardware } from './identity/hardware.ts';
import { NotEnrolled, readIdentity } from './identity/identity-files.ts';
import { IdentityKeeper } from './identity/identity-keeper.ts';
import { renew } from './identity/renew.ts';
import { Renewer } from './identity/renewer.ts';
import { TrustInbox } from './identity/trust-inbox.ts';
import { openNotices } from './notices/open.ts';
import type { OwnView } from './pages/own-view.ts';
import {
  besideFilterOf,
  commandDeskOf,
  contextOf,
  createCapabilitiesOf,
  findingsOf,
  healthOf,
  together,
} from './parts.ts';
import { SystemCommands } from './platform/commands.ts';
import { HostFiles } from './platform/host-files.ts';
import { DesiredInbox } from './reconcile/desired-inbox.ts';
import { Enforcement } from './reconcile/enforcement.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { Repairs } from './reconcile/repairs.ts';
import { type Agent, RunningAgent } from './running-agent.ts';
import { sessionEnds, trustOf } from './session-ends.ts';
import { HelpBook } from './store/help-book.ts';
import { KeptLatest } from './store/kept-latest.ts';
import { openStore, type Store } from './store/open.ts';
import { StoredOriginals } from './store/originals.ts';
import { receivedVerdict } from './store/received-verdict.ts';
import { VerifiedState } from './store/verified-state.ts';
import { agentVersion } from './version.ts';

const defaultPeriodMs = 5 * 60_000;

/**
 * Wires one agent on its own home; nothing is shared between two of them, so that one process can run many. Nothing
 * acts before `start()`. Throws `NotEnrolled`, `IdentityDamaged` or `HomeBusy`.
 */
export async function createAgent(given: AgentOptions): Promise<Agent> {
  const options = filled(given);
  const { home, clock, random, log } = options;
  const identity = readIdentity(home);
  if (!identity) throw new NotEnrolled(home.path);
  const store = openStore(home, clock, random, log);
  try {
    return await wire(options, new IdentityKeeper(home, identity), store);
  } catch (error) {
    store.close();
    throw error;
  }
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
