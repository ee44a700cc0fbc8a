import { spawn } from 'node:child_process';
import { endStrays } from './stray-processes.ts';

/** What running a program gave. A program that is missing or times out is a result, not an exception. */
export interface CommandResult {
  /** Exit code; -1 when the program could not be started, was ended by a signal or timed out. */
  code: number;
  stdout: string;
  stderr: string;
  /** Why there is no exit code. */
  failure?: 'missing' | 'denied' | 'timed-out' | 'cancelled' | 'signal' | 'output-too-large';
}

export interface CommandOptions {
  timeoutMs?: number;
  /** For standard input. */
  input?: string;
  /** The same as bytes, which the caller can clear afterwards. */
  secret?: Uint8Array;
  /** Ends the program when it is no longer wanted. */
  signal?: AbortSignal;
}

/** The only door to other programs. Tests pass recorded output instead. */
export interface Commands {
  /** Runs a program by absolute path with an argument array; no shell ever. */
  run(path: string, args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
}

/** Who listens to a program that runs on and says a line whenever something happens. */
export interface Listener {
  /** Without its end; what goes beyond 4,096 characters is left out. */
  line(text: string): void;
  /** Once, and not after `stop`: why nothing is heard any more. */
  ended(result: CommandResult): void;
}

/** The door to programs that run on. */
export interface Follower {
  /** Starts a program by absolute path; it ends with `stop`. */
  follow(path: string, args: readonly string[], listener: Listener): { stop(): void };
}

/** A program with everything it starts, in an environment of its own. */
export interface GroupRun {
  /** Beside the fixed environment. */
  variables: Readonly<Record<string, string>>;
  /** For standard input. */
  input?: string;
  timeoutMs: number;
  /** Of output and errors together; what comes after is left out. */
  outputBytes: number;
  /** Ends it early. */
  signal: AbortSignal;
}

export interface GroupResult extends Pick<CommandResult, 'code' | 'failure'> {
  output: string;
  /** Some of the output was left out. */
  isCut: boolean;
}

/** The door for scripts of the district. */
export interface ScriptDoor {
  /** Runs a program by absolute path; when it ends or its time is over, whatever it started ends with it. */
  runGroup(path: string, args: readonly string[], options: GroupRun): Promise<GroupResult>;
}

const outputLimit = 4_194_304;
const lineLimit = 4_096;
const defaultTimeoutMs = 10_000;
/** A fixed environment: English output, no variables of whoever started the agent. */
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', LANG: 'C' };

/** What still holds the output open this long after the end is not heard any more. */
const graceMs = 1_000;
let runs = 0;

export class SystemCommands implements Commands, Follower, ScriptDoor {
  async run(path: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const child = spawn(path, [...args], {
      env: fixedEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    return await new Promise((resolve) => {
      const output = { stdout: '', stderr: '' };
      let failure: CommandResult['failure'];
      const end = (why: NonNullable<CommandResult['failure']>) => {
        failure ??= why;
        child.kill('SIGKILL');
      };
      const timer = setTimeout(() => end('timed-out'), options.timeoutMs ?? defaultTimeoutMs);
      const cancel = () => end('cancelled');
      if (options.signal?.aborted) cancel();
      options.signal?.addEventListener('abort', cancel, { once: true });
      const finish = (code: number) => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', cancel);
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
      child.stdin.end(options.secret ?? options.input ?? '');
    });
  }

  async runGroup(path: string, args: readonly string[], options: GroupRun): Promise<GroupResult> {
    if (options.signal.aborted) return { code: -1, failure: 'cancelled', output: '', isCut: false };
    runs += 1;
    const mark = `${process.pid}.${runs}`;
    const child = spawn(path, [...args], {
      env: { ...options.variables, ...fixedEnvironment(), ROLLCALL_RUN: mark },
      cwd: process.platform === 'win32' ? 'C:\\' : '/',
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      detached: process.platform !== 'win32',
    });
    const kept: Buffer[] = [];
    let room = options.outputBytes;
    let isCut = false;
    const take = (part: Buffer) => {
      isCut ||= part.length > room;
      if (room > 0) kept.push(part.subarray(0, room));
      room -= Math.min(room, part.length);
    };
    return await new Promise((resolve) => {
      let failure: CommandResult['failure'];
      let grace: NodeJS.Timeout | undefined;
      const end = (why: 'timed-out' | 'cancelled') => {
        failure ??= why;
        endGroup(child.pid);
      };
      const timer = setTimeout(() => end('timed-out'), options.timeoutMs);
      const cancel = () => end('cancelled');
      options.signal.addEventListener('abort', cancel, { once: true });
      const finish = (code: number) => {
        clearTimeout(timer);
        clearTimeout(grace);
        options.signal.removeEventListener('abort', cancel);
        const output = Buffer.concat(kept).toString('utf8');
        resolve({ code, output, isCut, ...(failure ? { failure } : {}) });
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.on('error', (error: NodeJS.ErrnoException) => {
        failure ??= error.code === 'EACCES' ? 'denied' : 'missing';
        finish(-1);
      });
      // What it left running holds the pipes open, and would outlive it.
      child.on('exit', () => {
        endGroup(child.pid);
        if (process.platform === 'linux') endStrays(`ROLLCALL_RUN=${mark}`);
        grace = setTimeout(() => [child.stdout, child.stderr].map((pipe) => pipe.destroy()), graceMs);
      });
      child.on('close', (code, signal) => {
        if (signal) failure ??= 'signal';
        finish(failure ? -1 : (code ?? -1));
      });
      child.stdin.on('error', () => child.stdin.destroy());
      child.stdin.end(options.input ?? '');
    });
  }

  follow(path: string, args: readonly string[], listener: Listener): { stop(): void } {
    const child = spawn(path, [...args], {
      env: fixedEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let isOver = false;
    let stderr = '';
    const end = (result: Pick<CommandResult, 'code' | 'failure'>) => {
      if (isOver) return;
      isOver = true;
      listener.ended({ stdout: '', stderr, ...result });
    };
    const say = byLine((text) => {
      if (!isOver) listener.line(text);
    });
    child.stdout.setEncoding('utf8').on('data', say);
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr = (stderr + part).slice(0, lineLimit);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      stderr ||= error.message;
      end({ code: -1, failure: error.code === 'EACCES' ? 'denied' : 'missing' });
    });
    child.on('close', (code, signal) => end({ code: code ?? -1, ...(signal ? { failure: 'signal' as const } : {}) }));
    return {
      stop: () => {
        isOver = true;
        child.kill();
      },
    };
  }
}

/** A group that is gone already is what was wanted. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('C:\\Windows\\System32\\taskkill.exe', ['/T', '/F', '/PID', String(pid)], { windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Hands on whole lines; never holds more than one line's limit. */
function byLine(line: Listener['line']): (part: string) => void {
  let rest = '';
  return (part) => {
    const lines = (rest + part).split('\n');
    rest = (lines.pop() ?? '').slice(0, lineLimit);
    for (const text of lines) line(text.slice(0, lineLimit));
  };
}

/** Windows programs need SystemRoot; the rest of the environment is still left out. */
function fixedEnvironment(): NodeJS.ProcessEnv {
  if (process.platform !== 'win32') return environment;
  const systemRoot = 'C:\\Windows';
  return { SystemRoot: systemRoot, windir: systemRoot, PATH: `${systemRoot}\\System32`, TEMP: `${systemRoot}\\Temp` };
}
