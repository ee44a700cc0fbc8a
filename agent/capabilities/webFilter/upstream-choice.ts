import type { Clock, Random } from '../../../shared/clock.ts';
import type { Upstream as UpstreamSetting } from '../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { UpstreamState } from '../../filter/forwarder.ts';
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

const usual: UpstreamSetting = { kind: 'system' };

/**
 * The resolvers behind the filter: those of the setting, or those of the network the host is on. The same ones stay open
 * over revisions and passes that do not change them.
 */
export class UpstreamChoice {
  readonly #pointing: Pointing;
  readonly #options: UpstreamChoiceOptions;
  #opened: { key: string; upstream: Upstream } | undefined;

  constructor(pointing: Pointing, options: UpstreamChoiceOptions) {
    this.#pointing = pointing;
    this.#options = options;
  }

  /** `filter` is where the filter listens already. Throws `CapabilityError` when the setting cannot be asked. */
  async open(setting: UpstreamSetting = usual, filter: ServerAddress | undefined): Promise<Upstream> {
    const self = filter ?? this.#configured();
    const { key, systemServers } = await this.#choose(setting, self);
    if (this.#opened?.key === key) return this.#opened.upstream;
    const { clock, random, upstreamCa } = this.#options;
    const ca = upstreamCa === undefined ? {} : { ca: upstreamCa };
    try {
      const upstream = await openUpstream(setting, { clock, random, systemServers, self, ...ca });
      this.#opened = { key, upstream };
      return upstream;
    } catch (error) {
      if (error instanceof UpstreamSettingError) throw new CapabilityError('bad-upstream', error.message, error);
      throw error;
    }
  }

  /** To be called when the resolver that used the upstream stops, which closes it. */
  forget(): void {
    this.#opened = undefined;
  }

  /**
   * An unreachable resolver is said, but the filter is in force all the same: only the wrong servers are a fault. That
   * it answers is not said, or every start would be reported anew before the first question.
   */
  async evidence(
    setting: UpstreamSetting = usual,
    filter: ServerAddress,
    { reachable, words }: UpstreamState = { reachable: undefined, words: 'none' },
  ): Promise<Evidence> {
    const { key } = await this.#choose(setting, filter);
    const ok = this.#opened?.key === key;
    const state = reachable === false ? `${words}: does not answer` : words;
    return {
      item: 'resolver behind the filter',
      expected: setting.kind,
      seen: ok ? state.slice(0, 500) : `${words}: no longer the right one`.slice(0, 500),
      ok,
    };
  }

  async #choose(setting: UpstreamSetting, self: ServerAddress | undefined) {
    const systemServers = setting.kind === 'system' ? await this.#pointing.systemServers(self) : [];
    return { systemServers, key: JSON.stringify([setting, systemServers]) };
  }

  #configured(): ServerAddress | undefined {
    const { dnsAddress, dnsPort } = this.#options;
    return dnsPort === 0 ? undefined : { address: dnsAddress, port: dnsPort };
  }
}
