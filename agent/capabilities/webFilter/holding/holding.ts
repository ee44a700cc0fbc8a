import type { WebFilterSettings } from '../../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../../shared/protocol/messages.ts';
import { type Addresses, resolverAddresses } from './addresses.ts';

/** What the firewall of the host keeps out. */
export interface HoldRules {
  /** Closed on port 443, beside ports 53 and 853 everywhere. */
  resolvers: Addresses;
}

/** How the firewall of this host keeps DNS to anybody but the filter out; one for each operating system. */
export interface Holding {
  readonly supported: boolean;
  readonly unsupportedWhy?: string;
  /** Brings the rules into force as one step. Throws `CapabilityError` when it cannot. */
  hold(rules: HoldRules): Promise<void>;
  /** Whether exactly these rules are in force now, read afresh. */
  evidence(rules: HoldRules): Promise<Evidence[]>;
  /** As `Capability.subscribe`, for the rules alone. */
  subscribe?(onChange: () => void): () => void;
  /** Takes everything away again; nothing happens where nothing was held. Throws `CapabilityError` when it cannot. */
  release(): Promise<void>;
}

/** The rules a section asks for; undefined when it does not ask for any. */
export function rulesOf({ holdDns, resolverAddresses: more = [] }: WebFilterSettings): HoldRules | undefined {
  return holdDns ? { resolvers: resolverAddresses(more) } : undefined;
}

export const holdItem = 'firewall against other resolvers';
