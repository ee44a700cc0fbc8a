import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import { member } from '../../health/json.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { addressLists, KeptState } from './kept-state.ts';
import { needsPort53, type Pointing } from './pointing.ts';
import { runScript } from './powershell.ts';
import {
  type DnsSettings,
  dohProhibited,
  isPointed,
  type OriginalSettings,
  parseSettings,
  pointStatements,
  readStatements,
  restoreStatements,
} from './win32-settings.ts';

/** The profile of the SYSTEM account, where nobody else can write. */
export const systemFolder = 'C:\\Windows\\System32\\config\\systemprofile\\AppData\\Local\\Rollcall';
const filterAddress = '127.0.0.1';

/**
 * Windows: a rule for every name, which programs obey that ask Windows, and the servers of the adapters for those that ask
 * them directly. Tested from documented output; never run on a real PC.
 */
export class Win32Pointing implements Pointing {
  readonly supported: boolean;
  readonly unsupportedWhy = 'Settings of adapters are no files: a trial under a folder leaves them alone.';
  readonly #host: Host;
  readonly #kept: KeptState<OriginalSettings>;

  constructor(host: Host) {
    this.#host = host;
    this.supported = host.files.isHost;
    this.#kept = new KeptState(host.files, `${systemFolder}\\dns-originals.json`, originalSettings);
  }

  async systemServers(self: ServerAddress | undefined): Promise<string[]> {
    const kept = (await this.#kept.read())?.adapters ?? {};
    const { adapters } = await this.#read();
    const servers = adapters.flatMap(({ guid, set, dhcp }) => {
      const chosen = kept[guid] ?? set.filter((server) => server !== filterAddress);
      return chosen.length > 0 ? chosen : dhcp;
    });
    return [...new Set(servers)].filter((server) => server !== self?.address);
  }

  async point(server: ServerAddress): Promise<void> {
    needsPort53(server);
    const present = await this.#read();
    if (isPointed(present, server.address)) return;
    await this.#keep(present, server.address);
    const what = 'Windows could not be pointed at the web filter';
    await runScript(this.#host.commands, what, pointStatements(present, server.address));
  }

  async evidence({ address }: ServerAddress): Promise<Evidence[]> {
    const { adapters, rules, dohPolicy } = await this.#read();
    const elsewhere = adapters.filter(({ set }) => set.join() !== address).length;
    return [
      line('rule for every name (NRPT)', address, rules.map((servers) => servers.join(', ')).join('; ') || 'no rule'),
      line('servers of network adapters', address, elsewhere === 0 ? address : `others on ${elsewhere} adapters`),
      line('DNS over HTTPS of Windows', 'prohibited', dohPolicy === dohProhibited ? 'prohibited' : 'not prohibited'),
    ];
  }

  async restore(): Promise<void> {
    const original = await this.#kept.read();
    if (!original) return;
    const what = 'The DNS settings of Windows could not be put back';
    await runScript(this.#host.commands, what, restoreStatements(await this.#read(), original, filterAddress));
    await this.#kept.forget();
  }

  /** The registry is no file to watch; the periodic pass finds drift. */
  watched(): string[] {
    return [];
  }

  async #read(): Promise<DnsSettings> {
    const what = 'The DNS settings of Windows could not be read';
    const settings = parseSettings(await runScript(this.#host.commands, what, readStatements));
    if (settings) return settings;
    throw new CapabilityError('powershell-failed', `${what}: PowerShell printed something else.`);
  }

  /** Adapters that came later are added; what was kept first stays. */
  async #keep({ adapters, dohPolicy, hasPolicyKey }: DnsSettings, address: string): Promise<void> {
    const kept = await this.#kept.read();
    const fresh = Object.fromEntries(
      adapters.map(({ guid, set }) => [guid, set.join() === address ? [] : set] as const),
    );
    const policy = dohPolicy === undefined ? {} : { dohPolicy };
    await this.#kept.write(
      kept ? { ...kept, adapters: { ...fresh, ...kept.adapters } } : { adapters: fresh, hasPolicyKey, ...policy },
    );
  }
}

function originalSettings(value: unknown): OriginalSettings | undefined {
  const adapters = addressLists(member(value, 'adapters'));
  const policy = member(value, 'dohPolicy');
  if (!adapters) return undefined;
  const hasPolicyKey = member(value, 'hasPolicyKey') === true;
  return { adapters, hasPolicyKey, ...(typeof policy === 'number' ? { dohPolicy: policy } : {}) };
}

function line(item: string, expected: string, seen: string): Evidence {
  return { item, expected, seen: seen.slice(0, 500), ok: seen === expected };
}
