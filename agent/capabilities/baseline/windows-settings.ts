import type { Commands } from '../../platform/commands.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { KeptSettings, planSettings, type Settings, type SettingsRules } from '../browser/kept-settings.ts';
import { isRegistryValue, parseRegistry, type RegistryValue, registryFile, registryId } from '../browser/registry.ts';
import { type HostPart, type Line, line, refused } from './baseline.ts';

const reg = 'C:\\Windows\\System32\\reg.exe';
/** The profile of the SYSTEM account: nobody else can write there. */
const folder = 'C:\\Windows\\System32\\config\\systemprofile\\AppData\\Local\\Rollcall';
const rules: SettingsRules<RegistryValue> = {
  owned: () => false,
  equal: (one, other) => one?.type === other?.type && one?.content === other?.content,
};

const remedy = 'Run the agent as a service of the SYSTEM account.';
const noRegistry = 'The registry is no file: a trial under a folder leaves it alone.';

/** One registry value with its name for people. */
export interface WantedValue extends RegistryValue {
  what: string;
}

interface Parts<S> {
  files: HostFiles;
  commands: Commands;
  owner: string;
  /** A key that every Windows has; all values lie below it. */
  root: string;
  values: (settings: S) => readonly WantedValue[];
  /** True where somebody above us decides, for example the domain; nothing is written then. */
  leaveAlone?: (present: Settings<RegistryValue>) => boolean;
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
  readonly #kept: KeptSettings<RegistryValue>;
  readonly #importFile: string;

  constructor(parts: Parts<S>) {
    this.#parts = parts;
    if (!parts.files.isHost) this.unsupportedWhy = noRegistry;
    this.#importFile = `${folder}\\${parts.owner}.reg`;
    this.#kept = new KeptSettings(
      parts.files,
      `${folder}\\${parts.owner}-originals.json`,
      isRegistryValue,
      parts.owner,
    );
  }

  async observe(settings: S): Promise<Line[]> {
    const present = await this.#query();
    if (await this.#isLeftAlone(present)) return [line('decided by the domain', 'left alone', 'left alone')];
    return this.#parts.values(settings).map((wanted) => {
      const found = present.get(registryId(wanted.key, wanted.name));
      const seen = found === undefined ? 'not set' : String(found.content);
      const item = `${wanted.what} (${wanted.key}\\${wanted.name})`;
      return line(item, String(wanted.content), seen, rules.equal(plain(wanted), found));
    });
  }

  async holds(): Promise<boolean> {
    return (await this.#kept.read()).size > 0;
  }

  async apply(settings: S): Promise<void> {
    if (await this.#isLeftAlone(await this.#query())) return;
    const wanted = this.#parts.values(settings).map(plain);
    await this.#bring(new Map(wanted.map((value) => [registryId(value.key, value.name), value] as const)));
  }

  async remove(): Promise<void> {
    const { files, owner } = this.#parts;
    if (await this.holds()) await this.#bring(new Map());
    await files.restore(owner);
  }

  /** The registry is no file to watch; the periodic pass finds drift. */
  watched(): string[] {
    return [];
  }

  /** What we changed ourselves is ours, whatever it looks like. */
  async #isLeftAlone(present: Settings<RegistryValue>): Promise<boolean> {
    return this.#parts.leaveAlone?.(present) === true && !(await this.holds());
  }

  async #bring(desired: Settings<RegistryValue>): Promise<void> {
    const present = await this.#query();
    const { writes, keepBefore, keepAfter } = planSettings(present, desired, await this.#kept.read(), rules);
    await this.#kept.write(keepBefore);
    if (writes.size > 0) await this.#import(registryFile(writes, present, [this.#parts.root]));
    await this.#kept.write(keepAfter);
  }

  async #import(text: string): Promise<void> {
    const { files, commands, owner, root, afterwards = [] } = this.#parts;
    await files.write(owner, this.#importFile, text, 0o600);
    const result = await commands.run(reg, ['import', this.#importFile, '/reg:64'], { timeoutMs: 60_000 });
    await files.restoreOne(owner, this.#importFile);
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

export function numberValue(what: string, key: string, name: string, content: number): WantedValue {
  return { what, key, name, type: 'REG_DWORD', content };
}

export function textValue(what: string, key: string, name: string, content: string): WantedValue {
  return { what, key, name, type: 'REG_SZ', content };
}

function plain({ key, name, type, content }: WantedValue): RegistryValue {
  return { key, name, type, content };
}
