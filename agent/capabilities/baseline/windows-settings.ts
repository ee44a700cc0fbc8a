import type { Commands } from '../../platform/commands.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { KeptSettings, type Settings } from '../browser/kept-settings.ts';
import { isRegistryValue, parseRegistry, type RegistryValue, registryFile, registryId } from '../browser/registry.ts';
import { type HostPart, type Line, refused } from './baseline.ts';
import { KeptPlace } from './kept-place.ts';

const reg = 'C:\\Windows\\System32\\reg.exe';
/** The profile of the SYSTEM account: nobody else can write there. */
const folder = 'C:\\Windows\\System32\\config\\systemprofile\\AppData\\Local\\Rollcall';
const remedy = 'Run the agent as a service of the SYSTEM account.';
const noRegistry = 'The registry is no file: a trial under a folder leaves it alone.';

interface Parts<S> {
  files: HostFiles;
  commands: Commands;
  owner: string;
  /** A key that every Windows has; all values lie below it. */
  root: string;
  /** Pure. What the settings ask for; none where somebody above us decides, for example the domain. */
  values: (settings: S, present: Settings<RegistryValue>) => readonly RegistryValue[];
  /** What makes Windows take the values at once; run after a change, its failure is no failure of the settings. */
  afterwards?: readonly { path: string; args: readonly string[] }[];
}

/**
 * Settings of Windows that are registry values; what stood there before is kept and put back. Written from the
 * documentation, tested on documented output, not run on a real Windows.
 */
export class WindowsSettings<S> implements HostPart<S> {
  readonly unsupportedWhy?: string;
  readonly #parts: Parts<S>;
  readonly #values: KeptPlace<RegistryValue>;

  constructor(parts: Parts<S>) {
    const { files, owner } = parts;
    this.#parts = parts;
    if (!files.isHost) this.unsupportedWhy = noRegistry;
    const place = {
      read: () => this.#query(),
      write: (writes: ReadonlyMap<string, RegistryValue | undefined>) => this.#import(writes),
      equal: (one: RegistryValue | undefined, other: RegistryValue | undefined) =>
        one?.type === other?.type && one?.content === other?.content,
      item: (id: string) => id,
      words: ({ content }: RegistryValue) => String(content),
    };
    this.#values = new KeptPlace(
      place,
      new KeptSettings(files, `${folder}\\${owner}-originals.json`, isRegistryValue, owner),
    );
  }

  observe(settings: S): Promise<Line[]> {
    return this.#values.observe((present) => this.#desired(settings, present));
  }

  apply(settings: S): Promise<void> {
    return this.#values.bring((present) => this.#desired(settings, present));
  }

  holds(): Promise<boolean> {
    return this.#values.holds();
  }

  async remove(): Promise<void> {
    await this.#values.putBack();
    await this.#parts.files.restore(this.#parts.owner);
  }

  /** The registry is no file to watch; the periodic pass finds drift. */
  watched(): string[] {
    return [];
  }

  #desired(settings: S, present: Settings<RegistryValue>): Settings<RegistryValue> {
    const values = this.#parts.values(settings, present);
    return new Map(values.map((value) => [registryId(value.key, value.name), value] as const));
  }

  async #import(writes: ReadonlyMap<string, RegistryValue | undefined>): Promise<void> {
    const { files, commands, owner, root, afterwards = [] } = this.#parts;
    const file = `${folder}\\${owner}.reg`;
    const present = await this.#query();
    await files.write(owner, file, registryFile(writes, present, mayGo(root, writes, present)), 0o600);
    const result = await commands.run(reg, ['import', file, '/reg:64'], { timeoutMs: 60_000 });
    await files.restoreOne(owner, file);
    if (result.code !== 0)
      throw refused('registry-not-written', `The registry under ${root} could not be written`, result.stderr, remedy);
    for (const { path, args } of afterwards) await commands.run(path, args, { timeoutMs: 120_000 });
  }

  async #query(): Promise<Map<string, RegistryValue>> {
    const { commands, root } = this.#parts;
    const result = await commands.run(reg, ['query', root, '/s', '/reg:64'], { timeoutMs: 60_000 });
    if (result.code !== 0)
      throw refused('registry-not-read', `The registry under ${root} could not be read`, result.stderr, remedy);
    return parseRegistry(result.stdout);
  }
}

/**
 * Keys that lose a value may go with their last one, and nothing above them: Windows keeps empty keys that mean something,
 * and the root was there before us.
 */
function mayGo(root: string, writes: ReadonlyMap<string, RegistryValue | undefined>, present: Settings<RegistryValue>) {
  const lost = [...writes].flatMap(([id, value]) => (value ? [] : (present.get(id)?.key ?? [])));
  return lost.filter((key) => key.length > root.length).sort((a, b) => a.length - b.length);
}

export function numberValue(key: string, name: string, content: number): RegistryValue {
  return { key, name, type: 'REG_DWORD', content };
}

export function textValue(key: string, name: string, content: string): RegistryValue {
  return { key, name, type: 'REG_SZ', content };
}
