import type { PasswordRulesSettings } from '../../../shared/profile/password-rules.ts';
import { member } from '../../health/json.ts';
import { type HostPart, type Line, line } from '../baseline/baseline.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { runScript } from '../webFilter/powershell.ts';
import { systemFolder } from '../webFilter/win32.ts';
import {
  type Access,
  type AccessKey,
  accessWrites,
  configureStatements,
  exportStatements,
  isAtLeast,
  parseTemplate,
  wantedAccess,
} from './secedit.ts';

const owner = 'passwordRules';

/** Windows: the rules for local accounts, by secedit.exe. Tested from documented output; never run on a real PC. */
export class WindowsPasswordRules implements HostPart<PasswordRulesSettings> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;
  readonly #kept: KeptSettings<number>;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost) this.unsupportedWhy = 'Security policy is no file: a trial under a folder leaves it alone.';
    this.#kept = new KeptSettings(host.files, `${systemFolder}\\password-rules.json`, isNumber, owner);
  }

  async observe(settings: PasswordRulesSettings): Promise<Line[]> {
    const present = await this.#read();
    const wanted = wantedAccess(settings);
    const writes = accessWrites(present, wanted, await this.#kept.read());
    const asked = [...wanted].map(([key, value]) =>
      line(key, `${value} or stricter`, words(present.get(key)), isAtLeast(key, present.get(key), value)),
    );
    const others = [...writes].filter(([key]) => !wanted.has(key));
    return [...asked, ...others.map(([key, value]) => line(key, String(value), words(present.get(key)), false))];
  }

  async apply(settings: PasswordRulesSettings): Promise<void> {
    await this.#bring(wantedAccess(settings));
  }

  async holds(): Promise<boolean> {
    return (await this.#kept.read()).size > 0;
  }

  async remove(): Promise<void> {
    if (await this.holds()) await this.#bring(new Map());
    await this.#host.files.restore(owner);
  }

  watched(): string[] {
    return [];
  }

  /** What stood there is on disk before the first write. */
  async #bring(wanted: Access): Promise<void> {
    const present = await this.#read();
    const kept = await this.#kept.read();
    const writes = accessWrites(present, wanted, kept);
    for (const key of writes.keys()) if (!kept.has(key)) kept.set(key, present.get(key) ?? null);
    await this.#kept.write(kept);
    if (writes.size > 0)
      await this.#run('The security policy could not be changed', configureStatements(systemFolder, writes));
    const isStillHeld = ([key]: [string, unknown]) => wanted.has(key as AccessKey) || key === 'ResetLockoutCount';
    await this.#kept.write(wanted.size === 0 ? new Map() : new Map([...kept].filter(isStillHeld)));
  }

  async #read(): Promise<Access> {
    const what = 'The security policy could not be read';
    const text = member(await this.#run(what, exportStatements(systemFolder)), 'text');
    const access = typeof text === 'string' ? parseTemplate(text) : undefined;
    if (access) return access;
    throw new CapabilityError('security-policy-not-read', `${what}: secedit.exe exported something else.`);
  }

  #run(what: string, statements: readonly string[]): Promise<unknown> {
    return runScript(this.#host.commands, what, statements);
  }
}

function isNumber(value: unknown): value is number {
  return Number.isInteger(value);
}

function words(value: number | undefined): string {
  return value === undefined ? 'not set' : String(value);
}
