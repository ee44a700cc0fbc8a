import { createWebFilter } from '../../../agent/capabilities/webFilter/index.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { type Commands, SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import type { WebFilterSection } from '../../../shared/profile/web-filter.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Other resolvers are kept out: the well-known ones, and one the district adds. */
export const section: WebFilterSection = {
  settings: {
    blockedDomains: ['bad.test'],
    safeSearch: true,
    holdDns: true,
    resolverAddresses: ['203.0.113.0/24', '8.8.8.8'],
  },
  lists: [],
  contact: '',
};

/** A web filter on this namespace as if it were a host. */
export function holdingFilter(commands: Commands = new SystemCommands()) {
  const files = new HostFiles('/', new MemoryOriginals());
  return createWebFilter(
    { platform: 'linux', commands, files },
    {
      dnsPort: 53,
      dnsAddress: '127.0.0.1',
      artifacts: { get: async () => undefined },
      clock: systemClock,
      random: systemRandom,
      log: quiet,
    },
  );
}
