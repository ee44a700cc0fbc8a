import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CrashesFacts, kernelTroubles } from '../../../shared/diagnostics/judge/enforcement.ts';
import { member, parseJson } from '../../health/json.ts';
import { runPowerShell } from '../../health/posture/powershell.ts';
import type { CommandResult } from '../../platform/commands.ts';
import type { Look } from '../look.ts';
import { systemProgram } from '../program-names.ts';

export type CrashesOnHost = Omit<CrashesFacts, 'agentAgoMs'>;

const journalctl = '/usr/bin/journalctl';
const coredumpctl = '/usr/bin/coredumpctl';
const day = 86_400_000;

/** What the kernel complained of and which programs left remains, in the last day. Lines are counted, never kept. */
export async function crashesOnLinux(look: Look): Promise<CrashesOnHost> {
  const { commands } = look;
  const kernel = ['-q', '--no-pager', '-o', 'cat', '--since=-24h', '-p', 'warning', '-n', '5000', '_TRANSPORT=kernel'];
  const journal = await commands.run(journalctl, kernel);
  const list = ['list', '-q', '--no-pager', '--json=short', '--since=-24h'];
  const dumps = await commands.run(coredumpctl, list);
  const programs = dumps.failure === undefined ? parseCoredumps(dumps) : await apport(look);
  return {
    programs,
    kernel: journal.code === 0 ? kernelTrouble(journal.stdout) : [],
    isKnown: journal.code === 0 || dumps.failure === undefined || programs.length > 0,
  };
}

const signs: [kind: string, sign: RegExp][] = [
  [kernelTroubles.kernel, /^(?!traps: ).*(?:\bBUG: |\bOops: |kernel panic|general protection fault)/i],
  [
    kernelTroubles.disk,
    /I\/O error, dev |critical medium error|EXT4-fs error|nvme\d+: I\/O \d+ .*timeout|ata\d+\.\d+: failed command/,
  ],
  [kernelTroubles.memory, /Out of memory: Killed process|Memory cgroup out of memory: Killed/],
  [kernelTroubles.stuck, /blocked for more than \d+ seconds|soft lockup|hard LOCKUP|self-detected stall/],
];

export function kernelTrouble(lines: string): CrashesOnHost['kernel'] {
  return signs.flatMap(([kind, sign]) => {
    const count = lines.split('\n').filter((line) => sign.test(line)).length;
    return count > 0 ? [{ kind, count }] : [];
  });
}

/** coredumpctl(1) --json: objects with `exe`; its exit code is 1 when there is none. */
export function parseCoredumps({ stdout }: CommandResult): CrashesOnHost['programs'] {
  const list = parseJson(stdout);
  return counted((Array.isArray(list) ? list : []).map((dump) => nameOf(member(dump, 'exe'), 'linux')));
}

function nameOf(path: unknown, platform: Look['platform']): string | undefined {
  return typeof path === 'string' ? systemProgram(path, platform)?.slice(0, 100) : undefined;
}

/** Ubuntu's: `/var/crash/_usr_bin_gnome-shell.1000.crash`. */
async function apport({ files, root, clock }: Look): Promise<CrashesOnHost['programs']> {
  const names: (string | undefined)[] = [];
  for (const name of await files.list('/var/crash')) {
    if (!name.endsWith('.crash')) continue;
    const { mtimeMs } = await stat(join(root, 'var/crash', name));
    const path = name.replace(/\.\d+\.crash$/, '').replaceAll('_', '/');
    if (clock.now() - mtimeMs < day) names.push(nameOf(path, 'linux'));
  }
  return counted(names);
}

const reports = '/Library/Logs/DiagnosticReports';

/** Reports are named for the program and the time; whose program it is they do not tell, so they are only counted. */
export async function crashesOnDarwin({ files, clock }: Look): Promise<CrashesOnHost> {
  const names = (await files.list(reports)).filter((name) => isRecent(name, clock.now()));
  const panics = names.filter((name) => name.endsWith('.panic') || /^panic-full/.test(name)).length;
  const programs = names.filter((name) => /\.(ips|crash)$/.test(name) && !/^panic-full/.test(name)).length;
  return {
    kernel: panics > 0 ? [{ kind: kernelTroubles.kernel, count: panics }] : [],
    programs: programs > 0 ? [{ count: programs }] : [],
    isKnown: true,
  };
}

function isRecent(name: string, now: number): boolean {
  const [, year, month, date] = /(\d{4})-(\d{2})-(\d{2})-\d{6}/.exec(name) ?? [];
  return year !== undefined && now - Date.UTC(Number(year), Number(month) - 1, Number(date)) < 2 * day;
}

/**
 * Event ids: 41 of Kernel-Power (went down without being shut down), 1001 of WER-SystemErrorReporting (stop error), 7, 51 and
 * 153 of disk, and 1000 of Application Error, whose eleventh property is the path of the program.
 * https://learn.microsoft.com/troubleshoot/windows-client/performance/event-id-41-restart
 */
const script = [
  '$s = (Get-Date).AddDays(-1)',
  'function Seen($l, $p, $i) { @(Get-WinEvent -FilterHashtable @{ LogName=$l; ProviderName=$p; Id=$i; StartTime=$s } -ErrorAction SilentlyContinue) }',
  "$a = @(Seen 'Application' 'Application Error' 1000 | ForEach-Object { [string]$_.Properties[10].Value })",
  "@{ restart = (Seen 'System' 'Microsoft-Windows-Kernel-Power' 41).Count; kernel = (Seen 'System' 'Microsoft-Windows-WER-SystemErrorReporting' 1001).Count; disk = (Seen 'System' 'disk' @(7,51,153)).Count; programs = $a } | ConvertTo-Json -Compress",
].join('; ');

export async function crashesOnWindows({ commands }: Look): Promise<CrashesOnHost> {
  return parseWindowsCrashes(await runPowerShell(commands, script, 15_000));
}

export function parseWindowsCrashes({ code, stdout }: CommandResult): CrashesOnHost {
  const answer = code === 0 ? parseJson(stdout) : undefined;
  const kernel = (['kernel', 'disk', 'restart'] as const).flatMap((name) => {
    const count = member(answer, name);
    return typeof count === 'number' && count > 0 ? [{ kind: kernelTroubles[name], count }] : [];
  });
  const paths = member(answer, 'programs');
  const programs = counted((Array.isArray(paths) ? paths : []).map((path) => nameOf(path, 'win32')));
  return { kernel, programs, isKnown: answer !== undefined };
}

/** The most frequent first; what may not be named is one. */
function counted(names: (string | undefined)[]): CrashesOnHost['programs'] {
  const counts = new Map<string | undefined, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ ...(name !== undefined && { name }), count }))
    .sort((a, b) => b.count - a.count);
}
