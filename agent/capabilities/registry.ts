import type { Clock, Random } from '../../shared/clock.ts';
import type { ArtifactSource } from '../connection/artifact-source.ts';
import type { Log } from '../log.ts';
import { createBrowser } from './browser/index.ts';
import type { Capability, Host } from './capability.ts';
import { createWebFilter } from './webFilter/index.ts';

/** What the agent offers its capabilities. */
export interface CapabilityParts {
  host: Host;
  dnsAddress: string;
  dnsPort: number;
  artifacts: ArtifactSource;
  clock: Clock;
  random: Random;
  log: Log;
}

/** Every capability of this agent, for the platform of its host. To add one: docs/checklists/add-a-capability.md */
export function createCapabilities({ host, ...parts }: CapabilityParts): Capability[] {
  return [createWebFilter(host, parts), createBrowser(host)];
}
