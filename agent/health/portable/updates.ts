import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { HealthValue } from '../collector.ts';
import { member, parseJson } from '../json.ts';
import { runPowerShell } from '../posture/powershell.ts';

export type Updates = Pick<HealthValue<'os'>, 'pendingUpdates' | 'pendingSecurityUpdates' | 'rebootRequired'>;

const timeoutMs = 150_000;

/** The Windows Update Agent's own cache (IUpdateSearcher.Online false): nothing goes over the network. */
const windowsScript = [
  '$s = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()',
  '$s.Online = $false',
  "$u = @($s.Search('IsInstalled=0 and IsHidden=0').Updates)",
  "$n = @($u | Where-Object { @($_.Categories | Where-Object { $_.CategoryID -eq '0fa1201d-4330-4fa8-8ae9-b877473b6441' }).Count -gt 0 }).Count",
  "$r = Test-Path 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired'",
  '@{ pending = $u.Count; security = $n; reboot = $r } | ConvertTo-Json -Compress',
].join('; ');

export async function readWindowsUpdates(commands: Commands): Promise<Updates> {
  return parseWindowsUpdates(await runPowerShell(commands, windowsScript, timeoutMs));
}

export function parseWindowsUpdates(result: CommandResult): Updates {
  const answer = result.code === 0 ? parseJson(result.stdout) : undefined;
  const [pending, security, reboot] = ['pending', 'security', 'reboot'].map((name) => member(answer, name));
  return {
    ...(isCount(pending) ? { pendingUpdates: pending } : {}),
    ...(isCount(security) ? { pendingSecurityUpdates: security } : {}),
    ...(typeof reboot === 'boolean' ? { rebootRequired: reboot } : {}),
  };
}

export async function readMacUpdates(commands: Commands): Promise<Updates> {
  return parseMacUpdates(await commands.run('/usr/sbin/softwareupdate', ['--list', '--no-scan'], { timeoutMs }));
}

/** softwareupdate(8): one `* Label: …` line for each update, from the last scan the system made by itself. */
export function parseMacUpdates(result: CommandResult): Updates {
  const labels = result.stdout.match(/^\s*\* (Label: )?\S.*$/gm) ?? [];
  const none = /No new software available|No updates? (are )?available/i.test(result.stdout + result.stderr);
  return result.code === 0 && (labels.length > 0 || none) ? { pendingUpdates: labels.length } : {};
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100_000;
}
