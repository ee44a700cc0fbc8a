import type { CommandResult } from '../../platform/commands.ts';
import { items, member, parseJson } from '../json.ts';
import { type GuestAccount, silence, unknown } from './observation.ts';

/* Guest accounts as each system shows them; read here for the checks and by the capability that switches them off. */

/** One `.conf` of LightDM. */
export interface ConfigurationFile {
  path: string;
  text: string;
}

/**
 * What LightDM makes of its files: of several lines the last one wins, drop-ins before the main file, and a section that
 * names a seat before `[Seat:*]`. Undefined where nothing is said: then guests are let in if a guest script is installed.
 * https://github.com/canonical/lightdm (README, "Configuration")
 */
export function lightdmAllowsGuest(files: readonly ConfigurationFile[]): boolean | undefined {
  const bySection = new Map<string, boolean>();
  for (const { text } of files) {
    let section = '';
    for (const words of text.split('\n')) {
      section = /^\s*\[(.+)\]\s*$/.exec(words)?.[1] ?? section;
      const value = /^\s*allow-guest\s*=\s*(\S+)/.exec(words)?.[1];
      // `SeatDefaults` is the older name of `Seat:*`.
      if (value !== undefined && /^Seat/.test(section))
        bySection.set(section.replace('SeatDefaults', 'Seat:*'), value === 'true');
    }
  }
  return bySection.size === 0 ? undefined : [...bySection.values()].includes(true);
}

/** Where LightDM looks, first the folders of drop-ins in the order it reads them. lightdm(1) */
export const lightdmFolders = [
  '/usr/share/lightdm/lightdm.conf.d',
  '/usr/local/share/lightdm/lightdm.conf.d',
  '/etc/xdg/lightdm/lightdm.conf.d',
  '/etc/lightdm/lightdm.conf.d',
] as const;
export const lightdmMain = '/etc/lightdm/lightdm.conf';

const lightdmPrograms = ['/usr/sbin/lightdm', '/usr/bin/lightdm'];
/** Makes the account of a session; without it LightDM has no guests. Ubuntu installs it, Debian does not. */
const guestScripts = ['/usr/sbin/guest-account', '/usr/bin/guest-account'];
/** Names under which accounts for guests are commonly made: by hand, and by Fedora's xguest. */
const guestNames = ['guest', 'xguest'];

/** Reads files of the host; undefined and empty for what is not there. */
export interface HostReader {
  text(path: string): Promise<string | undefined>;
  list(folder: string): Promise<string[]>;
}

/** True when LightDM is installed, or was configured here. */
export async function hasLightdm(files: HostReader): Promise<boolean> {
  return (await hasAny(files, lightdmPrograms)) || (await files.list('/etc/lightdm')).length > 0;
}

/** Every file of LightDM's configuration, in the order it reads them. */
export async function lightdmFiles(files: HostReader): Promise<ConfigurationFile[]> {
  const folders = await Promise.all(
    lightdmFolders.map(async (folder) =>
      (await files.list(folder)).filter((name) => name.endsWith('.conf')).map((name) => `${folder}/${name}`),
    ),
  );
  const read = [...folders.flat(), lightdmMain].map(async (path) => ({ path, text: (await files.text(path)) ?? '' }));
  return await Promise.all(read);
}

/** Ordinary accounts for guests that nobody has locked, by passwd(5) and shadow(5); undefined: the locks cannot be read. */
export async function openGuestAccounts(files: HostReader): Promise<string[] | undefined> {
  const fields = (text: string) => text.split('\n').map((words) => words.split(':'));
  const names = fields((await files.text('/etc/passwd')) ?? '')
    .filter(([name = '', , , , , , shell = '']) => guestNames.includes(name) && !/\/(nologin|false)$/.test(shell))
    .map(([name = '']) => name);
  const shadow = names.length > 0 ? await files.text('/etc/shadow') : '';
  if (shadow === undefined) return undefined;
  // `!` and `*` begin locked passwords.
  const locked = fields(shadow).filter(([, password = '']) => /^[!*]/.test(password));
  return names.filter((name) => !locked.some(([other]) => other === name));
}

/** Guest sessions of LightDM, and ordinary accounts for guests; other display managers of Linux have no guests. */
export async function observeLinuxGuest(files: HostReader): Promise<GuestAccount> {
  const accounts = await openGuestAccounts(files);
  if (!accounts) return unknown('There is an account for guests, and /etc/shadow may not be read');
  const [account] = accounts;
  if (account !== undefined) return { state: 'on', evidence: `The account ${account} is not locked` };
  if (!(await hasLightdm(files)))
    return { state: 'not-applicable', evidence: 'No display manager with guest sessions, and no account for guests' };
  const allowed = lightdmAllowsGuest(await lightdmFiles(files));
  if (allowed === false) return { state: 'off', evidence: 'LightDM: allow-guest=false' };
  if (!(await hasAny(files, guestScripts))) return { state: 'off', evidence: 'LightDM: no guest script is installed' };
  return {
    state: 'on',
    evidence: `LightDM: ${allowed ? 'allow-guest=true' : 'allow-guest is not set, and it is on by itself'}`,
  };
}

async function hasAny(files: HostReader, paths: readonly string[]): Promise<boolean> {
  const found = paths.map(async (path) => {
    const at = path.lastIndexOf('/');
    return (await files.list(path.slice(0, at))).includes(path.slice(at + 1));
  });
  return (await Promise.all(found)).includes(true);
}

/** PowerShell's `{"guests":[{"sid":"S-1-5-…-501","enabled":"True"}]}`; an empty list on a PC without such an account. */
export function readWindowsGuest(result: CommandResult): GuestAccount {
  const guests = result.code === 0 ? member(parseJson(result.stdout.replace(/^\uFEFF/, '')), 'guests') : undefined;
  if (!Array.isArray(guests)) return unknown(silence('Get-LocalUser', result));
  const states = items(guests).map((guest) => member(guest, 'enabled'));
  if (states.includes('True')) return { state: 'on', evidence: 'The built-in guest account (RID 501) is enabled' };
  if (states.some((state) => state !== 'False')) return unknown('Get-LocalUser gave no usable answer');
  return { state: 'off', evidence: 'The built-in guest account (RID 501) is disabled' };
}

/** `sysadminctl -guestAccount status`: one sentence on standard error after the time and the program's name. */
export function readMacGuest(result: CommandResult): GuestAccount {
  const state = /Guest account (enabled|disabled)\b/i.exec(result.stdout + result.stderr)?.[1]?.toLowerCase();
  if (state === 'enabled') return { state: 'on', evidence: 'The guest account is enabled' };
  return state === 'disabled'
    ? { state: 'off', evidence: 'The guest account is disabled' }
    : unknown(silence('sysadminctl', result));
}

/** Prints what `readWindowsGuest` reads. The account is found by its number: its name is translated. */
export const guestStatements: readonly string[] = [
  "$g=@(Get-LocalUser | Where-Object { $_.SID.Value -like 'S-1-5-21-*-501' } | ForEach-Object { [pscustomobject]@{sid=$_.SID.Value;enabled=[string]$_.Enabled} })",
  '[pscustomobject]@{guests=$g} | ConvertTo-Json -Depth 3 -Compress',
];

export const sysadminctl = '/usr/sbin/sysadminctl';
