import { CodedError } from '../shared/errors/catalogue.ts';
import type { ConsoleParts } from './api/console-listener.ts';
import { Guard } from './api/guard.ts';
import { apiTokenHandlers } from './api/handlers/api-tokens.ts';
import { auditHandlers } from './api/handlers/audit.ts';
import { changeHandlers } from './api/handlers/changes.ts';
import { commandHandlers } from './api/handlers/commands.ts';
import { complianceHandlers } from './api/handlers/compliance.ts';
import { deviceHandlers } from './api/handlers/devices.ts';
import { diagnosisHandlers } from './api/handlers/diagnoses.ts';
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
import { securityHandlers } from './api/handlers/security.ts';
import { sessionHandlers } from './api/handlers/session.ts';
import { staffHandlers } from './api/handlers/staff.ts';
import { stepHandlers } from './api/handlers/steps.ts';
import { ticketHandlers } from './api/handlers/tickets.ts';
import { webhookHandlers } from './api/handlers/webhooks.ts';
import { Idempotency } from './api/idempotency.ts';
import { LiveConsole } from './api/live.ts';
import { LiveSight } from './api/live-sight.ts';
import { LiveTickets } from './api/live-tickets.ts';
import type { Base } from './base.ts';
import { systemRandom as random } from './clock.ts';
import { openConsoleTls } from './console-tls.ts';
import type { WiredServices } from './create-services.ts';
import { operatorKey } from './home.ts';
import { originsOf } from './origins.ts';
import { serverVersion } from './version.ts';

/** What the console’s port answers with, and what it tells pages as it happens. */
export async function createConsole(
  base: Base,
  services: WiredServices,
): Promise<{ parts: ConsoleParts; live: LiveConsole }> {
  const { config, log, clock, ports, stores, bus, metrics, storeHealth } = base;
  const tickets = new LiveTickets(clock, random);
  const sight = new LiveSight(services.authoriser);
  const live = new LiveConsole(bus, services.diagnoses, tickets, services.access.sessions, clock, sight);
  const views = { ...stores.views(services.gateway), events: stores.events, now: () => clock.now() };
  const about = { district: config.district, version: serverVersion };
  const parts: ConsoleParts = {
    random,
    trustedProxies: config.trustedProxies,
    live,
    log,
    tls: openConsoleTls(config, base.authority),
    guard: new Guard(
      services.access.sessions,
      services.apiTokens,
      services.authoriser,
      operatorKey(config.home, random),
      originsOf(config, ports),
    ),
    idempotency: new Idempotency(stores.idempotency, clock),
    audit: services.requestAudit,
    handlers: {
      ...sessionHandlers(services, tickets, about),
      ...staffHandlers(services),
      ...lookingHandlers(views, services, config.district),
      ...deviceHandlers(services),
      ...policyHandlers(services),
      ...listHandlers(services),
      ...filterHandlers(services),
      ...complianceHandlers(services),
      ...securityHandlers(services.access),
      ...stepHandlers(services),
      ...escrowHandlers(services),
      ...historyHandlers(services),
      ...exportHandlers(services),
      ...apiTokenHandlers(services),
      ...auditHandlers(services),
      ...webhookHandlers(services),
      ...rolloutHandlers(services),
      ...groupHandlers(services),
      ...changeHandlers(services),
      ...explainHandlers(services),
      ...policyCodeHandlers(services),
      ...reachHandlers(services),
      ...diagnosisHandlers(services),
      ...ticketHandlers(services),
      ...commandHandlers(services),
    },
    ready: async () => {
      if (storeHealth.words !== undefined) throw new CodedError('unavailable', storeHealth.words);
      await stores.check();
    },
    failed: (error) => void storeHealth.note(error),
    metrics: async () => ({ contentType: metrics.registry.contentType, text: await metrics.registry.metrics() }),
  };
  return { parts, live };
}
