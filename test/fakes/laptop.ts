import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentOptions } from '../../agent/agent-options.ts';
import { enrol } from '../../agent/identity/enrol.ts';
import { type Identity, readIdentity, writeIdentity } from '../../agent/identity/identity-files.ts';
import { decodeToken } from '../../shared/protocol/token.ts';
import { AgentHome } from './agent-home.ts';
import { content } from './policy-district.ts';
import { until } from './programs.ts';
import type { TestServer } from './running-server.ts';

/** Reconnects at once. */
const impatient = { unit: () => 0, bytes: (length: number) => new Uint8Array(length), uuid: () => 'spool-1' };

/** A real agent enrolled at the real server, with hardware of its own. */
export class Laptop extends AgentHome {
  readonly #hardware: { id: string };

  private constructor(name: string) {
    super();
    this.#hardware = { id: createHash('sha256').update(name).digest('hex') };
  }

  static async enrol(server: TestServer, hostname: string): Promise<Laptop> {
    const body = { maxUses: 1, expiresInSeconds: 3600 };
    const { token } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
    const laptop = new Laptop(hostname);
    const os = { name: 'Debian', version: '12' };
    const about = { agentVersion: '0.1.0', platform: 'linux', os, hostname, hardware: laptop.#hardware } as const;
    writeIdentity(laptop.home, await enrol(decodeToken(token), about));
    return laptop;
  }

  get identity(): Identity {
    const identity = readIdentity(this.home);
    if (!identity) throw new Error('This laptop has no identity.');
    return identity;
  }

  /** The state keys it trusts, the newest first. */
  get trusted(): { version: number; keys: string[] } {
    const { version, stateKeys } = this.identity.trust;
    return { version, keys: stateKeys.map(({ id }) => id) };
  }

  async connect(change: Partial<AgentOptions> = {}): Promise<void> {
    await this.start({ random: impatient, hardware: async () => this.#hardware, ...change });
  }

  /** The page that is set on it, and the key of the state it obeys; undefined before there is one. */
  get held(): { page: string; keyId: string } | undefined {
    try {
      const { homePage } = JSON.parse(readFileSync(join(this.root, 'etc/fake/policies/settings.json'), 'utf8'));
      return { page: homePage, keyId: JSON.parse(readFileSync(this.home.desired, 'utf8')).signed.keyId };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Waits until it obeys a state with this page, signed with this key. */
  async obeys(page: string, keyId: string): Promise<void> {
    await until(`${page} by ${keyId}`, 10_000, () => this.held?.page.includes(page) && this.held.keyId === keyId);
  }
}

/** Publishes a home page for everybody. */
export async function publishPage(server: TestServer, name: string): Promise<void> {
  const policy = content({ browser: { homePage: `https://${name}.example/` } }, { kind: 'everyone' });
  await server.operate('/api/profiles/apply', {
    method: 'POST',
    body: { name: 'p', description: '', content: policy },
  });
}
