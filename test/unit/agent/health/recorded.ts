import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Log } from '../../../../agent/log.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';

export const done = (stdout: string, code = 0, stderr = ''): CommandResult => ({ code, stdout, stderr });
export const missing: CommandResult = { code: -1, stdout: '', stderr: 'ENOENT', failure: 'missing' };
export const denied: CommandResult = { code: -1, stdout: '', stderr: 'EACCES', failure: 'denied' };

/** Answers by path, or by path and arguments when these are in the table; everything else is not installed. */
export function recordedCommands(table: Record<string, CommandResult>): Commands & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    run: async (path, args) => {
      const call = [path, ...args].join(' ');
      calls.push(call);
      return table[call] ?? table[path] ?? missing;
    },
  };
}

/** A folder that looks like / to the collectors; a value of null makes an empty folder. */
export async function kernelTree(
  files: Record<string, string | null>,
): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'rollcall-kernel-'));
  for (const [path, content] of Object.entries(files)) {
    const real = join(root, path);
    await mkdir(content === null ? real : dirname(real), { recursive: true });
    if (content !== null) await writeFile(real, `${content}\n`);
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

export interface Line {
  level: keyof Log;
  words: string;
  fields: object;
}

export function keptLog(): Log & { lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: keyof Log) => (fields: object, words: string) => {
    lines.push({ level, words, fields });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Lets promises and finished file reads go on while the fake clock stands still. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}
