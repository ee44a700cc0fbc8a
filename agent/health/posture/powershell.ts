import type { CommandResult, Commands } from '../../platform/commands.ts';

const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';

/** Runs one line of Windows PowerShell with no profile; nothing of it comes from outside. */
export function runPowerShell(commands: Commands, script: string, limitMs = 30_000): Promise<CommandResult> {
  const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command', script];
  return commands.run(powershell, args, { timeoutMs: limitMs });
}
