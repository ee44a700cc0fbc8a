import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemRandom } from '../../server/clock.ts';
import { freePort as freePortOf } from '../../server/ports.ts';
import { type CommandEnd, compileCache, end } from './agent-process.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface ProgramOptions {
  /** The folder it is started in. */
  cwd: string;
  env?: Record<string, string>;
}

/** Nothing of this process but where to find programs: what a test's surroundings hold must not matter. */
function environment(env: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/root', ...compileCache, ...env };
}

/** A program that runs until it is stopped, with everything it says. */
export class Program {
  readonly child: ChildProcess;
  readonly said = { stdout: '', stderr: '' };
  readonly #words: string;

  constructor(args: readonly string[], { cwd, env }: ProgramOptions) {
    this.#words = args.slice(0, 2).join(' ');
    this.child = spawn(process.execPath, [...args], {
      cwd,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const name of ['stdout', 'stderr'] as const)
      this.child[name]?.setEncoding('utf8').on('data', (part: string) => {
        this.said[name] += part;
      });
  }

  get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What a pattern captured on standard output. Throws with everything said when the program ends or is too slow. */
  async says(pattern: RegExp, timeoutMs = 30_000): Promise<string> {
    return await until(`${this.#words} says ${pattern}`, timeoutMs, async () => {
      const found = pattern.exec(this.said.stdout);
      if (!found && !this.runs) throw new Error(`${this.#words} ended: ${this.said.stderr}`);
      return found?.[1] ?? found?.[0];
    });
  }

  /** SIGKILL: as a power cut, for this program alone. */
  async kill(): Promise<void> {
    await end(this.child, 'SIGKILL');
  }

  /** Its exit code when it ends by itself. */
  async ended(): Promise<number | null> {
    if (this.runs) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** SIGTERM; its exit code. */
  async stop(): Promise<number | null> {
    return await end(this.child, 'SIGTERM');
  }
}

/** Runs a program to its end. */
export async function runProgram(
  path: string,
  args: readonly string[],
  { cwd, env }: ProgramOptions,
): Promise<CommandEnd> {
  const child = spawn(path, [...args], { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (part: string) => {
      output[name] += part;
    });
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).once('error', reject));
  return { code, ...output, json: /^[[{]/.test(output.stdout) ? JSON.parse(output.stdout) : {} };
}

/** Looks until something is there; its value. Throws `what` when that takes too long. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await wait(20);
  }
}

/** Where a program of this machine is; undefined when it is not installed. */
export function programPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** A port of loopback that nobody uses now, and that no other test is given by chance. */
export const freePort = (): Promise<number> => freePortOf('127.0.0.1', systemRandom);

/** Shows a figure beside the results; nothing depends on it. */
export function show(words: string): void {
  process.stdout.write(`    ${words}\n`);
}
