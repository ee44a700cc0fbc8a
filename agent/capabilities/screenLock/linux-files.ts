import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import { delayKey, idleKey, lockKey } from '../../health/posture/screen-lock.ts';
import { graceOf, minutesOf } from './duration.ts';

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
