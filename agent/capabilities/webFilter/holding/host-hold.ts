import type { WebFilterSection } from '../../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../../shared/protocol/messages.ts';
import { CapabilityError, type Host } from '../../capability.ts';
import { HostsFile } from '../hosts.ts';
import { DarwinHolding } from './darwin.ts';
import { type Holding, type HoldRules, holdItem, rulesOf } from './holding.ts';
import { guardedNames, held, redirected, released } from './hosts-file.ts';
import { NftHolding } from './linux.ts';
import { Win32Holding } from './win32.ts';

/**
 * Keeps the DNS of this host with the filter, for sections that ask for it: the firewall, and entries of the hosts file that
 * would answer in the filter's place. Below another root nothing is held.
 */
export class HostHold {
  readonly #host: Host;
  readonly #holding: Holding;
  readonly #hosts: HostsFile;
  /** True once this process knows that nothing is held. */
  #isReleased = false;

  constructor(host: Host, hosts: HostsFile = new HostsFile(host), holding: Holding = holdingOf(host)) {
    this.#host = host;
    this.#holding = holding;
    this.#hosts = hosts;
  }

  /** Holds or lets go, as the section says. Throws `CapabilityError` when the host cannot be held. */
  async bring(section: WebFilterSection): Promise<void> {
    const rules = rulesOf(section.settings);
    if (!rules) return await this.release();
    if (!this.#host.files.isHost) return;
    this.#isReleased = false;
    await this.#hosts.change((content) => held(content, guardedNames(section)));
    if (!this.#holding.supported) throw new CapabilityError('hold-unsupported', this.#holding.unsupportedWhy ?? '');
    if ((await this.#holding.evidence(rules)).some(({ ok }) => !ok)) await this.#holding.hold(rules);
  }

  async evidence(section: WebFilterSection): Promise<Evidence[]> {
    const rules = rulesOf(section.settings);
    if (!rules) return this.#isReleased || !this.#host.files.isHost ? [] : [notReleased];
    if (!this.#host.files.isHost) return [trial];
    const firewall = this.#holding.supported ? await this.#holding.evidence(rules) : [unsupported(this.#holding)];
    return [...firewall, ...unclear(rules), await this.#hostsEvidence(section)];
  }

  /** Everything as it would be without the hold. Repeatable. */
  async release(): Promise<void> {
    if (!this.#host.files.isHost || this.#isReleased) return;
    await this.#holding.release();
    await this.#hosts.change(released);
    this.#isReleased = true;
  }

  /** Whether the evidence is of what this holds, which nothing changes in the ordinary course as networks change servers. */
  holds(item: string): boolean {
    return item === holdItem || item === this.#hosts.path;
  }

  watched(): string[] {
    return [this.#hosts.path];
  }

  /** Where the section asks for no hold there is nothing to listen to. */
  subscribe(section: WebFilterSection, onChange: () => void): () => void {
    const isHeld = rulesOf(section.settings) !== undefined && this.#host.files.isHost;
    return (isHeld ? this.#holding.subscribe?.(onChange) : undefined) ?? (() => undefined);
  }

  async #hostsEvidence(section: WebFilterSection): Promise<Evidence> {
    const content = await this.#hosts.read();
    const names = redirected(content, guardedNames(section));
    const ok = content === held(content, guardedNames(section));
    const expected = 'no entry in the place of the filter';
    const seen =
      names.length > 0 ? `leads ${names.slice(0, 10).join(', ')} elsewhere` : 'an entry held for an earlier policy';
    return { item: this.#hosts.path, expected, seen: ok ? expected : seen.slice(0, 500), ok };
  }
}

function holdingOf(host: Host): Holding {
  if (host.platform === 'linux') return new NftHolding(host);
  return host.platform === 'darwin' ? new DarwinHolding(host) : new Win32Holding(host);
}

/** After a start nobody knows whether an earlier revision held. */
const notReleased: Evidence = { item: holdItem, expected: 'nothing held', seen: 'not looked at yet', ok: false };

const trial: Evidence = {
  item: holdItem,
  expected: 'DNS to anybody but the filter refused',
  seen: 'left alone: this is a trial below another root',
  ok: true,
};

function unsupported({ unsupportedWhy = '' }: Holding): Evidence {
  return {
    item: holdItem,
    expected: 'DNS to anybody but the filter refused',
    seen: unsupportedWhy.slice(0, 500),
    ok: false,
  };
}

function unclear({ resolvers }: HoldRules): Evidence[] {
  if (resolvers.unclear.length === 0) return [];
  const seen = `left out, as they are no addresses: ${resolvers.unclear.join(', ')}; mend the profile`;
  return [{ item: 'more resolvers over HTTPS', expected: 'addresses or ranges', seen: seen.slice(0, 500), ok: false }];
}
