import type { GuestAccountSettings } from '../../../shared/profile/guest-account.ts';
import { readMacGuest, sysadminctl } from '../../health/posture/guest.ts';
import { type HostPart, type Line, line, refused } from '../baseline/baseline.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import type { Host } from '../capability.ts';

const keptFile = '/Library/Application Support/Rollcall/guest-originals.json';
const remedy = 'Run the agent as root.';
const account = 'guest';

/** macOS: sysadminctl(8). Tested from documented output; never run on a real Mac. */
export class MacGuestAccount implements HostPart<GuestAccountSettings> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;
  readonly #kept: KeptSettings<boolean>;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost) this.unsupportedWhy = 'Accounts are no files: a trial under a folder leaves them alone.';
    this.#kept = new KeptSettings(host.files, keptFile, isBoolean, 'guestAccount');
  }

  async observe({ disabled = false }: GuestAccountSettings): Promise<Line[]> {
    const state = await this.#state();
    const expected = disabled ? 'off' : (await this.holds()) ? 'on' : state;
    return [line('guest account', expected, state)];
  }

  async apply({ disabled = false }: GuestAccountSettings): Promise<void> {
    if (!disabled) return await this.remove();
    if ((await this.#state()) === 'off') return;
    await this.#kept.write(new Map([[account, true]]));
    await this.#switch('off');
  }

  async holds(): Promise<boolean> {
    return (await this.#kept.read()).size > 0;
  }

  async remove(): Promise<void> {
    if (!(await this.holds())) return;
    if ((await this.#state()) === 'off') await this.#switch('on');
    await this.#kept.write(new Map());
  }

  watched(): string[] {
    return ['/Library/Preferences/com.apple.loginwindow.plist'];
  }

  async #state(): Promise<'on' | 'off'> {
    const result = await this.#host.commands.run(sysadminctl, ['-guestAccount', 'status']);
    const { state, evidence } = readMacGuest(result);
    if (state === 'on' || state === 'off') return state;
    throw refused('guest-account-not-read', 'The guest account could not be read', evidence, remedy);
  }

  /** Its exit code says nothing, so the state is asked again. */
  async #switch(to: 'on' | 'off'): Promise<void> {
    const result = await this.#host.commands.run(sysadminctl, ['-guestAccount', to]);
    if ((await this.#state()) === to) return;
    throw refused('guest-account-not-set', 'The guest account could not be switched', result.stderr, remedy);
  }
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
