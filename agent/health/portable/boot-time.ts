import type { CommandResult, Commands } from '../../platform/commands.ts';
import { member, parseJson } from '../json.ts';
import { runPowerShell } from '../posture/powershell.ts';

/**
 * Windows writes an event 100 about each start it measured ("Boot Performance Monitoring"): `MainPathBootTime` is from the
 * kernel to the desktop, `BootStartTime` when it began. Not every start is measured.
 * https://learn.microsoft.com/windows-hardware/test/wpt/boot-performance-diagnostics
 */
const script = [
  "$l = 'Microsoft-Windows-Diagnostics-Performance/Operational'",
  '$e = Get-WinEvent -FilterHashtable @{ LogName = $l; Id = 100 } -MaxEvents 1 -ErrorAction Stop',
  '$d = @{}',
  '([xml]$e.ToXml()).Event.EventData.Data | ForEach-Object { $d[$_.Name] = $_.InnerText }',
  "@{ ms = [long]$d['MainPathBootTime']; began = $d['BootStartTime'] } | ConvertTo-Json -Compress",
].join('; ');

const longestMs = 86_400_000;
/** The event's begin and the system's uptime are two clocks. */
const apartMs = 5 * 60_000;

export async function readWindowsBootTime(commands: Commands, bootedAt: number): Promise<number | undefined> {
  return parseWindowsBootTime(await runPowerShell(commands, script), bootedAt);
}

/** Seconds; undefined when the last start that was measured is not the one this system runs since. */
export function parseWindowsBootTime({ code, stdout }: CommandResult, bootedAt: number): number | undefined {
  const answer = code === 0 ? parseJson(stdout) : undefined;
  const [ms, began] = [member(answer, 'ms'), member(answer, 'began')];
  if (typeof ms !== 'number' || typeof began !== 'string' || !(ms > 0 && ms <= longestMs)) return undefined;
  const isThisStart = Math.abs(Date.parse(began) - bootedAt) <= apartMs;
  return isThisStart ? Math.round(ms / 100) / 10 : undefined;
}
