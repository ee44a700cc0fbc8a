import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { ObservationValue } from '../collector.ts';
import { member, parseJson } from '../json.ts';
import { silence, unknown } from './observation.ts';
import { runPowerShell } from './powershell.ts';

/* Whether the person at the device is an administrator of it. Names are compared here and never leave: only counts do. */

export type LocalAdmins = ObservationValue<'localAdmins'>;

/** Accounts of people, not of services, by name or SID. */
interface Accounts {
  ordinary: readonly string[];
  admins: ReadonlySet<string>;
  signedIn: readonly string[];
}

/** Who is signed in decides. With nobody there, only what holds for every ordinary account can be told. */
function judge({ ordinary, admins, signedIn }: Accounts): LocalAdmins {
  const people = new Set([...ordinary, ...signedIn, ...admins]);
  const counts = { users: people.size, admins: admins.size };
  const share = `${admins.size} of ${people.size} ordinary accounts can administer this device`;
  if (signedIn.some((name) => admins.has(name)))
    return { state: 'admin', ...counts, evidence: `The person signed in is an administrator; ${share}` };
  if (signedIn.length > 0)
    return { state: 'not-admin', ...counts, evidence: `The person signed in is no administrator; ${share}` };
  if (admins.size > 0 && admins.size < people.size) return { ...unknown(`Nobody is signed in; ${share}`), ...counts };
  return { state: admins.size === 0 ? 'not-admin' : 'admin', ...counts, evidence: share };
}

/** Groups that may use sudo by the rules distributions ship: Debian, Red Hat and Arch, older Ubuntu. */
const sudoGroups = ['sudo', 'wheel', 'admin'];
const getent = '/usr/bin/getent';

export async function linuxLocalAdmins(commands: Commands): Promise<LocalAdmins> {
  const passwd = await commands.run(getent, ['passwd']);
  const groups = await commands.run(getent, ['group', ...sudoGroups]);
  const sessions = await commands.run('/usr/bin/loginctl', ['list-users', '--no-legend']);
  return readLinuxAdmins(passwd, groups, sessions);
}

/**
 * passwd(5), group(5) and `loginctl list-users`. getent(1) exits with 2 when one of the groups does not exist. Members of a
 * directory need not be listed in passwd. What sudoers(5) gives to single users is not seen.
 */
export function readLinuxAdmins(passwd: CommandResult, groups: CommandResult, sessions: CommandResult): LocalAdmins {
  const accounts = fieldsOf(passwd.stdout).filter(([name, , uid]) => name && /^\d+$/.test(uid ?? ''));
  if (passwd.code !== 0 || accounts.length === 0) return unknown(silence('getent passwd', passwd));
  if (groups.code !== 0 && groups.code !== 2) return unknown(silence('getent group', groups));
  const known = new Set(accounts.map(([name]) => name));
  const ordinary = accounts.filter(
    ([, , uid, , , , shell]) => isPerson(Number(uid)) && !/\/(nologin|false)$/.test(shell ?? ''),
  );
  const rows = fieldsOf(groups.stdout);
  const members = rows.flatMap(([, , , names = '']) => names.split(',')).filter((name) => name !== '');
  const gids = new Set(rows.map(([, , gid]) => gid));
  const names = ordinary.map(([name = '']) => name);
  const byGroup = members.filter((name) => names.includes(name) || !known.has(name));
  const byPrimary = ordinary.filter(([, , , gid]) => gids.has(gid)).map(([name = '']) => name);
  return judge({ ordinary: names, admins: new Set([...byGroup, ...byPrimary]), signedIn: signedInOf(sessions) });
}

/** `UID USER` and, from systemd 254, `LINGER STATE`; somebody who only lingers is not there. */
function signedInOf({ stdout }: CommandResult): string[] {
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([uid = '', name, , state]) => name && isPerson(Number(uid)) && state !== 'lingering' && state !== 'closing',
    )
    .map(([, name = '']) => name);
}

/** From 1000 (login.defs(5)), without what systemd gives to services: https://systemd.io/UIDS-GIDS */
function isPerson(uid: number): boolean {
  return uid >= 1000 && !(uid >= 60_514 && uid <= 65_535);
}

