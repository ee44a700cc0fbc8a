import type { Clock, Random } from '../../../shared/clock.ts';
import { preparePolicy } from '../../../shared/filter/decide.ts';
import type { WebFilterSection } from '../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ArtifactSource } from '../../connection/artifact-source.ts';
import type { ResolverCounts } from '../../filter/resolver.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import type { Log } from '../../log.ts';
import { type Capability, CapabilityError, type Change, type Host, type Observation } from '../capability.ts';
import { DarwinPointing } from './darwin.ts';
import { HostHold } from './holding/host-hold.ts';
import { LinuxPointing } from './linux.ts';
import { ListLoader } from './lists.ts';
import { measure, measurementsOf, measureSystem } from './measure.ts';
import { OwnResolver } from './own-resolver.ts';
import type { Pointing } from './pointing.ts';
import { UpstreamChoice } from './upstream-choice.ts';
import { Win32Pointing } from './win32.ts';

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
  readonly #hold: HostHold;
  readonly #lists: ListLoader;
  readonly #resolver: OwnResolver;
  readonly #upstream: UpstreamChoice;
  /** The section in force, as text. */
  #inForce = '';

  constructor(host: Host, options: WebFilterOptions) {
    this.#host = host;
    this.#options = options;
    this.#pointing = pointingOf(host);
    this.#hold = new HostHold(host);
    this.#lists = new ListLoader(options.artifacts);
    this.#resolver = new OwnResolver(options);
    this.#upstream = new UpstreamChoice(this.#pointing, options);
  }

  get supported(): boolean {
    return this.#pointing.supported;
  }

  get unsupportedWhy(): string {
    return this.#pointing.unsupportedWhy ?? '';
  }

  get address(): ServerAddress | undefined {
    return this.#resolver.address;
  }

  get counts(): ResolverCounts | undefined {
    return this.#resolver.counts;
  }

  async observe(desired: WebFilterSection): Promise<Observation> {
    const server = this.address;
    if (!server) {
      return { evidence: [{ item: 'resolver', expected: 'running', seen: 'not running', ok: false }] };
    }
    const policy = preparePolicy(desired, this.#lists.opened(desired.lists));
    const measurements = measurementsOf(desired, policy);
    const [files, held, upstream, measured, system] = await Promise.all([
      this.#pointing.evidence(server),
      this.#hold.evidence(desired),
      this.#upstream.evidence(desired.settings, server, this.#resolver.upstreamState),
      measure(measurements, server, this.#options),
      this.#host.files.isHost
        ? measureSystem(measurements, desired.settings.blockAnswer ?? 'address', this.#options)
        : [],
    ]);
    const inForce = this.#inForceEvidence(desired, server);
    return { evidence: [inForce, ...files, ...held, upstream, ...measured, ...system].slice(0, 200) };
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
    if (failure && this.address) throw failure;
    const { settings, contact } = desired;
    const server = await this.#resolver.use({
      filter: preparePolicy(desired, categories),
      blockAnswer: settings.blockAnswer ?? 'address',
      contact,
      ...(await this.#upstream.open(settings, this.address)),
    });
    this.#inForce = failure ? '' : asText(desired);
    this.#lists.keepOnly(desired.lists);
    await this.#resolver.proveAnswer(server);
    await this.#pointing.point(server);
    await this.#hold.bring(desired);
    if (failure) throw failure;
  }

  async remove(): Promise<void> {
    try {
      await this.#hold.release();
    } finally {
      await this.#pointing.restore();
    }
    await this.stop();
  }

  watched(): string[] {
    return [...this.#pointing.watched(), ...this.#hold.watched()];
  }

  async stop(): Promise<void> {
    this.#inForce = '';
    this.#upstream.forget();
    await this.#resolver.stop();
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
      expected: `this one in force, with ${lists.length === 1 ? '1 category' : `${lists.length} categories`}`,
      seen: ok ? `in force on ${server.address} port ${server.port}, ${names} names` : other.slice(0, 500),
      ok,
    };
  }
}

function asText(section: WebFilterSection): string {
  return JSON.stringify(section);
}

function pointingOf(host: Host): Pointing {
  if (host.platform === 'linux') return new LinuxPointing(host);
  return host.platform === 'darwin' ? new DarwinPointing(host) : new Win32Pointing(host);
}
