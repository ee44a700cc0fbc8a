import type { HostFiles } from '../../platform/host-files.ts';
import { owner } from './policies.ts';
import { parsePolicyFile } from './policy-file.ts';

/** Settings that are not files (registry values, preferences), by an id that is unique on the host. */
export type Settings<V> = ReadonlyMap<string, V>;
/** What stood at each setting we changed before the first change; null: nothing. */
export type Kept<V> = ReadonlyMap<string, V | null>;

export interface SettingsPlan<V> {
  /** Undefined: delete. */
  writes: Map<string, V | undefined>;
  /** To be kept durably before the writes … */
  keepBefore: Map<string, V | null>;
  /** … and what is still worth keeping after them. */
  keepAfter: Map<string, V | null>;
}

export interface SettingsRules<V> {
  owned: (id: string) => boolean;
  equal: (one: V | undefined, other: V | undefined) => boolean;
}

/**
 * Pure. Brings `present` to `desired`. Whatever `owned` names belongs to us wholly and goes when it is not desired
 * (stale entries of a list). What we changed earlier and nobody asks for any more goes back to what it was.
 */
export function planSettings<V>(
  present: Settings<V>,
  desired: Settings<V>,
  kept: Kept<V>,
  { owned, equal }: SettingsRules<V>,
): SettingsPlan<V> {
  const wanted = new Map<string, V | undefined>();
  for (const id of present.keys()) if (owned(id)) wanted.set(id, undefined);
  for (const [id, before] of kept) wanted.set(id, owned(id) ? undefined : (before ?? undefined));
  for (const [id, value] of desired) wanted.set(id, value);
  const writes = new Map([...wanted].filter(([id, value]) => !equal(value, present.get(id))));
  const keepBefore = new Map(kept);
  for (const id of writes.keys()) if (!keepBefore.has(id)) keepBefore.set(id, present.get(id) ?? null);
  const keepAfter = new Map([...keepBefore].filter(([id]) => desired.has(id) || owned(id)));
  return { writes, keepBefore, keepAfter };
}

/** The originals of settings that are not files, in a file of the agent's own that goes when it is empty. */
export class KeptSettings<V> {
  readonly #files: HostFiles;
  readonly #path: string;
  readonly #isValue: (value: unknown) => value is V;
  readonly #owner: string;

  /** `keptFor`: under whose name the host keeps the file. */
  constructor(files: HostFiles, path: string, isValue: (value: unknown) => value is V, keptFor = owner) {
    this.#files = files;
    this.#path = path;
    this.#isValue = isValue;
    this.#owner = keptFor;
  }

  async read(): Promise<Map<string, V | null>> {
    const held = parsePolicyFile((await this.#files.read(this.#path)) ?? '') ?? {};
    const entries = Object.entries(held).filter(
      (entry): entry is [string, V | null] => entry[1] === null || this.#isValue(entry[1]),
    );
    return new Map(entries);
  }

  async write(kept: Kept<V>): Promise<void> {
    if (kept.size === 0) return await this.#files.restoreOne(this.#owner, this.#path);
    const text = `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`;
    if (text !== (await this.#files.read(this.#path))) await this.#files.write(this.#owner, this.#path, text, 0o600);
  }
}
