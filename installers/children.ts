import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs of this repository that `npm start` runs side by side, and stops together. */
export class Children {
  readonly #running: { name: string; child: ChildProcess }[] = [];
  #stopping = false;
  readonly #onUnexpectedEnd: (name: string, code: number | null) => void;

  /** `onUnexpectedEnd` hears of a program that ends before it is told to. */
  constructor(onUnexpectedEnd: (name: string, code: number | null) => void) {
    this.#onUnexpectedEnd = onUnexpectedEnd;
  }

  /** Starts a program with the pinned Node; its words go to this terminal's standard error. */
  start(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    // A group of its own: Ctrl-C reaches the parent alone, which then stops the children in order.
    const child = spawn(process.execPath, [...args], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 2, 2, 'ipc'],
      env: { ...process.env, ...env },
    });
    this.#running.push({ name, child });
    child.once('exit', (code) => {
      if (!this.#stopping) this.#onUnexpectedEnd(name, code);
    });
    return child;
  }

  /** Last started, first stopped; each gets ten seconds before it is ended hard. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { child } of this.#running.toReversed()) await end(child);
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** The first message of a child that `accepts`; rejects when it ends first. */
export function firstMessage<T>(child: ChildProcess, accepts: (message: unknown) => message is T): Promise<T> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (accepts(message)) resolve(message);
    });
    child.once('exit', (code) => reject(new Error(`it ended with exit code ${code} before it was ready`)));
  });
}

/** Runs a program to its end and gives what it printed. Throws its error words when it fails. */
export function runToEnd(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (part: string) => {
        output[name] += part;
      });
    }
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output.stdout) : reject(new Error(output.stderr.trim() || `exit code ${code}`)),
    );
  });
}
