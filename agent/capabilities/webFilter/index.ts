import type { Clock, Random } from '../../../shared/clock.ts';
import { decideName, type FilterPolicy } from '../../../shared/filter/decide.ts';
import type { Decision } from '../../../shared/filter/decision.ts';
import type { Place } from '../../../shared/filter/place.ts';
import type { RecordingLevel, WebFilterSection } from '../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { ArtifactSource } from '../../connection/artifact-source.ts';
import { type Context, contextWithout } from '../../context/context.ts';
import type { ResolverCounts } from '../../filter/resolver.ts';
import type { Upstreams } from '../../filter/routes.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import type { FilterView, QueryObserver } from '../../filter/view.ts';
import type { Log } from '../../log.ts';
import { type Capability, CapabilityError, type Change, type Host, type Observation } from '../capability.ts';
import { renewed, without } from './asked-anew.ts';
import { HostHold } from './holding/host-hold.ts';
import { HostsFile } from './hosts.ts';
import { ListLoader } from './lists.ts';
import { measure, measurementsOf } from './measure.ts';
import { measureSystem } from './measure-system.ts';
import { OwnResolver } from './own-resolver.ts';
import type { Pointing } from './pointing.ts';
import { pointingOf } from './pointing-of.ts';
import { TimedPolicy } from './timed-policy.ts';
import { UpstreamChoice } from './upstream-choice.ts';

export interface WebFilterOptions {
  /** UDP and TCP port of the resolver; 0 takes any free one and keeps it while running. */
  dnsPort: number;
  dnsAddress: string;
  artifacts: ArtifactSource;
  clock: Clock;
  random: Random;
  log: Log;
  /** Moment and place; without it the wall clock, and a place nobody knows. */
  context?: Context;
  /** Hears of every name that is decided. */
  observer?: QueryObserver;
  /** IPv4 address of the device's own pages. */
  pageAddress?: string;
  /** Certificates trusted for DoT and DoH instead of the built-in ones (PEM), for tests. */
  upstreamCa?: string;
}

export interface WebFilter extends Capability<'webFilter'>, FilterView {
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
  readonly #hosts: HostsFile;
  readonly #hold: HostHold;
  readonly #lists: ListLoader;
  readonly #resolver: OwnResolver;
  readonly #upstream: UpstreamChoice;
  readonly #context: Context;
  readonly #timed: TimedPolicy;
  /** The section in force, as text. */
  #inForce = '';
  /** For want of lists nothing but essentials passes. */
  #essentialsOnly = false;

