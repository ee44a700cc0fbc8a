import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { ObservationValue } from '../collector.ts';
import { member, parseJson } from '../json.ts';
import { silence, unknown } from './observation.ts';

export type ScreenLock = ObservationValue<'screenLock'>;

export const dconf = '/usr/bin/dconf';
export const idleKey = '/org/gnome/desktop/session/idle-delay';
export const lockKey = '/org/gnome/desktop/screensaver/lock-enabled';
export const delayKey = '/org/gnome/desktop/screensaver/lock-delay';
const kdeFile = '/etc/xdg/kscreenlockerrc';

/** What is set for everybody and locked: a person's own wish is no proof, as it can be changed at any moment. */
export async function linuxScreenLock(commands: Commands): Promise<ScreenLock> {
  const desktops = await commands.run('/usr/bin/ls', ['-1', '/usr/share/xsessions', '/usr/share/wayland-sessions']);
  const found = desktopsOf(desktops.stdout);
  if (found.others.length > 0)
    return unknown(`Nobody can tell how the lock of this desktop is set: ${found.others.join(', ')}`);
  const states: ScreenLock[] = [];
  if (found.gnome) states.push(await gnomeLock(commands));
  if (found.kde) states.push(readKde((await commands.run('/usr/bin/cat', [kdeFile])).stdout));
  return weakest(states) ?? { state: 'no-desktop', evidence: 'No desktop is installed' };
}

/** The weakest decides: a person chooses the desktop when signing in. */
function weakest(states: readonly ScreenLock[]): ScreenLock | undefined {
  const open = states.find(({ state }) => state === 'not-enforced') ?? states.find(({ state }) => state === 'unknown');
  return open ?? states.toSorted((a, b) => (b.afterSeconds ?? 0) - (a.afterSeconds ?? 0))[0];
}

const gnomeSessions = /^(gnome|ubuntu|pop|zorin)/;
const kdeSessions = /^plasma/;

/** Desktops by the names of their sessions in /usr/share. */
export function desktopsOf(listing: string): { gnome: boolean; kde: boolean; others: string[] } {
  const sessions = [...listing.matchAll(/^([\w.@+-]+)\.desktop$/gm)].map(([, name = '']) => name.toLowerCase());
  const others = sessions.filter((name) => !gnomeSessions.test(name) && !kdeSessions.test(name));
  return {
    gnome: sessions.some((name) => gnomeSessions.test(name)),
    kde: sessions.some((name) => kdeSessions.test(name)),
    others: [...new Set(others)].slice(0, 5),
  };
}

async function gnomeLock(commands: Commands): Promise<ScreenLock> {
  const locks = await commands.run(dconf, ['list-locks', '/']);
  if (locks.code !== 0) return unknown(silence('dconf', locks));
  const read = (key: string) => commands.run(dconf, ['read', '-d', key]);
  return readGnome(locks.stdout, await read(idleKey), await read(lockKey), await read(delayKey));
}

/** `dconf list-locks /` and `dconf read -d KEY` (dconf(1)): the value for everybody, in GVariant text. */
export function readGnome(locks: string, idle: CommandResult, lock: CommandResult, delay: CommandResult): ScreenLock {
  const locked = new Set(locks.split('\n').map((line) => line.trim()));
  if (!locked.has(idleKey) || !locked.has(lockKey))
    return { state: 'not-enforced', evidence: 'GNOME: each person may choose' };
  const seconds = uint(idle.stdout);
  if (lock.stdout.trim() === 'false' || seconds === 0)
    return { state: 'not-enforced', evidence: 'GNOME: the lock is switched off for everybody' };
  if (lock.stdout.trim() !== 'true' || seconds === undefined)
    return unknown('dconf: the lock has no value for everybody');
  const more = locked.has(delayKey) ? (uint(delay.stdout) ?? 0) : 0;
  return {
    state: 'enforced',
    afterSeconds: capped(seconds + more),
    evidence: 'GNOME: the lock is set and locked for everybody',
  };
}

