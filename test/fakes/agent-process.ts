import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../agent/cli.ts', import.meta.url));

export interface CommandEnd {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The standard output as JSON; an empty object when it is none. */
  json: Record<string, unknown>;
}

/** What `npm start` gives every process: where the types of the sources are stripped once for all (halves a start). */
export const compileCache: Record<string, string> =
  process.env.NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };

/** Starts `rollcall-agent` as a process of its own, without any variable of this one. */
export function startAgent(...args: string[]): ChildProcess {
  return spawn(process.execPath, [cli, ...args], { env: compileCache, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs `rollcall-agent` to its end. */
export async function agentCommand(...args: string[]): Promise<CommandEnd> {
  const child = startAgent(...args);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (part: string) => {
      output[name] += part;
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...output, json: output.stdout.startsWith('{') ? JSON.parse(output.stdout) : {} };
}

/** Ends a process this test started, and waits for its end. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return await ended;
}
