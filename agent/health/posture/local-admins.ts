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
  /** Who was signed in last. */
  last: string | undefined;
}

/**
 * Who sits at the device decides, or else who did last: at the login window nothing changes. When neither is known, only
 * what holds for every ordinary account can be told.
 */
function judge({ ordinary, admins, signedIn, last }: Accounts): LocalAdmins {
  const there = signedIn.length > 0 || last === undefined ? signedIn : [last];
  const who = signedIn.length > 0 ? 'The person signed in' : 'The person last signed in';
  const people = new Set([...ordinary, ...there, ...admins]);
  const counts = { users: people.size, admins: admins.size };
  const share = `${admins.size} of ${people.size} ordinary accounts can administer this device`;
  if (there.some((name) => admins.has(name)))
    return { state: 'admin', ...counts, evidence: `${who} is an administrator; ${share}` };
  if (there.length > 0) return { state: 'not-admin', ...counts, evidence: `${who} is no administrator; ${share}` };
  if (admins.size > 0 && admins.size < people.size)
    return { ...unknown(`Nobody is known to use it; ${share}`), ...counts };
  return { state: admins.size === 0 ? 'not-admin' : 'admin', ...counts, evidence: share };
}

/** Groups that may use sudo by the rules distributions ship: Debian, Red Hat and Arch, older Ubuntu. */
const sudoGroups = ['sudo', 'wheel', 'admin'];
const getent = '/usr/bin/getent';

export async function linuxLocalAdmins(commands: Commands): Promise<LocalAdmins> {
  const passwd = await commands.run(getent, ['passwd']);
  const groups = await commands.run(getent, ['group', ...sudoGroups]);
  const sessions = await commands.run('/usr/bin/loginctl', ['list-sessions', '--no-legend']);
  const logins = await commands.run('/usr/bin/last', ['-w', '-n', '200']);
  return readLinuxAdmins({ passwd, groups, sessions, logins });
}

/** What the programs printed. */
interface LinuxAccounts {
  passwd: CommandResult;
  groups: CommandResult;
  sessions: CommandResult;
  logins: CommandResult;
}

/**
 * passwd(5), group(5), loginctl(1), last(1). getent(1) exits with 2 when one of the groups does not exist. Members of a
 * directory need not be listed in passwd. What sudoers(5) gives to single users is not seen.
 */
export function readLinuxAdmins({ passwd, groups, sessions, logins }: LinuxAccounts): LocalAdmins {
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
  const isService = (name: string) => known.has(name) && !names.includes(name);
  const last = lastAtSeat(logins).find((name) => !isService(name));
  const admins = new Set([...byGroup, ...byPrimary]);
  return judge({ ordinary: names, admins, signedIn: signedInOf(sessions), last });
}

/** `SESSION UID USER SEAT …`: a session without a seat is one over the network, or of a service. */
function signedInOf({ stdout }: CommandResult): string[] {
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, uid = '', name, seat = '']) => name && isPerson(Number(uid)) && /^seat\d/.test(seat))
    .map(([, , name = '']) => name);
}

/** `USER TTY …`, newest first; over the network the terminal is a pts, starts of the system have none. */
function lastAtSeat({ stdout }: CommandResult): string[] {
  return stdout.split('\n').flatMap((line) => /^(\w\S*)\s+(?:tty|:|seat)\d/.exec(line)?.[1] ?? []);
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
const lastLogin = '/Library/Preferences/com.apple.loginwindow';

export async function macLocalAdmins(commands: Commands): Promise<LocalAdmins> {
  const users = await commands.run(dscl, ['.', '-list', '/Users', 'UniqueID']);
  const group = await commands.run(dscl, ['.', '-read', '/Groups/admin', 'GroupMembership']);
  const console = await commands.run('/usr/bin/stat', ['-f', '%Su', '/dev/console']);
  const last = await commands.run('/usr/bin/defaults', ['read', lastLogin, 'lastUserName']);
  return readMacAdmins({ users, group, console, last });
}

/** What the programs printed. */
interface MacAccounts {
  users: CommandResult;
  group: CommandResult;
  console: CommandResult;
  last: CommandResult;
}

/** dscl(1): people have numbers from 501; the owner of /dev/console is who sits there, root at the login window. */
export function readMacAdmins({ users, group, console, last }: MacAccounts): LocalAdmins {
  const ordinary = users.stdout
    .split('\n')
    .map((line) => /^([^_\s]\S*)\s+(\d+)$/.exec(line.trim()))
    .filter((row) => row !== null && Number(row[2]) > 500)
    .map((row) => row?.[1] ?? '');
  if (users.code !== 0) return unknown(silence('dscl', users));
  const members = /^GroupMembership:(.*)$/m.exec(group.stdout)?.[1];
  if (group.code !== 0 || members === undefined) return unknown(silence('dscl', group));
  const admins = new Set(members.split(/\s+/).filter((name) => ordinary.includes(name)));
  const personOf = ({ stdout }: CommandResult) => ordinary.filter((name) => name === stdout.trim());
  return judge({ ordinary, admins, signedIn: personOf(console), last: personOf(last)[0] });
}

/**
 * SIDs only, joined by spaces: no language, no names. The group is asked through ADSI because Get-LocalGroupMember fails
 * where a member cannot be resolved, which is so on every PC joined to Entra ID
 * (https://github.com/PowerShell/PowerShell/issues/2996). Who has a desktop is signed in;
 * the login window keeps who was last.
 */
const adminsScript = [
  "$ErrorActionPreference = 'Stop'",
  "$g = ([Security.Principal.SecurityIdentifier]'S-1-5-32-544').Translate([Security.Principal.NTAccount]).Value.Split('\\')[-1]",
  "$a = ([ADSI]\"WinNT://./$g,group\").psbase.Invoke('Members') | ForEach-Object { (New-Object Security.Principal.SecurityIdentifier(([ADSI]$_).InvokeGet('objectSid'), 0)).Value }",
  '$u = Get-LocalUser | Where-Object Enabled | ForEach-Object { $_.SID.Value }',
  '$s = Get-CimInstance Win32_Process -Filter "Name=\'explorer.exe\'" | ForEach-Object { (Invoke-CimMethod $_ -MethodName GetOwnerSid).Sid }',
  "$l = (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Authentication\\LogonUI').LastLoggedOnUserSID",
  "@{ admins = $a -join ' '; users = $u -join ' '; signedIn = $s -join ' '; last = [string]$l } | ConvertTo-Json -Compress",
].join('; ');

export async function windowsLocalAdmins(commands: Commands): Promise<LocalAdmins> {
  return readWindowsAdmins(await runPowerShell(commands, adminsScript));
}

/**
 * `{"admins":"S-1-5-21-… …","users":"…","signedIn":"…","last":"…"}`. Accounts of people have S-1-5-21 (local, domain) or S-1-12-1 (Entra ID)
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
  const last = sids('last')?.[0];
  const admins = all.filter((sid) => local.includes(sid) || signedIn.includes(sid) || sid === last);
  return judge({ ordinary: local, admins: new Set(admins), signedIn, last });
}

function isPersonsSid(sid: string): boolean {
  if (/^S-1-12-1(-\d+){4}$/.test(sid)) return true;
  return Number(/^S-1-5-21-\d+-\d+-\d+-(\d+)$/.exec(sid)?.[1] ?? 0) >= 1000;
}
