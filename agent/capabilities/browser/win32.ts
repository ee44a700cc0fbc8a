import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { Commands } from '../../platform/commands.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { CapabilityError } from '../capability.ts';
import { chromiumPolicies } from './chromium-policy.ts';
import { firefoxPolicies } from './firefox-policy.ts';
import { KeptSettings, planSettings, type Settings } from './kept-settings.ts';
import { compared, type HostPolicies, owner, type Policies, policyItem } from './policies.ts';
import {
  isRegistryValue,
  parseRegistry,
  type RegistryPolicies,
  type RegistryValue,
  registryFile,
  registryPolicies,
  registryRules,
} from './registry.ts';

const root = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies';
const browsers: readonly { browser: string; key: string; policies: (settings: BrowserSettings) => Policies }[] = [
  { browser: 'Chrome', key: `${root}\\Google\\Chrome`, policies: (settings) => chromiumPolicies(settings, 'chrome') },
  { browser: 'Chromium', key: `${root}\\Chromium`, policies: (settings) => chromiumPolicies(settings, 'chromium') },
  { browser: 'Edge', key: `${root}\\Microsoft\\Edge`, policies: (settings) => chromiumPolicies(settings, 'edge') },
  { browser: 'Firefox', key: `${root}\\Mozilla\\Firefox`, policies: firefoxPolicies },
];

const roots = browsers.map(({ key }) => key);
const reg = 'C:\\Windows\\System32\\reg.exe';
const gpupdate = 'C:\\Windows\\System32\\gpupdate.exe';
/** The profile of the SYSTEM account: nobody else can write there, so nobody can change the file before its import. */
const folder = 'C:\\Windows\\System32\\config\\systemprofile\\AppData\\Local\\Rollcall';
const importFile = `${folder}\\browser-policies.reg`;
const keptFile = `${folder}\\browser-originals.json`;

/** Arguments of reg.exe: the 64-bit view, which is what browsers read. */
export const queryArguments = ['query', root, '/s', '/reg:64'] as const;
export const importArguments = ['import', importFile, '/reg:64'] as const;

/** Policies in the registry. Written from the documentation, tested on recorded output, not run on a real Windows. */
export class WindowsPolicies implements HostPolicies {
  readonly #files: HostFiles;
  readonly #commands: Commands;
  readonly #kept: KeptSettings<RegistryValue>;

  constructor(files: HostFiles, commands: Commands) {
    this.#files = files;
    this.#commands = commands;
    this.#kept = new KeptSettings(files, keptFile, isRegistryValue);
  }

  async observe(settings: BrowserSettings): Promise<Evidence[]> {
    const present = await this.#query();
    return browsers.map(({ browser, key, policies }) => {
      const ours = policies(settings);
      return compared(policyItem(browser, key), ours, differing(key, ours, present));
    });
  }

  async apply(settings: BrowserSettings): Promise<void> {
    const desired = browsers.map(({ key, policies }) => registryPolicies(key, policies(settings)));
    await this.#bring({
      values: new Map(desired.flatMap(({ values }) => [...values])),
      lists: new Set(desired.flatMap(({ lists }) => [...lists])),
    });
  }

  async remove(): Promise<void> {
    if ((await this.#kept.read()).size > 0) await this.#bring({ values: new Map(), lists: new Set() });
    await this.#files.restore(owner);
  }

  /** The registry is no file to watch; the periodic pass finds drift. */
  watched(): string[] {
    return [];
  }

  async #bring({ values, lists }: RegistryPolicies): Promise<void> {
    const present = await this.#query();
    const { writes, keepBefore, keepAfter } = planSettings(
      present,
      values,
      await this.#kept.read(),
      registryRules(lists),
    );
    await this.#kept.write(keepBefore);
    if (writes.size > 0) await this.#import(registryFile(writes, present, roots));
    await this.#kept.write(keepAfter);
  }

  async #import(text: string): Promise<void> {
    await this.#files.write(owner, importFile, text, 0o600);
    const result = await this.#commands.run(reg, importArguments, { timeoutMs: 60_000 });
    await this.#files.restoreOne(owner, importFile);
    if (result.code !== 0) throw refused('browser-registry-not-written', 'could not be written', result.stderr);
    // Only tells running browsers at once: without it they read the new policies within 15 minutes.
    await this.#commands.run(gpupdate, ['/target:computer', '/force'], { timeoutMs: 120_000 });
  }

  /** All policies at once: a key that is not there is simply not in the answer, whatever the language of Windows. */
  async #query(): Promise<Map<string, RegistryValue>> {
    const result = await this.#commands.run(reg, queryArguments, { timeoutMs: 60_000 });
    if (result.code !== 0) throw refused('browser-registry-not-read', 'could not be read', result.stderr);
    return parseRegistry(result.stdout);
  }
}

/** The policies whose values differ, or whose list has entries too many. */
function differing(key: string, policies: Policies, present: Settings<RegistryValue>): string[] {
  return Object.entries(policies).flatMap(([name, value]) => {
    const { values, lists } = registryPolicies(key, { [name]: value });
    const { writes } = planSettings(present, values, new Map(), registryRules(lists));
    return writes.size > 0 ? [name] : [];
  });
}

function refused(code: string, what: string, answer: string): CapabilityError {
  const words = `The registry under ${root} ${what}; run the agent as a service of the SYSTEM account. Windows says: `;
  return new CapabilityError(code, words + answer.trim().slice(0, 300));
}
