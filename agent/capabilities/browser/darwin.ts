import { isDeepStrictEqual } from 'node:util';
import type { BrowserSettings } from '../../../shared/profile/browser.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import type { Commands } from '../../platform/commands.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { CapabilityError } from '../capability.ts';
import { chromiumPolicies } from './chromium-policy.ts';
import { firefoxPolicies } from './firefox-policy.ts';
import { KeptSettings, planSettings, type Settings, type SettingsRules } from './kept-settings.ts';
import { compared, type HostPolicies, owner, type Policies, policyItem } from './policies.ts';
import { isObject, missingOrChanged, parsePolicyFile } from './policy-file.ts';
import {
  deleteArguments,
  firefoxPreferences,
  type Preference,
  preferenceId,
  preferences,
  readArguments,
  writeArguments,
} from './preferences.ts';

const root = '/Library/Preferences';
const browsers: readonly { browser: string; domain: string; policies: (settings: BrowserSettings) => Policies }[] = [
  {
    browser: 'Chrome',
    domain: `${root}/com.google.Chrome`,
    policies: (settings) => chromiumPolicies(settings, 'chrome'),
  },
  {
    browser: 'Chromium',
    domain: `${root}/org.chromium.Chromium`,
    policies: (settings) => chromiumPolicies(settings, 'chromium'),
  },
  { browser: 'Edge', domain: `${root}/com.microsoft.Edge`, policies: (settings) => chromiumPolicies(settings, 'edge') },
  {
    browser: 'Firefox',
    domain: `${root}/org.mozilla.firefox`,
    policies: (settings) => firefoxPreferences(firefoxPolicies(settings)),
  },
];
const rules: SettingsRules<Preference> = {
  owned: () => false,
  equal: (one, other) => isDeepStrictEqual(one, other),
};
const defaults = '/usr/bin/defaults';
const plutil = '/usr/bin/plutil';
const keptFile = '/Library/Application Support/Rollcall/browser-originals.json';

/**
 * Policies as preferences. Firefox obeys them; Chrome and Edge take them as recommendations, for a mandatory policy
 * must come from a configuration profile (https://support.google.com/chrome/a/answer/9020077).
 * Written from the documentation, tested on recorded output, not run on a real Mac.
 */
export class MacPolicies implements HostPolicies {
  readonly #files: HostFiles;
  readonly #commands: Commands;
  readonly #kept: KeptSettings<Preference>;

  constructor(files: HostFiles, commands: Commands) {
    this.#files = files;
    this.#commands = commands;
    this.#kept = new KeptSettings(files, keptFile, isPreference);
  }

  async observe(settings: BrowserSettings): Promise<Evidence[]> {
    const lines: Evidence[] = [];
    for (const { browser, domain, policies } of browsers) {
      const ours = policies(settings);
      const found = await this.#read(domain);
      lines.push(compared(policyItem(browser, domain), ours, missingOrChanged(ours, found)));
    }
    return lines;
  }

  async apply(settings: BrowserSettings): Promise<void> {
    await this.#bring(
      new Map(browsers.flatMap(({ domain, policies }) => [...preferences(domain, policies(settings))])),
    );
  }

  async remove(): Promise<void> {
    if ((await this.#kept.read()).size > 0) await this.#bring(new Map());
    await this.#files.restore(owner);
  }

  watched(): string[] {
    return browsers.map(({ domain }) => `${domain}.plist`);
  }

  async #bring(desired: Settings<Preference>): Promise<void> {
    const present = new Map<string, Preference>();
    for (const { domain } of browsers)
      for (const [id, preference] of preferences(domain, await this.#read(domain))) present.set(id, preference);
    const { writes, keepBefore, keepAfter } = planSettings(present, desired, await this.#kept.read(), rules);
    await this.#kept.write(keepBefore);
    for (const { domain } of browsers)
      for (const args of domainCommands(domain, writes, present)) await this.#defaults(args);
    await this.#kept.write(keepAfter);
  }

  async #read(domain: string): Promise<Record<string, unknown>> {
    if ((await this.#files.mode(`${domain}.plist`)) === undefined) return {};
    const result = await this.#commands.run(plutil, readArguments(domain));
    const found = result.code === 0 ? parsePolicyFile(result.stdout) : undefined;
    if (!found) throw refused('browser-preferences-not-read', `${domain}.plist could not be read`, result.stderr);
    return found;
  }

  async #defaults(args: string[]): Promise<void> {
    const result = await this.#commands.run(defaults, args);
    if (result.code !== 0)
      throw refused('browser-preferences-not-written', `${args[1]} was not changed`, result.stderr);
  }
}

/** Pure: what to run for one domain. A domain that ends up empty goes wholly. */
export function domainCommands(
  domain: string,
  writes: ReadonlyMap<string, Preference | undefined>,
  present: Settings<Preference>,
): string[][] {
  const here = [...present.values()].filter((preference) => preference.domain === domain);
  const gone = here.filter(({ key }) => {
    const id = preferenceId(domain, key);
    return writes.has(id) && writes.get(id) === undefined;
  });
  const set = [...writes.values()].filter((preference) => preference?.domain === domain);
  if (gone.length > 0 && gone.length === here.length && set.length === 0) return [deleteArguments(domain)];
  return [
    ...gone.map(({ key }) => deleteArguments(domain, key)),
    ...set.flatMap((preference) => (preference ? [writeArguments(preference)] : [])),
  ];
}

function isPreference(value: unknown): value is Preference {
  return isObject(value) && typeof value.domain === 'string' && typeof value.key === 'string' && 'value' in value;
}

function refused(code: string, what: string, answer: string): CapabilityError {
  const words = `${what}; run the agent as root. macOS says: ${answer.trim().slice(0, 300)}`;
  return new CapabilityError(code, words);
}
