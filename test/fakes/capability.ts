import type { Capability, Change, Observation } from '../../agent/capabilities/capability.ts';
import type { HostFiles } from '../../agent/platform/host-files.ts';
import type { BrowserSettings } from '../../shared/profile/browser.ts';

/**
 * Keeps the desired settings as JSON in one file of the host: the smallest thing that can be enforced, with faults to
 * order. Stands for `browser`.
 */
export class FakeCapability implements Capability<'browser'> {
  readonly name = 'browser';
  supported = true;
  verifiable = true;
  readonly path = '/etc/fake/policies/settings.json';
  /** What happened, in order. */
  readonly calls: string[] = [];
  /** Thrown by the next `apply`. */
  failWith: Error | undefined;
  /** `apply` does nothing although it says it did. */
  isIneffective = false;
  /** Awaited in every `observe`. */
  gate: Promise<void> = Promise.resolve();
  readonly #files: HostFiles;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  async observe(desired: BrowserSettings): Promise<Observation> {
    this.calls.push('observe');
    await this.gate;
    const seen = (await this.#files.read(this.path)) ?? 'no file';
    const expected = JSON.stringify(desired);
    return { evidence: [{ item: this.path, expected, seen, ok: seen === expected }] };
  }

  plan(_desired: BrowserSettings, { evidence }: Observation): Change[] {
    return evidence
      .filter((line) => !line.ok)
      .map(({ item, seen, expected }) => ({ item, before: seen, after: expected }));
  }

  async apply(desired: BrowserSettings): Promise<void> {
    this.calls.push('apply');
    const failure = this.failWith;
    this.failWith = undefined;
    if (failure) throw failure;
    if (!this.isIneffective) await this.#files.write(this.name, this.path, JSON.stringify(desired));
  }

  async remove(): Promise<void> {
    this.calls.push('remove');
    await this.#files.restore(this.name);
  }

  watched(): string[] {
    return [this.path];
  }

  async stop(): Promise<void> {
    this.calls.push('stop');
  }
}
