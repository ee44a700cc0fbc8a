import type { PasswordRulesSettings } from '../../../shared/profile/password-rules.ts';
import { quoted, quotedList } from '../webFilter/powershell.ts';

const secedit = 'C:\\Windows\\System32\\secedit.exe';
/** What secedit.exe can be asked for; Windows asks 14 characters at most without another setting. */
const longestMinimum = 14;

/** Keys of [System Access] in a security template; no language of Windows translates them. [MS-GPSB] 2.2.1 */
export const accessKeys = [
  'MinimumPasswordLength',
  'PasswordComplexity',
  'LockoutBadCount',
  'LockoutDuration',
  'ResetLockoutCount',
] as const;
export type AccessKey = (typeof accessKeys)[number];
export type Access = ReadonlyMap<AccessKey, number>;

/** What a template says; undefined when the text is none. */
export function parseTemplate(text: string): Map<AccessKey, number> | undefined {
  const section = /^\[System Access\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(text)?.[1];
  if (section === undefined) return undefined;
  const entries = accessKeys.flatMap((key) => {
    const value = new RegExp(`^${key}\\s*=\\s*(-?\\d{1,9})\\s*$`, 'm').exec(section)?.[1];
    return value === undefined ? [] : [[key, Number(value)] as const];
  });
  return new Map(entries);
}

export function wantedAccess(settings: PasswordRulesSettings): Map<AccessKey, number> {
  const { minLength, minClasses, failedAttempts, unlockMinutes } = settings;
  const all: [AccessKey, number | undefined][] = [
    ['MinimumPasswordLength', minLength === undefined ? undefined : Math.min(Number(minLength), longestMinimum)],
    ['PasswordComplexity', minClasses === undefined || minClasses === '1' ? undefined : 1],
    ['LockoutBadCount', failedAttempts],
    ['LockoutDuration', unlockMinutes],
  ];
  return new Map(all.filter((entry): entry is [AccessKey, number] => entry[1] !== undefined));
}

/** True where one value asks at least as much as the other: 0 attempts never lock, -1 minutes never unlock. */
export function isAtLeast(key: AccessKey, value: number | undefined, wanted: number): boolean {
  if (value === undefined) return false;
  if (key === 'LockoutBadCount') return value > 0 && value <= wanted;
  return value >= wanted || (key === 'LockoutDuration' && value === -1);
}

/**
 * Pure. What to write: what is wanted and not asked already, and what was kept and is wanted no more. Wrong passwords are
 * never remembered longer than an account stays locked, which Windows would refuse.
 */
export function accessWrites(
  present: Access,
  wanted: Access,
  kept: ReadonlyMap<string, number | null>,
): Map<AccessKey, number> {
  const writes = new Map<AccessKey, number>();
  for (const key of accessKeys) {
    const value = wanted.get(key);
    const before = kept.get(key) ?? undefined;
    if (value !== undefined && !isAtLeast(key, present.get(key), value)) writes.set(key, value);
    if (value === undefined && before !== undefined && before !== present.get(key)) writes.set(key, before);
  }
  const duration = wanted.has('LockoutDuration')
    ? (writes.get('LockoutDuration') ?? present.get('LockoutDuration'))
    : undefined;
  if (duration === undefined) return writes;
  writes.delete('ResetLockoutCount');
  if (duration > 0 && (present.get('ResetLockoutCount') ?? 0) > duration) writes.set('ResetLockoutCount', duration);
  return writes;
}

/** Prints `{"text":…}`: the template of this PC. */
export function exportStatements(folder: string): string[] {
  const file = quoted(`${folder}\\security-export.inf`);
  return [
    `New-Item -ItemType Directory -Force -Path ${quoted(folder)} | Out-Null`,
    `& ${quoted(secedit)} /export /cfg ${file} /areas SECURITYPOLICY /quiet | Out-Null`,
    'if ($LASTEXITCODE -ne 0) { throw "secedit: $LASTEXITCODE" }',
    `$t=[string](Get-Content -LiteralPath ${file} -Raw -Encoding Unicode)`,
    `Remove-Item -LiteralPath ${file}`,
    '[pscustomobject]@{text=$t} | ConvertTo-Json -Compress',
  ];
}

/** Takes values over from a template of nothing else. */
export function configureStatements(folder: string, writes: Access): string[] {
  const [file, database] = [quoted(`${folder}\\security.inf`), quoted(`${folder}\\security.sdb`)];
  const lines = ['[Unicode]', 'Unicode=yes', '[Version]', 'signature="$CHICAGO$"', 'Revision=1', '[System Access]'];
  const values = [...writes].map(([key, value]) => `${key} = ${value}`);
  return [
    `New-Item -ItemType Directory -Force -Path ${quoted(folder)} | Out-Null`,
    `Set-Content -LiteralPath ${file} -Encoding Unicode -Value ${quotedList([...lines, ...values])}`,
    `& ${quoted(secedit)} /configure /db ${database} /cfg ${file} /areas SECURITYPOLICY /quiet | Out-Null`,
    '$c=$LASTEXITCODE',
    `Remove-Item -LiteralPath ${file},${database} -ErrorAction SilentlyContinue`,
    'if ($c -ne 0 -and $c -ne 3) { throw "secedit: $c" }',
  ];
}
