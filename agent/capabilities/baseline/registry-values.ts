import { member } from '../../health/json.ts';
import type { Settings } from '../browser/kept-settings.ts';
import { quoted } from '../webFilter/powershell.ts';

/** One REG_DWORD below HKEY_LOCAL_MACHINE; the key without its hive. */
export interface Dword {
  key: string;
  name: string;
}

export function dwordId({ key, name }: Dword): string {
  return `${key}\\${name}`;
}

/** Prints `{"v0":3,"v1":null}`, in the order given. Keys are tested first, so that a refused one is an error, not absent. */
export function readStatements(values: readonly Dword[]): string[] {
  const reads = values.map(
    ({ key, name }, index) =>
      `$v${index}=$null; if (Test-Path -LiteralPath ${path(key)}) { $v${index}=(Get-ItemProperty -LiteralPath ${path(key)}).${quoted(name)} }`,
  );
  const members = values.map((_, index) => `v${index}=$v${index}`);
  return [...reads, `[pscustomobject]@{${members.join(';')}} | ConvertTo-Json -Compress`];
}

/** Undefined when the script printed something else. */
export function parseValues(answer: unknown, values: readonly Dword[]): Settings<number> | undefined {
  const read = values.map((value, index) => [dwordId(value), member(answer, `v${index}`)] as const);
  if (read.some(([, value]) => value === undefined || !(value === null || Number.isInteger(value)))) return undefined;
  return new Map(read.filter((entry): entry is readonly [string, number] => entry[1] !== null));
}

/** Writes and deletes; a key that loses its last value goes too. */
export function writeStatements(writes: ReadonlyMap<string, number | undefined>, values: readonly Dword[]): string[] {
  return values.flatMap((value) => {
    const id = dwordId(value);
    if (!writes.has(id)) return [];
    const written = writes.get(id);
    return [written === undefined ? deletion(value) : setting(value, written)];
  });
}

function setting({ key, name }: Dword, value: number): string {
  return `if (-not (Test-Path -LiteralPath ${path(key)})) { New-Item -Path ${path(key)} -Force | Out-Null }; New-ItemProperty -LiteralPath ${path(key)} -Name ${quoted(name)} -PropertyType DWord -Value ${value} -Force | Out-Null`;
}

function deletion({ key, name }: Dword): string {
  return `if (Test-Path -LiteralPath ${path(key)}) { Remove-ItemProperty -LiteralPath ${path(key)} -Name ${quoted(name)} -ErrorAction SilentlyContinue; $k=Get-Item -LiteralPath ${path(key)}; if ($k.ValueCount -eq 0 -and $k.SubKeyCount -eq 0) { Remove-Item -LiteralPath ${path(key)} } }`;
}

function path(key: string): string {
  return quoted(`HKLM:\\${key}`);
}
