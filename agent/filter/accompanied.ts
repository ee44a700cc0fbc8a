import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { Capability, Change, Observation } from '../capabilities/capability.ts';
import type { Companion, FilterView } from './view.ts';

/** A web filter with its companions: they begin with the first policy in force and end with the filter. */
export function accompanied(
  filter: Capability<'webFilter'> & FilterView,
  companions: readonly Companion[],
): Capability<'webFilter'> {
  return new AccompaniedFilter(filter, companions);
}

class AccompaniedFilter implements Capability<'webFilter'> {
  readonly name = 'webFilter';
  readonly #filter: Capability<'webFilter'> & FilterView;
  readonly #companions: readonly Companion[];

  constructor(filter: Capability<'webFilter'> & FilterView, companions: readonly Companion[]) {
    this.#filter = filter;
    this.#companions = companions;
  }

  get supported(): boolean {
    return this.#filter.supported;
  }

  get unsupportedWhy(): string {
    return this.#filter.unsupportedWhy ?? '';
  }

  get verifiable(): boolean {
    return this.#filter.verifiable;
  }

  async observe(desired: WebFilterSection): Promise<Observation> {
    const { evidence } = await this.#filter.observe(desired);
    if (!this.#filter.section) return { evidence };
    const beside = await Promise.all(this.#companions.map((companion) => companion.evidence()));
    return { evidence: [...evidence, ...beside.flat()] };
  }

  plan(desired: WebFilterSection, observation: Observation): Change[] {
    return this.#filter.plan(desired, observation);
  }

  /** A policy may be in force although applying it did not succeed in every part. */
  async apply(desired: WebFilterSection): Promise<void> {
    try {
      await this.#filter.apply(desired);
    } finally {
      if (this.#filter.section) await Promise.all(this.#companions.map((companion) => companion.begin(this.#filter)));
    }
  }

  async remove(): Promise<void> {
    await this.#endCompanions();
    await this.#filter.remove();
  }

  watched(desired: WebFilterSection): string[] {
    return this.#filter.watched(desired);
  }

  subscribe(desired: WebFilterSection, onChange: () => void): () => void {
    return this.#filter.subscribe?.(desired, onChange) ?? (() => undefined);
  }

  async stop(): Promise<void> {
    await this.#endCompanions();
    await this.#filter.stop();
  }

  async #endCompanions(): Promise<void> {
    await Promise.all(this.#companions.map((companion) => companion.end()));
  }
}
