import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';

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
}

/** For systems that cannot be pointed at the filter yet. */
export class UnsupportedPointing implements Pointing {
  readonly supported = false;
  readonly unsupportedWhy: string;

  constructor(why: string) {
    this.unsupportedWhy = why;
  }

  async systemServers(): Promise<string[]> {
    return [];
  }

  async point(): Promise<void> {
    await this.restore();
  }

  async evidence(): Promise<Evidence[]> {
    return [];
  }

  /** Nothing was changed. */
  async restore(): Promise<void> {
    return;
  }

  watched(): string[] {
    return [];
  }
}
