import type { GuestAccountSettings } from '../../../shared/profile/guest-account.ts';
import { items, member } from '../../health/json.ts';
import { guestStatements } from '../../health/posture/guest.ts';
import { type HostPart, type Line, line } from '../baseline/baseline.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import { CapabilityError, type Host } from '../capability.ts';
import { quoted, runScript } from '../webFilter/powershell.ts';
import { systemFolder } from '../webFilter/win32.ts';

interface Guest {
  sid: string;
  isEnabled: boolean;
}

/** The accounts the script printed; undefined when it printed something else. */
export function parseGuests(answer: unknown): Guest[] | undefined {
  const found = member(answer, 'guests');
  if (!Array.isArray(found)) return undefined;
  const guests = items(found).map((guest) => ({ sid: member(guest, 'sid'), enabled: member(guest, 'enabled') }));
  const isKnown = guests.every(
    ({ sid, enabled }) => /^S-1-5-21-[\d-]{1,60}-501$/.test(String(sid)) && /^(True|False)$/.test(String(enabled)),
  );
  return isKnown ? guests.map(({ sid, enabled }) => ({ sid: String(sid), isEnabled: enabled === 'True' })) : undefined;
}

/** By its number, as its name is translated and may be changed. */
export function switchStatement(sid: string, isEnabled: boolean): string {
  return `${isEnabled ? 'Enable' : 'Disable'}-LocalUser -SID ${quoted(sid)}`;
}

/** Windows: the built-in account whose SID ends in 501. Tested from documented output; never run on a real PC. */
export class WindowsGuestAccount implements HostPart<GuestAccountSettings> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;
  readonly #kept: KeptSettings<boolean>;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost) this.unsupportedWhy = 'Accounts are no files: a trial under a folder leaves them alone.';
    this.#kept = new KeptSettings(host.files, `${systemFolder}\\guest-originals.json`, isBoolean, 'guestAccount');
  }

  async observe({ disabled = false }: GuestAccountSettings): Promise<Line[]> {
    const kept = await this.#kept.read();
    return (await this.#guests()).map(({ sid, isEnabled }) => {
      const expected = disabled ? false : (kept.get(sid) ?? isEnabled);
      return line('built-in guest account', words(expected), words(isEnabled));
    });
  }

  async apply({ disabled = false }: GuestAccountSettings): Promise<void> {
    if (!disabled) return await this.remove();
    const open = (await this.#guests()).filter(({ isEnabled }) => isEnabled);
    if (open.length === 0) return;
    await this.#kept.write(new Map([...(await this.#kept.read()), ...open.map(({ sid }) => [sid, true] as const)]));
    await this.#switch(open.map(({ sid }) => switchStatement(sid, false)));
  }

  async holds(): Promise<boolean> {
    return (await this.#kept.read()).size > 0;
  }

  async remove(): Promise<void> {
    const kept = await this.#kept.read();
    if (kept.size === 0) return;
    const present = (await this.#guests()).filter(({ sid, isEnabled }) => kept.get(sid) === true && !isEnabled);
    if (present.length > 0) await this.#switch(present.map(({ sid }) => switchStatement(sid, true)));
    await this.#kept.write(new Map());
  }

  watched(): string[] {
    return [];
  }

  async #switch(statements: readonly string[]): Promise<void> {
    await runScript(this.#host.commands, 'The guest account could not be switched', statements);
  }

  async #guests(): Promise<Guest[]> {
    const what = 'The guest account could not be read';
    const guests = parseGuests(await runScript(this.#host.commands, what, guestStatements));
    if (guests) return guests;
    throw new CapabilityError('powershell-failed', `${what}: PowerShell printed something else.`);
  }
}

function words(isEnabled: boolean): string {
  return isEnabled ? 'enabled' : 'disabled';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
