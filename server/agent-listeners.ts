import type { Base } from './base.ts';
import { systemRandom as random } from './clock.ts';
import { frontEnvironment } from './config.ts';
import type { WiredServices } from './create-services.ts';
import { Challenges } from './devices/challenges.ts';
import { Enrolment } from './devices/enrolment.ts';
import { RareEvents } from './devices/rare-events.ts';
import { Renewal } from './devices/renewal.ts';
import { usualHeartbeatSeconds } from './gateway/agent-gateway.ts';
import { agentsPort } from './gateway/agents-port.ts';
import { EnrolmentListener } from './gateway/enrolment-listener.ts';

/** Lets devices in by their tokens. */
export function createEnrolment(
  { log, clock, stores, authority, events, bus }: Base,
  { custodies, gateway }: WiredServices,
) {
  const refusals = new RareEvents(events, clock);
  return new Enrolment({
    ...{ store: stores.certificates, authority, custodies, events, refusals, bus, clock, random, log },
    isConnected: (deviceId) => gateway.isConnected(deviceId),
  });
}

/** The two ports that agents know: to enrol, and for everything after. */
export function createAgentListeners(base: Base, services: WiredServices) {
  const { config, log, clock, ports, stores, authority, stateKeys, metrics, events } = base;
  const refusals = new RareEvents(events, clock);
  const shared = { authority, metrics, clock, log, host: config.listen };
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
    agentsPort({
      ...shared,
      processes: config.gatewayProcesses,
      environment: frontEnvironment(),
      heartbeatSeconds: usualHeartbeatSeconds,
      certificates,
      gateway: services.gateway,
      lists: services.lists,
      scripts: services.scripts,
      port: ports.agents,
    }),
  ];
}
