import type { Clock, Random } from '../../../shared/clock.ts';
import { preparePolicy } from '../../../shared/filter/decide.ts';
import type { WebFilterSection } from '../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ArtifactSource } from '../../connection/artifact-source.ts';
import { probeResolver } from '../../filter/probe.ts';
import { Resolver, type ResolverCounts } from '../../filter/resolver.ts';
import { openUpstream, UpstreamSettingError } from '../../filter/upstream/open.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import type { Upstream } from '../../filter/upstream/upstream.ts';
import type { Log } from '../../log.ts';
import { type Capability, CapabilityError, type Change, type Host, type Observation } from '../capability.ts';
import { darwinPointing } from './darwin.ts';
import { LinuxPointing } from './linux.ts';
import { ListLoader } from './lists.ts';
import { measure, measurementsOf, measureSystem } from './measure.ts';
import type { Pointing } from './pointing.ts';
import { win32Pointing } from './win32.ts';

export interface WebFilterOptions {
  /** UDP and TCP port of the resolver; 0 takes any free one and keeps it while running. */
  dnsPort: number;
  dnsAddress: string;
  artifacts: ArtifactSource;
  clock: Clock;
  random: Random;
  log: Log;
  /** Certificates trusted for DoT and DoH instead of the built-in ones (PEM), for tests. */
  upstreamCa?: string;
}

export interface WebFilter extends Capability<'webFilter'> {
  /** Where the resolver listens; undefined while it does not run. */
  readonly address: ServerAddress | undefined;
  /** Numbers of queries since the resolver started; never names. */
  readonly counts: ResolverCounts | undefined;
}

/** The web filter of this host. Nothing happens before `apply`. */
export function createWebFilter(host: Host, options: WebFilterOptions): WebFilter {
  return new WebFilterCapability(host, options);
}

class WebFilterCapability implements WebFilter {
  readonly name = 'webFilter';
  readonly verifiable = true;
  readonly #host: Host;
  readonly #options: WebFilterOptions;
  readonly #pointing: Pointing;
  readonly #lists: ListLoader;
  #resolver: Resolver | undefined;
  #upstream: { key: string; opened: Upstream } | undefined;
  /** The section in force, as text. */
  #inForce = '';

  constructor(host: Host, options: WebFilterOptions) {
    this.#host = host;
    this.#options = options;
    this.#pointing = pointingOf(host);
    this.#lists = new ListLoader(options.artifacts);
  }

  get supported(): boolean {
    return this.#pointing.supported;
  }

  get unsupportedWhy(): string {
    return this.#pointing.unsupportedWhy ?? '';
  }

  get address(): ServerAddress | undefined {
    return this.#resolver?.address;
  }

  get counts(): ResolverCounts | undefined {
    return this.#resolver?.counts;
  }

