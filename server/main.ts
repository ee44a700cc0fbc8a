import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../shared/clock.ts';
import { essentialNames } from '../shared/filter/essentials.ts';
import { SignIn } from './access/sign-in.ts';
import { type ConsoleParts, createConsoleApp } from './api/console-listener.ts';
import { Guard } from './api/guard.ts';
import { apiTokenHandlers } from './api/handlers/api-tokens.ts';
import { changeHandlers } from './api/handlers/changes.ts';
import { complianceHandlers } from './api/handlers/compliance.ts';
import { deviceHandlers } from './api/handlers/devices.ts';
import { escrowHandlers } from './api/handlers/escrow.ts';
import { explainHandlers } from './api/handlers/explain.ts';
import { exportHandlers } from './api/handlers/exports.ts';
import { filterHandlers, listHandlers } from './api/handlers/filter.ts';
import { groupHandlers } from './api/handlers/groups.ts';
import { historyHandlers } from './api/handlers/history.ts';
import { lookingHandlers } from './api/handlers/looking.ts';
import { policyHandlers } from './api/handlers/policy.ts';
import { policyCodeHandlers } from './api/handlers/policy-code.ts';
import { reachHandlers } from './api/handlers/reach.ts';
import { rolloutHandlers } from './api/handlers/rollouts.ts';
import { sessionHandlers } from './api/handlers/session.ts';
import { stepHandlers } from './api/handlers/steps.ts';
import { webhookHandlers } from './api/handlers/webhooks.ts';
import { Idempotency } from './api/idempotency.ts';
import { LiveConsole } from './api/live.ts';
import { LiveTickets } from './api/live-tickets.ts';
import { StoredEventLog } from './audit/event-log.ts';
import { Bus } from './bus.ts';
import { systemRandom as random, systemClock } from './clock.ts';
import { ComplianceService } from './compliance/compliance-service.ts';
import { readConsequences } from './compliance/consequences.ts';
import { DeviceVerdictService } from './compliance/device-verdicts.ts';
import { ComplianceHistoryService } from './compliance/history.ts';
import { complianceDefaults } from './compliance/judge.ts';
import { ObligationService } from './compliance/obligations.ts';
import { DistrictCompliancePolicy } from './compliance/policy.ts';
import { PolicyPreviews } from './compliance/preview.ts';
import { RestrictionService } from './compliance/restrictions.ts';
import { WaiverService } from './compliance/waivers.ts';
import type { Config } from './config.ts';
import { openConsoleTls } from './console-tls.ts';
import { seedDistrict } from './demo/seed.ts';
import { Challenges } from './devices/challenges.ts';
import { DeviceService } from './devices/devices.ts';
import { Enrolment } from './devices/enrolment.ts';
import { RareEvents } from './devices/rare-events.ts';
import { Renewal } from './devices/renewal.ts';
import { TokenService } from './devices/tokens.ts';
import { EscrowKeyService } from './escrow/escrow-keys.ts';
import { RecoveryService } from './escrow/recovery.ts';
import { ExplainService } from './explain/explain-service.ts';
import { ExportService } from './exports/export-service.ts';
import { ActivityService } from './filter/activity.ts';
import { Artifacts } from './filter/artifacts.ts';
import { CalendarService } from './filter/calendars.ts';
import { listFetcher, usualFetchLimits } from './filter/fetch-list.ts';
import { DistrictFilterSettings } from './filter/filter-settings.ts';
import { ListService } from './filter/list-service.ts';
import { NameTestService } from './filter/name-tests.ts';
import { OpenLists } from './filter/open-lists.ts';
import { OverrideService } from './filter/overrides.ts';
import { UnblockRequestService } from './filter/requests.ts';
import { Retention } from './filter/retention.ts';
import { AgentGateway } from './gateway/agent-gateway.ts';
import { AgentsListener } from './gateway/agents-listener.ts';
import { EnrolmentListener } from './gateway/enrolment-listener.ts';
import { SeenPlaces } from './gateway/seen-places.ts';
import { operatorKey, prepareHome } from './home.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { CustodyService } from './people/custodies.ts';
import { RosterService } from './people/rosters.ts';
import { type Authority, openAuthority } from './pki/authority.ts';
import { StateKeyRotationService } from './pki/state-key-rotation.ts';
import { StateKeys } from './pki/state-signer.ts';
import { PolicyCodeService } from './policy-code/policy-code-service.ts';
import { createPolicyServices } from './policy-services.ts';
import { choosePorts, type Ports, rememberPorts } from './ports.ts';
import { ClassDays } from './profiles/class-days.ts';
import { DesiredStateService } from './profiles/desired-states.ts';
import { ProfileService } from './profiles/profile-service.ts';
import { createResolution } from './profiles/resolution.ts';
import { testSubjects } from './profiles/test-subjects.ts';
import { lockHome } from './store/home-lock.ts';
import { openStores, type Stores } from './store/stores.ts';
import { serverVersion } from './version.ts';

