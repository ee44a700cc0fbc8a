import type { AgentOptions } from '../agent/agent-options.ts';
import type { Capability } from '../agent/capabilities/capability.ts';
import type { Log } from '../agent/log.ts';
import { createAgent } from '../agent/main.ts';
import type { Agent } from '../agent/running-agent.ts';
import type { Home } from '../agent/store/home.ts';
import type { Clock, Random } from '../shared/clock.ts';
import { type CapabilityName, capabilityNames } from '../shared/profile/registry.ts';
import type { ReportRecord } from '../shared/protocol/messages.ts';
import { simulatedDiagnosis } from './simulated-diagnosis.ts';
import { simulatedActivity, simulatedRequest } from './simulated-filter.ts';
import { nextHealth, type SimulatedDevice, simulatedTampering } from './simulated-health.ts';
import { refusedBy, simulatedSection } from './simulated-sections.ts';

const minute = 60_000;
const quarter = 15 * minute;

/** The real agent's identity, connection, spool and loop, around a host that does not exist. Says so wherever it speaks. */
export function createSimulatedAgent(
  home: Home,
  device: SimulatedDevice,
  parts: { clock: Clock; random: Random; log: Log },
): Promise<Agent> {
  const options: AgentOptions = {
    ...{
      home,
      root: home.path,
      dnsAddress: '127.0.0.1',
      dnsPort: 0,
      name: device.hostname,
      platform: device.platform,
      ...parts,
    },
    capabilities: () => capabilityNames.map((name) => simulatedCapability(name, device)),
    health: ({ emit }) => simulatedReporter(device, emit, parts),
    hardware: async () => device.hardware,
    aboutHost: async () => ({ os: device.os, hostname: device.hostname, bootId: `sim-${device.hardware.serial}` }),
    diagnosed: simulatedDiagnosis(parts),
    periodMs: 24 * 60 * minute,
    localSocket: false,
  };
  return createAgent(options);
}

function simulatedCapability(name: CapabilityName, { platform, hardware }: SimulatedDevice): Capability {
  const { evidence, ...section } = simulatedSection(name, platform);
  return {
    name,
    ...section,
    observe: async (desired) => ({ evidence: [...evidence, ...refusedBy(hardware.model, name, desired)] }),
    plan: () => [],
    apply: async () => undefined,
    remove: async () => undefined,
    watched: () => [],
    stop: async () => undefined,
  };
}

/** Everything at once in the beginning, then the small changes of each minute. */
function simulatedReporter(
  first: SimulatedDevice,
  emit: (record: ReportRecord) => void,
  { clock, random }: { clock: Clock; random: Random },
) {
  let device = first;
  let recordedUntil = clock.now() - quarter;
  let cancel: () => void = () => undefined;
  const again = () => {
    cancel = clock.after(minute * (0.5 + random.unit()), () => {
      const next = nextHealth(device, random, clock.now());
      device = next.device;
      for (const record of next.changed) emit(record);
      recordActivity();
      again();
    });
  };
  const recordActivity = () => {
    if (clock.now() < recordedUntil + quarter) return;
    emit(simulatedActivity(first, recordedUntil, clock.now()));
    recordedUntil = clock.now();
  };
  return {
    start: async () => {
      for (const record of device.records) emit(record);
      const tampering = simulatedTampering(first, clock.now());
      if (tampering) emit(tampering);
      const request = simulatedRequest(first, clock.now());
      if (request) emit(request);
      recordActivity();
      again();
    },
    stop: async () => cancel(),
  };
}
