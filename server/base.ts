import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock, Random } from '../shared/clock.ts';
import { CodedError } from '../shared/errors/catalogue.ts';
import { AuditKey } from './audit/audit-key.ts';
import { StoredEventLog } from './audit/event-log.ts';
import { Bus } from './bus.ts';
import { systemRandom as random } from './clock.ts';
import type { Config } from './config.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type Authority, openAuthority } from './pki/authority.ts';
import { StateKeys } from './pki/state-signer.ts';
import { choosePorts, type Ports } from './ports.ts';
import type { EventLog } from './services.ts';
import { type Sealer, SealingKeys } from './store/sealed.ts';
import { openStores, type Stores } from './store/stores.ts';
import { troubleOf, troubleWords } from './store/trouble.ts';
import { StoreHealth } from './store-health.ts';

/** Everything that is opened before it is wired. */
export interface Base {
  clock: Clock;
  config: Config;
  log: Logger;
  ports: Ports;
  stores: Stores;
  authority: Authority;
  stateKeys: StateKeys;
  auditKey: AuditKey;
  metrics: Metrics;
  bus: Bus;
  storeHealth: StoreHealth;
  events: StoredEventLog;
  sealing: SealingKeys;
}

/** What the services of every area stand on. */
export interface ServiceBase {
  stores: Stores;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  config: Config;
  /** For secrets that must be read again. */
  sealer: Sealer;
  isConnected: (deviceId: string) => boolean;
  /** Makes what is called with an error nobody waits for: it is logged under these words. */
  failed: (what: string) => (error: unknown) => void;
}

/** What undoes what was opened; the last goes first. */
export type Undo = (() => void | Promise<void>)[];

/** A store that cannot be opened says what to do about it. */
function explained(error: unknown): never {
  const trouble = troubleOf(error);
  throw trouble === undefined ? error : new CodedError('unavailable', troubleWords[trouble], [], error);
}

/** Opens the store, the authority and the keys of this home; `undo` gets what closes them. */
export async function openBase(config: Config, log: Logger, undo: Undo, clock: Clock): Promise<Base> {
  const { home, listen } = config;
  const wanted = {
    console: config.consolePort,
    agents: config.agentPort,
    enrolment: config.enrolmentPort ?? (config.agentPort === 0 ? 0 : undefined),
  };
  const ports = await choosePorts(home, listen, wanted, random);
  const auditKey = await AuditKey.open(home, random);
  const stores = await openStores(join(home, 'rollcall.db'), auditKey).catch(explained);
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
  const metrics = createMetrics();
  const events = new StoredEventLog(stores.events, bus, clock);
  const storeHealth = new StoreHealth({ tryWrite: stores.tryWrite, events, metrics, clock, log });
  undo.push(() => storeHealth.stop());
  return {
    ...{ config, log, clock, ports, stores, authority, auditKey, bus, metrics, events, storeHealth },
    stateKeys: await StateKeys.open(home),
    sealing: SealingKeys.open(config.secretsKeyFile, random),
  };
}
