import { spawn } from 'node:child_process';

/** What running a program gave. A program that is missing or times out is a result, not an exception. */
export interface CommandResult {
  /** Exit code; -1 when the program could not be started, was ended by a signal or timed out. */
  code: number;
  stdout: string;
  stderr: string;
  /** Why there is no exit code. */
  failure?: 'missing' | 'denied' | 'timed-out' | 'signal' | 'output-too-large';
}

/** The only door to other programs. Tests pass recorded output instead. */
export interface Commands {
  /** Runs a program by absolute path with an argument array; no shell ever. */
  run(path: string, args: readonly string[], options?: { timeoutMs?: number; input?: string }): Promise<CommandResult>;
}

const outputLimit = 4_194_304;
const defaultTimeoutMs = 10_000;
/** A fixed environment: English output, no variables of whoever started the agent. */
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', LANG: 'C' };

export class SystemCommands implements Commands {
  async run(
    path: string,
    args: readonly string[],
    options: { timeoutMs?: number; input?: string } = {},
  ): Promise<CommandResult> {
    const env = process.platform === 'win32' ? windowsEnvironment() : environment;
    const child = spawn(path, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    return await new Promise((resolve) => {
      const output = { stdout: '', stderr: '' };
      let failure: CommandResult['failure'];
      const end = (why: NonNullable<CommandResult['failure']>) => {
        failure ??= why;
        child.kill('SIGKILL');
      };
      const timer = setTimeout(() => end('timed-out'), options.timeoutMs ?? defaultTimeoutMs);
      const finish = (code: number) => {
        clearTimeout(timer);
        resolve({ code, ...output, ...(failure ? { failure } : {}) });
      };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (part: string) => {
          output[name] += part;
          if (output[name].length > outputLimit) end('output-too-large');
        });
      }
      child.on('error', (error: NodeJS.ErrnoException) => {
        failure ??= error.code === 'EACCES' ? 'denied' : 'missing';
        output.stderr ||= error.message;
        finish(-1);
      });
      child.on('close', (code, signal) => {
        if (signal) failure ??= 'signal';
        finish(code ?? -1);
      });
      // A program that ends without reading its input breaks the pipe; its exit code tells the story.
      child.stdin.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') output.stderr += error.message;
      });
      child.stdin.end(options.input ?? '');
    });
  }
}

/** Windows programs need SystemRoot; the rest of the environment is still left out. */
function windowsEnvironment(): NodeJS.ProcessEnv {
  const systemRoot = 'C:\\Windows';
  return { SystemRoot: systemRoot, windir: systemRoot, PATH: `${systemRoot}\\System32`, TEMP: `${systemRoot}\\Temp` };
}
