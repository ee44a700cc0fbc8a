import type { Clock, Random } from '../../../shared/clock.ts';
import { normaliseName } from '../../../shared/filter/name.ts';
import type { Upstream as UpstreamSetting, WebFilterSettings } from '../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { UpstreamState } from '../../filter/forwarder.ts';
import type { Upstreams } from '../../filter/routes.ts';
import { openUpstream, UpstreamSettingError } from '../../filter/upstream/open.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import type { Upstream } from '../../filter/upstream/upstream.ts';
import { CapabilityError } from '../capability.ts';
import type { Pointing } from './pointing.ts';

export interface UpstreamChoiceOptions {
  dnsPort: number;
  dnsAddress: string;
  clock: Clock;
  random: Random;
  upstreamCa?: string;
}

type UpstreamSettings = Pick<WebFilterSettings, 'upstream' | 'splitDomains'>;

const system: UpstreamSetting = { kind: 'system' };

/**
 * The resolvers behind the filter: those of the setting, those of the network the host is on, those of split domains. The
 * same ones stay open over revisions and passes that do not change them.
 */
export class UpstreamChoice {
  readonly #pointing: Pointing;
  readonly #options: UpstreamChoiceOptions;
  /** What was chosen when they were opened, as text. */
  #key: string | undefined;
  /** By purpose and setting. */
  #opened = new Map<string, Upstream>();

  constructor(pointing: Pointing, options: UpstreamChoiceOptions) {
    this.#pointing = pointing;
    this.#options = options;
  }

  /** `filter` is where the filter listens already. Throws `CapabilityError` when a setting cannot be asked. */
  async open(settings: UpstreamSettings, filter: ServerAddress | undefined): Promise<Upstreams> {
    const self = filter ?? this.#configured();
    const { key, systemServers } = await this.#choose(settings, self);
    const opened = new Map<string, Upstream>();
    const openFor = async (purpose: string, setting: UpstreamSetting): Promise<Upstream> => {
      const name = JSON.stringify([purpose, setting, setting.kind === 'system' ? systemServers : []]);
      const upstream = this.#opened.get(name) ?? (await this.#open(setting, systemServers, self));
      opened.set(name, upstream);
      return upstream;
    };
    const { upstream: main = system, splitDomains = [] } = settings;
    const upstream = await openFor('every name', main);
    const network = main.kind === 'system' ? upstream : await openFor('names of the network', system);
    const split = await Promise.all(
      splitDomains.map(async ({ domain, servers }) => ({
        domain: normaliseName(domain) ?? domain,
        upstream: await openFor(domain, { kind: 'plain', servers }),
      })),
    );
    this.#opened = opened;
    this.#key = key;
    return { upstream, splitDomains: split, ...(systemServers.length > 0 ? { network } : {}) };
  }

  /** To be called when the resolver that used the upstream stops, which closes it. */
  forget(): void {
    this.#opened.clear();
    this.#key = undefined;
  }

  /**
   * An unreachable resolver is said, but the filter is in force all the same: only the wrong servers are a fault. That
   * it answers is not said, or every start would be reported anew before the first question.
   */
  async evidence(
    settings: UpstreamSettings,
    filter: ServerAddress,
    { reachable, words }: UpstreamState = { reachable: undefined, words: 'none' },
  ): Promise<Evidence> {
    const { key } = await this.#choose(settings, filter);
    const ok = this.#key === key;
    const state = reachable === false ? `${words}: does not answer` : words;
    return {
      item: 'resolver behind the filter',
      expected: (settings.upstream ?? system).kind,
      seen: ok ? state.slice(0, 500) : `${words}: no longer the right one`.slice(0, 500),
      ok,
    };
  }

  async #open(setting: UpstreamSetting, systemServers: readonly string[], self: ServerAddress | undefined) {
    const { clock, random, upstreamCa } = this.#options;
    const ca = upstreamCa === undefined ? {} : { ca: upstreamCa };
    try {
      return await openUpstream(setting, { clock, random, systemServers, self, ...ca });
    } catch (error) {
      if (error instanceof UpstreamSettingError) throw new CapabilityError('bad-upstream', error.message, error);
      throw error;
    }
  }

  async #choose({ upstream = system, splitDomains = [] }: UpstreamSettings, self: ServerAddress | undefined) {
    const systemServers = await this.#pointing.systemServers(self);
    return { systemServers, key: JSON.stringify([upstream, splitDomains, systemServers]) };
  }

  #configured(): ServerAddress | undefined {
    const { dnsAddress, dnsPort } = this.#options;
    return dnsPort === 0 ? undefined : { address: dnsAddress, port: dnsPort };
  }
}