function fieldsOf(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4);
}

const dscl = '/usr/bin/dscl';

export async function macLocalAdmins(commands: Commands): Promise<LocalAdmins> {
  const users = await commands.run(dscl, ['.', '-list', '/Users', 'UniqueID']);
  const group = await commands.run(dscl, ['.', '-read', '/Groups/admin', 'GroupMembership']);
  const console = await commands.run('/usr/bin/stat', ['-f', '%Su', '/dev/console']);
  return readMacAdmins(users, group, console);
}

/** dscl(1): people have numbers from 501; the owner of /dev/console is who sits there, root at the login window. */
export function readMacAdmins(users: CommandResult, group: CommandResult, console: CommandResult): LocalAdmins {
  const ordinary = users.stdout
    .split('\n')
    .map((line) => /^([^_\s]\S*)\s+(\d+)$/.exec(line.trim()))
    .filter((row) => row !== null && Number(row[2]) > 500)
    .map((row) => row?.[1] ?? '');
  if (users.code !== 0) return unknown(silence('dscl', users));
  const members = /^GroupMembership:(.*)$/m.exec(group.stdout)?.[1];
  if (group.code !== 0 || members === undefined) return unknown(silence('dscl', group));
  const admins = new Set(members.split(/\s+/).filter((name) => ordinary.includes(name)));
  const there = console.stdout.trim();
  return judge({ ordinary, admins, signedIn: ordinary.includes(there) ? [there] : [] });
}

/**
 * SIDs only, joined by spaces: no language, no names. The group is asked through ADSI because Get-LocalGroupMember fails
 * where a member cannot be resolved, which is so on every PC joined to Entra ID
 * (https://github.com/PowerShell/PowerShell/issues/2996). Who has a desktop is signed in.
 */
const adminsScript = [
  "$ErrorActionPreference = 'Stop'",
  "$g = ([Security.Principal.SecurityIdentifier]'S-1-5-32-544').Translate([Security.Principal.NTAccount]).Value.Split('\\')[-1]",
  "$a = ([ADSI]\"WinNT://./$g,group\").psbase.Invoke('Members') | ForEach-Object { (New-Object Security.Principal.SecurityIdentifier(([ADSI]$_).InvokeGet('objectSid'), 0)).Value }",
  '$u = Get-LocalUser | Where-Object Enabled | ForEach-Object { $_.SID.Value }',
  '$s = Get-CimInstance Win32_Process -Filter "Name=\'explorer.exe\'" | ForEach-Object { (Invoke-CimMethod $_ -MethodName GetOwnerSid).Sid }',
  "@{ admins = $a -join ' '; users = $u -join ' '; signedIn = $s -join ' ' } | ConvertTo-Json -Compress",
].join('; ');

export async function windowsLocalAdmins(commands: Commands): Promise<LocalAdmins> {
  return readWindowsAdmins(await runPowerShell(commands, adminsScript));
}

/**
 * `{"admins":"S-1-5-21-… …","users":"…","signedIn":"…"}`. Accounts of people have S-1-5-21 (local, domain) or S-1-12-1 (Entra ID)
 * and a number from 1000; below are built-in accounts and groups. Membership through a group is not seen.
 */
export function readWindowsAdmins(result: CommandResult): LocalAdmins {
  const answer = result.code === 0 ? parseJson(result.stdout) : undefined;
  const sids = (name: string) => {
    const words = member(answer, name);
    return typeof words === 'string' ? [...new Set(words.split(' '))].filter(isPersonsSid) : undefined;
  };
  const [all, local, signedIn] = [sids('admins'), sids('users'), sids('signedIn')];
  if (!all || !local || !signedIn) return unknown(silence('PowerShell', result));
  const admins = all.filter((sid) => local.includes(sid) || signedIn.includes(sid));
  return judge({ ordinary: local, admins: new Set(admins), signedIn });
}

function isPersonsSid(sid: string): boolean {
  if (/^S-1-12-1(-\d+){4}$/.test(sid)) return true;
  return Number(/^S-1-5-21-\d+-\d+-\d+-(\d+)$/.exec(sid)?.[1] ?? 0) >= 1000;
}
