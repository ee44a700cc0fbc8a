import { parseJson } from '../../health/json.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { owner } from './linux-files.ts';

/** What settings that are no files were before the agent came, in a file of its own that goes when nothing is kept. */
export class KeptState<T> {
  readonly #files: HostFiles;
  readonly #path: string;
  readonly #read: (value: unknown) => T | undefined;

  /** `read` checks what the file holds. */
  constructor(files: HostFiles, path: string, read: (value: unknown) => T | undefined) {
    this.#files = files;
    this.#path = path;
    this.#read = read;
  }

  async read(): Promise<T | undefined> {
    return this.#read(parseJson((await this.#files.read(this.#path)) ?? ''));
  }

  /** On disk when it returns. */
  async write(kept: T): Promise<void> {
    const text = `${JSON.stringify(kept)}\n`;
    if (text !== (await this.#files.read(this.#path))) await this.#files.write(owner, this.#path, text, 0o600);
  }

  async forget(): Promise<void> {
    await this.#files.restoreOne(owner, this.#path);
  }
}

/** An object whose members are lists of addresses. */
export function addressLists(value: unknown): Record<string, string[]> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string[]] => isAddressList(entry[1]));
  return Object.fromEntries(entries);
}

export function isAddressList(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.every((item) => typeof item === 'string' && /^[0-9a-fA-F.:%\w]{2,60}$/.test(item))
  );
}