function uint(text: string): number | undefined {
  const digits = /^(?:uint32 )?(\d{1,9})\s*$/.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The group Daemon of kscreenlockerrc; `[$i]` keeps a person from changing a key, a group or the file. KConfig's format. */
export function readKde(text: string): ScreenLock {
  const fixed = fixedDaemonKeys(text);
  if (fixed.get('Autolock') === 'false')
    return { state: 'not-enforced', evidence: 'KDE: the lock is switched off for everybody' };
  const minutes = count(fixed.get('Timeout'));
  if (fixed.get('Autolock') !== 'true' || minutes === undefined)
    return { state: 'not-enforced', evidence: 'KDE: each person may choose' };
  const seconds = minutes * 60 + (count(fixed.get('LockGrace')) ?? 0);
  return { state: 'enforced', afterSeconds: capped(seconds), evidence: 'KDE: the lock is set for everybody' };
}

function fixedDaemonKeys(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let [isWholeFile, isDaemon, isWholeGroup] = [false, false, false];
  for (const [index, line] of text
    .split('\n')
    .map((words) => words.trim())
    .entries()) {
    if (index === 0 && line === '[$i]') isWholeFile = true;
    const [, group, groupMark] = /^\[([^[\]$]+)\](\[\$i\])?$/.exec(line) ?? [];
    if (group !== undefined) [isDaemon, isWholeGroup] = [group === 'Daemon', groupMark !== undefined];
    const [, key, keyMark, value] = /^(\w+)(\[\$i\])?=(.*)$/.exec(line) ?? [];
    const isFixed = isWholeFile || isWholeGroup || keyMark !== undefined;
    if (isDaemon && isFixed && key !== undefined && value !== undefined) found.set(key, value);
  }
  return found;
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

const policies = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
const reg = 'C:\\Windows\\System32\\reg.exe';

export async function windowsScreenLock(commands: Commands): Promise<ScreenLock> {
  return readInactivity(await commands.run(reg, ['query', policies, '/reg:64']));
}

/** `reg query KEY`: only names and types, which no language translates. A key without the value: each person may choose. */
export function readInactivity(result: CommandResult): ScreenLock {
  if (result.code !== 0 || !result.stdout.includes('HKEY_LOCAL_MACHINE')) return unknown(silence('reg', result));
  const hex = /^ {4}InactivityTimeoutSecs {4}REG_DWORD {4}0x([0-9a-f]{1,8})\s*$/im.exec(result.stdout)?.[1];
  const seconds = hex === undefined ? 0 : Number.parseInt(hex, 16);
  return seconds > 0
    ? { state: 'enforced', afterSeconds: capped(seconds), evidence: 'Windows: InactivityTimeoutSecs is set' }
    : { state: 'not-enforced', evidence: 'Windows: InactivityTimeoutSecs is not set' };
}

export const macManagedFile = '/Library/Managed Preferences/com.apple.screensaver.plist';

export async function macScreenLock(commands: Commands): Promise<ScreenLock> {
  return readScreenSaver(await commands.run('/usr/bin/plutil', ['-convert', 'json', '-o', '-', macManagedFile]));
}

/** The managed preferences of the screen saver, as a profile from MDM leaves them: absent means each person may choose. */
export function readScreenSaver(result: CommandResult): ScreenLock {
  const isAbsent = /does not exist|no such file/i.test(result.stdout + result.stderr);
  if (isAbsent) return { state: 'not-enforced', evidence: 'macOS: no profile sets the screen saver' };
  const found = result.code === 0 ? parseJson(result.stdout) : undefined;
  if (found === undefined) return unknown(silence('plutil', result));
  const [idle, ask, delay] = ['idleTime', 'askForPassword', 'askForPasswordDelay'].map((name) => member(found, name));
  if (typeof idle !== 'number' || idle <= 0 || (ask !== 1 && ask !== true))
    return { state: 'not-enforced', evidence: 'macOS: a profile leaves idleTime or askForPassword open' };
  const seconds = idle + (typeof delay === 'number' && delay > 0 ? delay : 0);
  return { state: 'enforced', afterSeconds: capped(seconds), evidence: 'macOS: a profile sets the screen saver' };
}

function capped(seconds: number): number {
  return Math.min(86_400, Math.round(seconds));
}