  async observe(desired: WebFilterSection): Promise<Observation> {
    const server = this.address;
    if (!server) {
      return { evidence: [{ item: 'resolver', expected: 'running', seen: 'not running', ok: false }] };
    }
    const policy = preparePolicy(desired.settings, this.#lists.opened(desired.lists));
    const measurements = measurementsOf(desired, policy);
    const [files, upstream, measured, system] = await Promise.all([
      this.#pointing.evidence(server),
      this.#upstreamEvidence(desired),
      measure(measurements, server, this.#options),
      this.#host.files.isHost
        ? measureSystem(measurements, desired.settings.blockAnswer ?? 'address', this.#options)
        : [],
    ]);
    const inForce = this.#inForceEvidence(desired, server);
    return { evidence: [inForce, ...files, upstream, ...measured, ...system].slice(0, 200) };
  }

  plan(_desired: WebFilterSection, { evidence }: Observation): Change[] {
    return evidence
      .filter(({ ok }) => !ok)
      .map(({ item, seen, expected }) => ({ item, before: seen, after: expected }));
  }

  /** The host is pointed at the resolver only after the resolver has answered. */
  async apply(desired: WebFilterSection): Promise<void> {
    if (!this.supported) throw new CapabilityError('unsupported', this.unsupportedWhy);
    const { categories, failure } = await this.#lists.load(desired.lists);
    // With nothing in force yet, part of the filter is better than none, and the host may already point here.
    if (failure && this.#resolver) throw failure;
    const upstream = await this.#upstreamFor(desired);
    const { settings, contact } = desired;
    const filter = preparePolicy(settings, categories);
    const server = await this.#putInForce({
      filter,
      blockAnswer: settings.blockAnswer ?? 'address',
      contact,
      upstream,
    });
    this.#inForce = failure ? '' : asText(desired);
    this.#lists.keepOnly(desired.lists);
    await this.#proveAnswer(server);
    await this.#pointing.point(server);
    if (failure) throw failure;
  }

  async remove(): Promise<void> {
    await this.#pointing.restore();
    await this.stop();
  }

  watched(): string[] {
    return this.#pointing.watched();
  }

  async stop(): Promise<void> {
    const resolver = this.#resolver;
    this.#resolver = undefined;
    this.#upstream = undefined;
    this.#inForce = '';
    await resolver?.stop();
  }

  async #putInForce(policy: ConstructorParameters<typeof Resolver>[0]): Promise<ServerAddress> {
    if (this.#resolver?.address) {
      this.#resolver.use(policy);
      return this.#resolver.address;
    }
    const { dnsAddress, dnsPort } = this.#options;
    const resolver = new Resolver(policy, this.#options);
    try {
      const server = await resolver.start(dnsAddress, dnsPort);
      this.#resolver = resolver;
      return server;
    } catch (error) {
      this.#upstream = undefined;
      throw startFailure(error, dnsAddress, dnsPort);
    }
  }

  /** The same upstream stays open over revisions that do not change it. */
  async #upstreamFor({ settings }: WebFilterSection): Promise<Upstream> {
    const { key, systemServers } = await this.#upstreamKey(settings.upstream);
    if (this.#upstream?.key === key) return this.#upstream.opened;
    const { clock, random, upstreamCa } = this.#options;
    const ca = upstreamCa === undefined ? {} : { ca: upstreamCa };
    try {
      const setting = settings.upstream ?? { kind: 'system' };
      const opened = await openUpstream(setting, { clock, random, systemServers, self: this.#self(), ...ca });
      this.#upstream = { key, opened };
      return opened;
    } catch (error) {
      if (error instanceof UpstreamSettingError) throw new CapabilityError('bad-upstream', error.message, error);
      throw error;
    }
  }

  async #upstreamKey(setting: WebFilterSection['settings']['upstream'] = { kind: 'system' }) {
    const systemServers = setting.kind === 'system' ? await this.#pointing.systemServers(this.#self()) : [];
    return { systemServers, key: JSON.stringify([setting, systemServers]) };
  }

  #self(): ServerAddress | undefined {
    const { dnsAddress, dnsPort } = this.#options;
    return this.address ?? (dnsPort === 0 ? undefined : { address: dnsAddress, port: dnsPort });
  }

  async #proveAnswer(server: ServerAddress): Promise<void> {
    const { outcome, seen } = await probeResolver(server, 'use-application-dns.net', 'A', this.#options);
    if (outcome === 'no-such-name') return;
    throw new CapabilityError(
      'resolver-silent',
      `The web filter does not answer (${seen}), so this host is not pointed at it.`,
    );
  }

  #inForceEvidence(desired: WebFilterSection, server: ServerAddress): Evidence {
    const { lists } = desired;
    const opened = this.#lists.opened(lists);
    const lacking = lists.filter(({ category }) => !opened.some(({ id }) => id === category));
    const names = opened.reduce((sum, category) => sum + category.names.count, 0);
    const ok = this.#inForce === asText(desired);
    const other =
      lacking.length === 0 ? 'an earlier one' : `no list of ${lacking.map((list) => list.category).join(', ')}`;
    return {
      item: 'filter policy',
      expected: `this one in force, ${lists.length} categories`,
      seen: ok ? `in force on ${server.address} port ${server.port}, ${names} names` : other.slice(0, 500),
      ok,
    };
  }

  /**
   * An unreachable resolver is said, but the filter is in force all the same: only the wrong servers are a fault. That
   * it answers is not said, or every start would be reported anew before the first question.
   */
  async #upstreamEvidence({ settings }: WebFilterSection): Promise<Evidence> {
    const { key } = await this.#upstreamKey(settings.upstream);
    const ok = this.#upstream?.key === key;
    const { reachable, words } = this.#resolver?.upstreamState ?? { reachable: undefined, words: 'none' };
    const state = reachable === false ? `${words}: does not answer` : words;
    return {
      item: 'resolver behind the filter',
      expected: settings.upstream?.kind ?? 'system',
      seen: ok ? state.slice(0, 500) : `${words}: no longer the right one`.slice(0, 500),
      ok,
    };
  }
}

function asText(section: WebFilterSection): string {
  return JSON.stringify(section);
}

function pointingOf(host: Host): Pointing {
  if (host.platform === 'linux') return new LinuxPointing(host);
  return host.platform === 'darwin' ? darwinPointing() : win32Pointing();
}

function startFailure(error: unknown, address: string, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return new CapabilityError(
      'port-in-use',
      `Port ${port} of ${address} is used by another program. Stop that resolver, or start the agent with --dns-port and a free port.`,
      error,
    );
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new CapabilityError(
      'port-denied',
      `The web filter may not listen on ${address} port ${port} (${code}). Run the agent as root, or choose another port with --dns-port.`,
      error,
    );
  }
  return error;
}
