import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import { delayKey, idleKey, lockKey } from '../../health/posture/screen-lock.ts';
import { graceOf, minutesOf } from './duration.ts';

export const keyFolder = '/etc/dconf/db/local.d';
export const keyFile = `${keyFolder}/zz-rollcall`;
export const lockFile = `${keyFolder}/locks/zz-rollcall`;
export const profileFile = '/etc/dconf/profile/user';
export const kdeFile = '/etc/xdg/kscreenlockerrc';

/**
 * Keys of GNOME with their values as GVariant text. Nothing else is written or locked: what a person set for reading,
 * magnifying or slow keys lies under org/gnome/desktop/a11y and stays theirs.
 */
export function dconfKeys(settings: ScreenLockSettings): Map<string, string> {
  const minutes = minutesOf(settings);
  if (minutes === undefined) return new Map();
  return new Map([
    [idleKey, `uint32 ${minutes * 60}`],
    [lockKey, 'true'],
    [delayKey, `uint32 ${graceOf(settings)}`],
  ]);
}

/** A keyfile of dconf(7): groups are folders, the last name of a path is the key. */
export function keyFileText(keys: ReadonlyMap<string, string>): string | undefined {
  const groups = Map.groupBy(keys, ([path]) => path.slice(1, path.lastIndexOf('/')));
  const parts = [...groups].map(([group, entries]) => {
    const lines = entries.map(([path, value]) => `${path.slice(path.lastIndexOf('/') + 1)}=${value}`);
    return `[${group}]\n${lines.join('\n')}\n`;
  });
  return parts.length === 0 ? undefined : `# Set by Rollcall; a change is put right.\n${parts.join('\n')}`;
}

export function lockFileText(keys: ReadonlyMap<string, string>): string | undefined {
  return keys.size === 0 ? undefined : `${[...keys.keys()].join('\n')}\n`;
}

const localDatabase = 'system-db:local';

/** The profile with our database in it, right after the person's own; undefined when it is in it already. */
export function profileText(original: string | undefined): string | undefined {
  const lines = (original ?? 'user-db:user\n').trimEnd().split('\n');
  if (lines.some((line) => line.trim() === localDatabase)) return undefined;
  const after = lines.findLastIndex((line) => line.trim().startsWith('user-db:'));
  return `${lines.toSpliced(after + 1, 0, localDatabase).join('\n')}\n`;
}

/** What stood in the file of KDE, with our keys fixed by `[$i]`; a group may appear twice. https://userbase.kde.org/KDE_System_Administration */
export function kdeText(original: string | undefined, settings: ScreenLockSettings): string | undefined {
  const minutes = minutesOf(settings);
  if (minutes === undefined) return undefined;
  const keys = { Autolock: 'true', Timeout: String(minutes), LockGrace: String(graceOf(settings)) };
  const lines = Object.entries(keys).map(([key, value]) => `${key}[$i]=${value}`);
  const before = withoutKeys(original ?? '', 'Daemon', Object.keys(keys)).trimEnd();
  return `${before === '' ? '' : `${before}\n\n`}[Daemon]\n${lines.join('\n')}\n`;
}

function withoutKeys(text: string, group: string, keys: readonly string[]): string {
  let isInGroup = false;
  const kept = text.split('\n').filter((line) => {
    const [, name] = /^\[([^[\]$]+)\]/.exec(line.trim()) ?? [];
    if (name !== undefined) isInGroup = name === group;
    const [, key] = /^\s*(\w+)(?:\[\$\w+\])?\s*=/.exec(line) ?? [];
    return !(isInGroup && key !== undefined && keys.includes(key));
  });
  return kept.join('\n');
}
