import { parseJson } from '../../health/json.ts';
import type { Commands } from '../../platform/commands.ts';
import { CapabilityError } from '../capability.ts';

export const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
/** Scripts come over standard input: a command line has 32,767 characters at most, which lists of addresses exceed. */
export const powershellArguments = ['-NoProfile', '-NonInteractive', '-Command', '-'] as const;

/**
 * Runs one script and reads the JSON it prints; undefined when it prints none. Nothing else of PowerShell's output is
 * looked at, as it is in the language of Windows. Throws `CapabilityError` with that text when the script fails.
 */
export async function runScript(commands: Commands, what: string, statements: readonly string[]): Promise<unknown> {
  const input = script(statements);
  const { code, stdout, stderr, failure } = await commands.run(powershell, powershellArguments, {
    input,
    timeoutMs: 60_000,
  });
  if (code === 0) return parseJson(stdout.replace(/^\uFEFF/, ''));
  throw new CapabilityError(
    'powershell-failed',
    `${what} (${failure ?? (stderr.trim().slice(0, 300) || `exit code ${code}`)}). Run the agent as a service of the SYSTEM account.`,
  );
}

/** One line, because PowerShell takes standard input line by line; the first error ends it. */
export function script(statements: readonly string[]): string {
  const body = ["$ErrorActionPreference='Stop'", "$ProgressPreference='SilentlyContinue'", ...statements].join('; ');
  return `try { ${body}; exit 0 } catch { [Console]::Error.WriteLine($_.Exception.Message); exit 1 }\n`;
}

/** A text as PowerShell reads it; nothing in it is evaluated. Throws on what would end the line. */
export function quoted(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new TypeError('a quoted text has one line');
  // PowerShell takes typographic quotes for plain ones.
  return `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

export function quotedList(texts: readonly string[]): string {
  return `@(${texts.map(quoted).join(',')})`;
}
