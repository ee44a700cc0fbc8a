import type { HostFiles } from '../../platform/host-files.ts';
import { type Line, line } from '../baseline/baseline.ts';
import { onFile } from '../baseline/own-file.ts';
import { readValues, reverted, type Values, withValues } from './config-text.ts';

type Desired = (present: Values) => Values;

/** A file of the host in which the agent sets a few values; what others write beside them stays. */
export class SharedFile {
  readonly #files: HostFiles;
  readonly #owner: string;
  readonly #path: string;
  readonly #keys: readonly string[];

  constructor(files: HostFiles, owner: string, path: string, keys: readonly string[]) {
    this.#files = files;
    this.#owner = owner;
    this.#path = path;
    this.#keys = keys;
  }

  async observe(desired: Desired): Promise<Line[]> {
    const { isInPlace } = await this.#plan(desired);
    return isInPlace ? [] : [line(this.#path, 'with the values of the profile', 'with other values')];
  }

  async bring(desired: Desired): Promise<void> {
    const { wanted, isInPlace, isAsked } = await this.#plan(desired);
    if (!isAsked) return await this.putBack();
    if (!isInPlace) await this.#write(wanted);
  }

  /** The original file, or only its values where others have changed the rest meanwhile. */
  async putBack(): Promise<void> {
    await onFile(this.#path, async () => {
      const { original, without } = await this.#read();
      if (without === original) return await this.#files.restoreOne(this.#owner, this.#path);
      await this.#write(without);
      this.#files.adopt(this.#owner, this.#path);
    });
  }

  async #plan(desired: Desired): Promise<{ wanted: string; isInPlace: boolean; isAsked: boolean }> {
    return await onFile(this.#path, async () => {
      const { present, without } = await this.#read();
      const values = desired(readValues(without));
      const wanted = withValues(without, values);
      const [seen, expected] = [readValues(present), readValues(wanted)];
      const isInPlace = this.#keys.every((key) => seen.get(key) === expected.get(key));
      return { wanted, isInPlace, isAsked: values.size > 0 };
    });
  }

  /** The text, that of before the first change, and what it would be without the agent. */
  async #read(): Promise<{ present: string; original: string; without: string }> {
    const present = (await this.#files.read(this.#path)) ?? '';
    const original = (await this.#files.original(this.#owner, this.#path)) ?? '';
    const values = [...readValues(present)].filter(([key]) => this.#keys.includes(key));
    const isOurs = withValues(original, new Map(values)) === present;
    return { present, original, without: isOurs ? original : reverted(present, original, this.#keys) };
  }

  async #write(text: string): Promise<void> {
    await this.#files.write(this.#owner, this.#path, text, (await this.#files.mode(this.#path)) ?? 0o644);
  }
}
