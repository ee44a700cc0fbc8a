import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import { CapabilityError } from '../capability.ts';

/** How this host is made to ask the filter for every name; one for each operating system. */
export interface Pointing {
  readonly supported: boolean;
  readonly unsupportedWhy?: string;
  /** The resolvers the host would use without the filter; never the filter itself. */
  systemServers(self: ServerAddress | undefined): Promise<string[]>;
  /** Makes the host ask `server`; changes only what differs. Throws `CapabilityError` when it cannot. */
  point(server: ServerAddress): Promise<void>;
  /** Whether each file or setting says so now. */
  evidence(server: ServerAddress): Promise<Evidence[]>;
  /** Puts back what was there. */
  restore(): Promise<void>;
  /** Files whose change means drift, or another network. */
  watched(): string[];
  /** Those of its files that nobody but the agent writes in the ordinary course. */
  readonly ownFiles?: readonly string[];
}

/** Most settings of a host name a server without a port. Throws `CapabilityError` for any port but 53. */
export function needsPort53({ port }: ServerAddress): void {
  if (port === 53) return;
  throw new CapabilityError(
    'dns-port',
    `The web filter listens on port ${port}, but this host can only be pointed at port 53. Start the agent with --dns-port 53.`,
  );
}