export interface RunningServer {
  ports: Ports;
  consoleAddress: string;
  /** The one-time code for the first administrator; undefined once there is one. */
  setUpCode: string | undefined;
  stop(): Promise<void>;
}

/** Everything that is opened before it is wired. */
interface Base {
  clock: Clock;
  config: Config;
  log: Logger;
  ports: Ports;
  stores: Stores;
  authority: Authority;
  stateKeys: StateKeys;
  metrics: Metrics;
  bus: Bus;
  events: StoredEventLog;
}

type Undo = (() => void | Promise<void>)[];

/** Opens the home, wires every part, and starts them from the store outwards; `stop` goes the other way. */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  return await withHome(config.home, (undo) => open(config, log, undo));
}

/** The services alone, by a clock of the caller’s, with nothing that listens: whoever comes later finds what they did. */
export async function startServices(config: Config, log: Logger, clock: Clock) {
  return await withHome(config.home, async (undo) => {
    const base = await openBase(config, log, undo, clock);
    const services = createServices(base);
    await startParts(services, undo);
    rememberPorts(config.home, base.ports);
    return { ...base, services, enrolment: createEnrolment(base, services) };
  });
}
export type RunningServices = Awaited<ReturnType<typeof startServices>>;

async function withHome<T>(home: string, opening: (undo: Undo) => Promise<T>): Promise<T & { stop(): Promise<void> }> {
  prepareHome(home);
  const undo: Undo = [lockHome(join(home, 'lock.db'))];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await opening(undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(config: Config, log: Logger, undo: Undo): Promise<Omit<RunningServer, 'stop'>> {
  const base = await openBase(config, log, undo, systemClock);
  const { ports, stores, clock } = base;
  const services = createServices(base);
  const listeners = createAgentListeners(base, services);
  const signIn = new SignIn(stores.staff, base.events, clock, random);
  const { parts, live } = await createConsole(base, services, signIn);

  await startParts(services, undo);
  if (config.demo) await seedDistrict({ ...services, people: stores.people, clock });
  const app = await createConsoleApp(parts);
  undo.push(() => app.close());
  await app.listen({ host: config.listen, port: ports.console });
  live.start();
  undo.push(() => live.stop());
  // The gateway hears of revocations before the first device can come, and says goodbye before its sockets go.
  await services.gateway.start();
  undo.push(async () => {
    await services.gateway.stop();
    for (const listener of listeners) await listener.stop();
  });
  for (const listener of listeners) await listener.start();
  rememberPorts(config.home, ports);
  log.info({ ports }, 'the server is ready');
  return {
    ports,
    consoleAddress: `https://${consoleHost(config)}:${ports.console}`,
    setUpCode: await signIn.openSetUp(),
  };
}

async function startParts(services: WiredServices, undo: Undo): Promise<void> {
  const { lists, filterSettings, overrides, requests, retention, recovery, desired, waivers, compliance } = services;
  const { restrictions, obligations, rollouts, changes } = services;
  const follow = [lists, filterSettings, overrides, requests, retention, recovery];
  const inOrder = [services.index, services.places, ...follow, desired, services.classDays, waivers, compliance];
  for (const part of [...inOrder, restrictions, obligations, rollouts, changes, services.webhooks]) {
    await part.start();
    undo.push(() => part.stop());
  }
}

async function openBase(config: Config, log: Logger, undo: Undo, clock: Clock): Promise<Base> {
  const { home, listen } = config;
  const ports = await choosePorts(home, listen, {
    console: config.consolePort,
    agents: config.agentPort,
    enrolment: config.enrolmentPort ?? (config.agentPort === 0 ? 0 : undefined),
  });
  const stores = await openStores(join(home, 'rollcall.db'));
  undo.push(() => stores.close());
  const authority = await openAuthority({
    home,
    district: config.district,
    hostNames: config.hosts,
    clock,
    random,
    log,
  });
  undo.push(() => authority.stop());
  const bus = new Bus((error, event) => log.error({ err: error, event }, 'a listener of the bus failed'));
  return {
    ...{ config, log, clock, ports, stores, authority, bus },
    stateKeys: await StateKeys.open(home),
    metrics: createMetrics(),
    events: new StoredEventLog(stores.events, bus, clock),
  };
}

/** Every service of the house. Presence comes from the gateway, which needs the services: hence the late binding. */
function createBasicServices({ config, log, clock, ports, stores, authority, stateKeys, metrics, bus, events }: Base) {
  const isConnected = (deviceId: string) => gateway.isConnected(deviceId);
  const failed = (what: string) => (error: unknown) => log.error({ err: error }, what);
  const parts = { events, bus, clock, random, isConnected };
  const sources = {
    ...{ stores, contact: config.contact, districtName: config.district, hosts: config.hosts },
    versions: () => lists.versions(),
  };
  const resolution = createResolution({ stores, bus, clock, random, hosts: config.hosts });
  const desired = new DesiredStateService({
    ...{ ...sources, ...resolution, signer: stateKeys, bus, clock, audience: authority.district },
    onError: failed('desired states could not be brought up to date'),
  });
  const places = new SeenPlaces({ documents: stores.documents, bus });
  const gateway = new AgentGateway({
    presence: stores.presence,
    placeOf: (address) => places.of(address),
    reports: stores.reports,
    desired,
    stateKeys,
    verdicts: new DeviceVerdictService({
      ...{ custody: stores.custody, contact: config.contact, clock },
      judge: (deviceIds) => compliance.judged(deviceIds),
      consequences: (deviceIds) => readConsequences(stores, deviceIds),
    }),
    metrics,
    log,
    ...parts,
  });
  const complianceParameters = {
    ...complianceDefaults,
    silentAfterMs: config.silentAfterDays * 86_400_000,
    oldestAgent: serverVersion,
  };
  const compliance = new ComplianceService({
    ...{ stores, bus, clock, isConnected },
    parameters: complianceParameters,
    onError: failed('verdicts could not be brought up to date'),
  });
  const overrides = new OverrideService({ stores, ...parts, onError: failed('overrides could not be ended') });
  const filterSettings = new DistrictFilterSettings({ documents: stores.documents, ...parts });
  const lists: ListService = new ListService({
    ...{ stores, artifacts: new Artifacts(join(config.home, 'artifacts'), random), ...parts },
    rollouts: () => policy.rollouts,
    fetchList: listFetcher({ ...usualFetchLimits, allowPrivate: config.privateListSources }),
    essentials: async () => essentialNames((await filterSettings.read()).settings.essentials, config.hosts),
    onError: failed('lists could not be looked after'),
  });
  const escrow = new EscrowKeyService({ stores, ...parts });
  const history = new ComplianceHistoryService({
    ...{ stores, clock, serverSays: { 'agent-current': { oldest: serverVersion } } },
    previews: new PolicyPreviews({
      ...{ stores, clock, names: stores.history.names, parameters: complianceParameters },
      cases: (ids) => compliance.cases(ids),
    }),
  });
  const { previews, reach } = resolution;
  const settled = () => desired.settled();
  const policy = createPolicyServices({
    ...{ stores, config, previews, reach, settled, failed, ...parts },
    prepareList: (category, action) => lists.prepareAction(category, action),
  });
  return {
    ...policy,
    events,
    escrow,
    recovery: new RecoveryService({ stores, escrow, ...parts, onError: failed('requests could not be ended') }),
    ...resolution,
    classDays: new ClassDays({
      stores,
      bus,
      clock,
      onError: failed('classes that begin or end could not be followed'),
    }),
    places,
    desired,
    gateway,
    overrides,
    filterSettings,
    lists,
    activity: new ActivityService({ stores, settings: filterSettings, ...parts }),
    retention: new Retention({
      ...{ activity: stores.activity, settings: filterSettings, ...parts },
      onError: failed('what is too old could not be deleted'),
    }),
    nameTests: new NameTestService({
      ...{ subjects: testSubjects({ ...sources, clock }), lists: new OpenLists(lists), clock },
    }),
    calendars: new CalendarService({
      ...{ store: stores.calendars, people: stores.people, district: config.district, ...parts },
    }),
    requests: new UnblockRequestService({
      ...{ stores, overrides, ...parts },
      onError: failed('unblock requests could not be closed'),
    }),
    stateKeys: new StateKeyRotationService({ stateKeys, district: authority.district, ...parts }),
    custodies: new CustodyService({ store: stores.custody, ...parts }),
    rosters: new RosterService({ store: stores.roster, ...parts }),
    devices: new DeviceService({ store: stores.devices, ...parts }),
    profiles: new ProfileService({
      ...{ stores, hosts: config.hosts, settled, previews, changes: policy.changes, ...parts },
    }),
    tokens: new TokenService({
      ...{ store: stores.tokens, district: authority.district, ...parts },
      enrolmentAddresses: () => config.hosts.map((host) => ({ host, port: ports.enrolment })),
    }),
    compliancePolicy: new DistrictCompliancePolicy({ stores, ...parts }),
    waivers: new WaiverService({ stores, ...parts, onError: failed('waivers could not be ended') }),
    restrictions: new RestrictionService({
      ...{ stores, judged: (deviceIds) => compliance.judged(deviceIds), ...parts },
      onError: failed('restrictions could not be brought up to date'),
    }),
    obligations: new ObligationService({ stores, ...parts, onError: failed('obligations could not be followed') }),
    compliance,
    history,
    exports: new ExportService({
      ...{ history, events, clock, district: config.district },
      views: { ...stores.views(gateway), compliance: stores.history },
    }),
  };
}

/** And what speaks of all of them. */
function createServices(base: Base) {
  const services = createBasicServices(base);
  const { stores, clock, config, authority } = base;
  return {
    ...services,
    explanations: new ExplainService({ stores, hosts: config.hosts, clock }),
    policyCode: new PolicyCodeService({
      ...{ ...services, stores, clock, random, district: authority.district, districtName: config.district },
    }),
  };
}

type WiredServices = ReturnType<typeof createServices>;

function createEnrolment({ log, clock, stores, authority, events, bus }: Base, { custodies, gateway }: WiredServices) {
  const refusals = new RareEvents(events, clock);
  return new Enrolment({
    ...{ store: stores.certificates, authority, custodies, events, refusals, bus, clock, random, log },
    isConnected: (deviceId) => gateway.isConnected(deviceId),
  });
}

function createAgentListeners(base: Base, services: WiredServices) {
  const { config, log, clock, ports, stores, authority, stateKeys, metrics, events } = base;
  const refusals = new RareEvents(events, clock);
  const shared = { authority, metrics, log, host: config.listen };
  const certificates = stores.certificates;
  const enrolment = createEnrolment(base, services);
  const renewal = new Renewal({
    ...{ store: certificates, authority, events, refusals, clock },
    challenges: new Challenges(clock, random),
  });
  const trust = () => ({
    district: authority.district,
    name: config.district,
    root: authority.rootPem,
    ...stateKeys.pinned,
  });
  return [
    new EnrolmentListener({
      ...{ ...shared, enrolment, renewal, trust, port: ports.enrolment },
      agentAddresses: () => config.hosts.map((host) => ({ host, port: ports.agents })),
    }),
    new AgentsListener({
      ...shared,
      certificates,
      gateway: services.gateway,
      lists: services.lists,
      port: ports.agents,
    }),
  ];
}

async function createConsole(
  base: Base,
  services: WiredServices,
  signIn: SignIn,
): Promise<{ parts: ConsoleParts; live: LiveConsole }> {
  const { config, log, clock, ports, stores, bus, metrics } = base;
  const tickets = new LiveTickets(clock, random);
  const live = new LiveConsole(bus, services.gateway, tickets, signIn, clock);
  const views = { ...stores.views(services.gateway), events: stores.events, now: () => clock.now() };
  const about = { district: config.district, version: serverVersion };
  const parts: ConsoleParts = {
    random,
    live,
    log,
    tls: openConsoleTls(config, base.authority),
    guard: new Guard(signIn, services.apiTokens, operatorKey(config.home, random), originsOf(config, ports)),
    idempotency: new Idempotency(stores.idempotency, clock),
    handlers: {
      ...sessionHandlers(signIn, tickets, about),
      ...lookingHandlers(views, services, config.district),
      ...deviceHandlers(services),
      ...policyHandlers(services),
      ...listHandlers(services),
      ...filterHandlers(services),
      ...complianceHandlers(services),
      ...stepHandlers(services),
      ...escrowHandlers(services),
      ...historyHandlers(services),
      ...exportHandlers(services),
      ...apiTokenHandlers(services),
      ...webhookHandlers(services),
      ...rolloutHandlers(services),
      ...groupHandlers(services),
      ...changeHandlers(services),
      ...explainHandlers(services),
      ...policyCodeHandlers(services),
      ...reachHandlers(services),
    },
    ready: () => stores.check(),
    metrics: async () => ({ contentType: metrics.registry.contentType, text: await metrics.registry.metrics() }),
  };
  return { parts, live };
}

/** The origins a browser may name: this server's own names with its port, and those of a proxy. */
function originsOf(config: Config, ports: Ports): string[] {
  const hosts = new Set([...config.hosts, 'localhost', '127.0.0.1']);
  const bracketed = [...hosts].map((host) => (isIPv6(host) ? `[${host}]` : host));
  return [...bracketed.map((host) => `https://${host}:${ports.console}`), ...config.origins];
}

function consoleHost(config: Config): string {
  return config.hosts.every((host) => host === '127.0.0.1') ? 'localhost' : (config.hosts[0] ?? 'localhost');
}
