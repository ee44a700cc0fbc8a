import type { Platform } from '../shared/profile/keywords.ts';
import { type CapabilityName, capabilities, type Sections } from '../shared/profile/registry.ts';
import type { Evidence, SectionStatus } from '../shared/protocol/messages.ts';

/** What a simulated device says of one capability. */
export interface SimulatedSection {
  supported: boolean;
  unsupportedWhy: string;
  /** Whether the real capability could prove there that it is in force. */
  verifiable: boolean;
  evidence: Evidence[];
}

/** On a Mac only MDM does these; what else needs MDM there is at least looked at. */
const leftToMdm: ReadonlySet<CapabilityName> = new Set(['usbStorage', 'wifi', 'accessibility']);

/** The line by which the check of the measured filter knows a measurement. */
const measurement: Evidence = {
  item: 'blocking, measured at the filter',
  expected: 'names blocked, no leaks',
  seen: 'simulated: no name was really asked for',
  ok: true,
};

/** Claims no more than the real capability could on that system. */
export function simulatedSection(name: CapabilityName, platform: Platform): SimulatedSection {
  const { abilities, limits } = capabilities[name];
  const ability = abilities[platform];
  const line = {
    ...{ item: 'simulated device', expected: 'the desired settings', ok: true },
    seen: 'simulated: nothing is really set',
  };
  return {
    supported: ability !== 'unsupported' && !(ability === 'needs-mdm' && leftToMdm.has(name)),
    unsupportedWhy: limits[platform] ?? 'not on this system',
    // Browsers of a Mac take a recommendation; the others prove what they look at.
    verifiable: name !== 'browser' || ability === 'enforce',
    evidence: name === 'webFilter' ? [line, measurement] : [line],
  };
}

/** Its image carries an older management tool that sets one browser policy back. */
export const restlessModel = 'Latitude 3140';

/** A line that is not `ok`, of what a model does not keep; empty for whatever else. Seen where a rollout is to be halted. */
export function refusedBy<N extends CapabilityName>(
  model: string | undefined,
  name: N,
  desired: NonNullable<Sections[N]>,
): Evidence[] {
  if (model !== restlessModel || name !== 'browser' || !('blockDeveloperTools' in desired)) return [];
  if (desired.blockDeveloperTools !== true) return [];
  const seen = 'simulated: 1, set back by another management tool';
  return [{ item: 'DeveloperToolsAvailability', expected: '2', seen, ok: false }];
}

/** What is reported of a section after it arrived. */
export function statusOf({ supported, verifiable }: SimulatedSection): SectionStatus {
  if (!supported) return 'unsupported';
  return verifiable ? 'verified' : 'applied';
}
