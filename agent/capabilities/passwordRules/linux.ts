import type { PasswordRulesSettings } from '../../../shared/profile/password-rules.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { forPeople, type HostPart, type Line, line } from '../baseline/baseline.ts';
import { bring, type OwnFile, observeFile, onFile } from '../baseline/own-file.ts';
import type { Host } from '../capability.ts';
import { readValues, type Values, withValues } from './config-text.ts';
import { authStacks, passwordStacks, readFaillock, readPwquality, type Use } from './pam.ts';
import { faillockRules, inForce, pwqualityRules, type Rule, type Source, wantedValues, weaker } from './rules.ts';
import { SharedFile } from './shared-file.ts';

const owner = 'passwordRules';
const folder = '/etc/security/pwquality.conf.d';
export const dropInPath = `${folder}/zz-rollcall.conf`;
export const pwqualityPath = '/etc/security/pwquality.conf';
export const faillockPath = '/etc/security/faillock.conf';
const header = "# Written by Rollcall, the school's device agent.\n";

/**
 * Linux: a drop-in of pwquality, and the lines of pwquality.conf that are weaker, because that file is read last
 * (seen with libpwquality 1.4.5); faillock.conf has no drop-ins. PAM is looked at and never changed.
 */
export class LinuxPasswordRules implements HostPart<PasswordRulesSettings> {
  readonly #files: HostFiles;
  readonly #pwquality: SharedFile;
  readonly #faillock: SharedFile;

  constructor({ files }: Host) {
    this.#files = files;
    this.#pwquality = new SharedFile(files, owner, pwqualityPath, keysOf(pwqualityRules));
    this.#faillock = new SharedFile(files, owner, faillockPath, keysOf(faillockRules));
  }

  async observe(settings: PasswordRulesSettings): Promise<Line[]> {
    const wanted = wantedValues(settings);
    const pwquality = await this.#uses(passwordStacks, readPwquality);
    const faillock = await this.#uses(authStacks, readFaillock);
    const rules = [await this.#dropIns(), [await this.#source(pwqualityPath)], pwquality.map(asSource)].flat();
    const lockRules = [await this.#source(faillockPath), ...faillock.map(asSource)];
    return [
      ...ruleLines(pwqualityRules, wanted, rules),
      ...moduleLines(pamPwquality, wanted, pwquality),
      ...ruleLines(faillockRules, wanted, lockRules),
      ...moduleLines(pamFaillock, wanted, faillock),
      ...(settings.mode === 'enforce' ? await this.#fileLines(wanted) : []),
    ];
  }

  async apply(settings: PasswordRulesSettings): Promise<void> {
    const wanted = wantedValues(settings);
    await bring(this.#files, owner, await this.#dropIn(wanted));
    await this.#pwquality.bring((values) => weakerLines(wanted, values));
    await this.#faillock.bring((values) =>
      weaker(faillockRules, wanted, [{ name: faillockPath, values, isOurs: true }]),
    );
  }

  holds(): Promise<boolean> {
    return Promise.resolve(this.#files.holds(owner));
  }

  async remove(): Promise<void> {
    await this.#pwquality.putBack();
    await this.#faillock.putBack();
    await onFile(dropInPath, () => this.#files.restore(owner));
  }

  watched(): string[] {
    return [...new Set([dropInPath, pwqualityPath, faillockPath, ...passwordStacks, ...authStacks])];
  }

  async #fileLines(wanted: Values): Promise<Line[]> {
    return [
      ...(await observeFile(this.#files, owner, await this.#dropIn(wanted))),
      ...(await this.#pwquality.observe((values) => weakerLines(wanted, values))),
      ...(await this.#faillock.observe((values) =>
        weaker(faillockRules, wanted, [{ name: faillockPath, values, isOurs: true }]),
      )),
    ];
  }

  /** Only what the drop-ins before it do not ask already. */
  async #dropIn(wanted: Values): Promise<OwnFile> {
    const before = (await this.#dropIns()).filter(({ name }) => name < dropInPath);
    const values = weaker(pwqualityRules, wanted, before);
    return { path: dropInPath, content: values.size > 0 ? withValues(header, values) : undefined };
  }

  async #dropIns(): Promise<Source[]> {
    const names = (await this.#files.list(folder)).filter((name) => name.endsWith('.conf'));
    const sources = await Promise.all(names.map((name) => this.#source(`${folder}/${name}`)));
    return sources.map((source) => ({ ...source, isOurs: source.name <= dropInPath }));
  }

  async #source(path: string): Promise<Source> {
    return { name: path, values: readValues((await onFile(path, () => this.#files.read(path))) ?? ''), isOurs: true };
  }

  /** How the stacks that this host has use a module. */
  async #uses(stacks: readonly string[], read: (text: string) => Use): Promise<Stack[]> {
    const texts = await Promise.all(stacks.map((path) => onFile(path, () => this.#files.read(path))));
    return stacks.flatMap((path, index) => {
      const text = texts[index];
      return text === undefined ? [] : [{ path, ...read(text) }];
    });
  }
}

interface Stack extends Use {
  path: string;
}
interface PamModule {
  name: string;
  remedy: string;
  rules: readonly Rule[];
}
const pamPwquality: PamModule = { name: 'pam_pwquality', remedy: 'install libpam-pwquality', rules: pwqualityRules };
const pamFaillock: PamModule = { name: 'pam_faillock', remedy: 'add it with pam-auth-update', rules: faillockRules };

/** A file alone says nothing when PAM does not ask the module that reads it. */
function moduleLines({ name, remedy, rules }: PamModule, wanted: Values, stacks: readonly Stack[]): Line[] {
  if (!rules.some(({ key }) => wanted.has(key))) return [];
  if (stacks.length === 0) return [forPeople(name, 'asked by PAM', 'not known: there is no stack of PAM to read')];
  return stacks.map(({ path, isAsked }) =>
    isAsked
      ? line(`${name} in ${path}`, 'asked by PAM', 'asked by PAM')
      : forPeople(`${name} in ${path}`, 'asked by PAM', `not asked, so the rules have no effect: ${remedy}`),
  );
}

function ruleLines(rules: readonly Rule[], wanted: Values, sources: readonly Source[]): Line[] {
  return rules.flatMap((rule) => {
    const value = wanted.get(rule.key);
    if (value === undefined) return [];
    const { value: seen, source, isOurs } = inForce(rule, sources);
    const item = `${rule.title} (${rule.key})`;
    const expected = `${rule.inWords(value)} or stricter`;
    const words = `${rule.inWords(seen)}, from ${source}`;
    if (rule.isAtLeast(seen, value)) return [line(item, expected, words, true)];
    return [isOurs ? line(item, expected, words, false) : forPeople(item, expected, `${words}: take it out there`)];
  });
}

/** What the main file itself sets, and weaker; the drop-in sets the rest. */
function weakerLines(wanted: Values, values: Values): Values {
  const found = weaker(pwqualityRules, wanted, [{ name: pwqualityPath, values, isOurs: true }]);
  return new Map([...found].filter(([key]) => values.has(key)));
}

function asSource({ path, values }: Stack): Source {
  return { name: path, values, isOurs: false };
}

function keysOf(rules: readonly Rule[]): string[] {
  return rules.map(({ key }) => key);
}