  constructor(host: Host, options: WebFilterOptions) {
    this.#host = host;
    this.#options = options;
    this.#pointing = pointingOf(host);
    this.#hosts = new HostsFile(host);
    this.#hold = new HostHold(host, this.#hosts);
    this.#lists = new ListLoader(options.artifacts);
    this.#resolver = new OwnResolver(options);
    this.#upstream = new UpstreamChoice(this.#pointing, options);
    this.#context = options.context ?? contextWithout(options.clock);
    this.#timed = new TimedPolicy({ context: this.#context, clock: options.clock });
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

  get section(): WebFilterSection | undefined {
    return this.#timed.section;
  }

  get place(): Place {
    return this.#context.here.place;
  }

  get recording(): RecordingLevel {
    return this.#timed.recording;
  }

  now(): number {
    return this.#context.now();
  }

  decide(name: string): Decision | undefined {
    const { policy } = this.#timed;
    const decision = policy && decideName(name, policy);
    if (!decision || !this.#essentialsOnly || decision.action === 'block') return decision;
    return decision.layer === 'essential' || decision.layer === 'canary' ? decision : withoutLists;
  }

  async observe(desired: WebFilterSection): Promise<Observation> {
    const server = this.address;
    if (!server) {
      return { evidence: [{ item: 'resolver', expected: 'running', seen: 'not running', ok: false }] };
    }
    // A file of name servers that changed may mean another network; what that changes comes into force by itself.
    void this.#context.look();
    const [files, held, upstream, measured] = await Promise.all([
      this.#pointing.evidence(server),
      this.#hold.evidence(desired),
      this.#upstream.evidence(desired.settings, server, this.#resolver.upstreamState),
      this.#measure(desired, server),
    ]);
    const inForce = this.#inForceEvidence(desired, server);
    return { evidence: [inForce, ...files, ...held, upstream, ...measured].slice(0, 200) };
  }

  plan(_desired: WebFilterSection, { evidence }: Observation): Change[] {
    return evidence
      .filter(({ ok }) => !ok)
      .map(({ item, seen, expected }) => ({
        item,
        before: seen,
        after: expected,
        ...(this.#hold.holds(item) || this.#pointing.ownFiles?.includes(item) ? {} : { isOrdinary: true as const }),
      }));
  }

  /** The host is pointed at the resolver only after the resolver has answered. */
  async apply(desired: WebFilterSection): Promise<void> {
    if (!this.supported) throw new CapabilityError('unsupported', this.unsupportedWhy);
    const { categories, failure } = await this.#lists.load(desired.lists);
    // With no whole policy in force, what the district chose for want of lists, as the host may already point here.
    if (failure && this.#inForce !== '') throw failure;
    const upstreams = await this.#upstream.open(desired.settings, this.address);
    this.#essentialsOnly = failure !== undefined && desired.settings.failMode === 'block';
    const filter = await this.#timed.use(desired, categories, (policy) => {
      this.#resolver.decideBy(policy);
      void this.#askAnew();
    });
    const server = await this.#serve(desired, { filter, ...upstreams });
    if (this.#inForce !== asText(desired)) await this.#askAnew();
    this.#inForce = failure ? '' : asText(desired);
    this.#lists.keepOnly(desired.lists);
    await this.#resolver.proveAnswer(server);
    await this.#pointing.point(server);
    await this.#hold.bring(desired);
    if (failure) throw this.#essentialsOnly ? onlyEssentials(failure) : failure;
  }

  async remove(): Promise<void> {
    try {
      await this.#hold.release();
    } finally {
      await this.#pointing.restore();
      if (this.#host.files.isHost) await this.#hosts.change(without);
    }
    await this.stop();
  }

  watched(): string[] {
    return [...this.#pointing.watched(), ...this.#hold.watched()];
  }

  subscribe(desired: WebFilterSection, onChange: () => void): () => void {
    return this.#hold.subscribe(desired, onChange);
  }

  async stop(): Promise<void> {
    this.#inForce = '';
    this.#essentialsOnly = false;
    this.#timed.stop();
    this.#upstream.forget();
    await this.#resolver.stop();
  }

  /** Browsers hear that what they remember of names may no longer hold; where that fails, they learn it within a minute. */
  async #askAnew(): Promise<void> {
    const { pageAddress = this.#options.dnsAddress, log } = this.#options;
    if (!this.#host.files.isHost) return;
    try {
      await this.#hosts.change((content) => renewed(content, pageAddress));
    } catch (error) {
      log.warn({ err: error }, 'The hosts file could not be changed; browsers ask anew a minute later.');
    }
  }

  async #serve(
    { settings, contact }: WebFilterSection,
    parts: Upstreams & { filter: FilterPolicy },
  ): Promise<ServerAddress> {
    const { observer, pageAddress } = this.#options;
    try {
      return await this.#resolver.use({
        ...parts,
        blockAnswer: settings.blockAnswer ?? 'address',
        contact,
        mode: this.#essentialsOnly ? 'essentials-only' : 'normal',
        ...(observer && { observer }),
        ...(pageAddress !== undefined && { pageAddress }),
      });
    } catch (error) {
      this.#timed.stop();
      throw error;
    }
  }

  /** Against what is in force now; a rule that begins or ends meanwhile makes it measure once more. */
  async #measure(desired: WebFilterSection, server: ServerAddress, triesLeft = 1): Promise<Evidence[]> {
    const before = this.#timed.policy;
    const isInForce = this.#inForce === asText(desired) && before !== undefined;
    const policy = isInForce ? before : await this.#timed.preview(desired, this.#lists.opened(desired.lists));
    const measurements = measurementsOf(desired, policy);
    const { observer } = this.#options;
    const done = observer?.ownQuestions?.(measurements.map(({ name }) => name));
    const blockAnswer = desired.settings.blockAnswer ?? 'address';
    const [measured, system] = await Promise.all([
      measure(measurements, server, this.#options),
      this.#host.files.isHost ? measureSystem(measurements, { ...this.#options, blockAnswer }) : [],
    ]).finally(done);
    if (triesLeft > 0 && this.#timed.policy !== before) return await this.#measure(desired, server, triesLeft - 1);
    return [...measured, ...system];
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

const withoutLists: Decision = { action: 'block', layer: 'default' };

function onlyEssentials({ code, message }: CapabilityError): CapabilityError {
  return new CapabilityError(code, `${message} Until then only essential names pass.`);
}

function asText(section: WebFilterSection): string {
  return JSON.stringify(section);
}
