import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { frontMemory } from '../door/front-memory.ts';

const program = fileURLToPath(new URL('./front-process.ts', import.meta.url));

/** A front process that runs. */
export interface FrontChild {
  pid: number | undefined;
  /** A pair of sockets that nobody else has. */
  link: Duplex;
  /** Why it is no more; never rejects. */
  ended: Promise<string>;
  kill(): void;
}

/** Starts a front process. What it must know comes over the link: neither arguments nor the environment hold a secret. */
export function startFrontChild(environment: NodeJS.ProcessEnv): FrontChild {
  const child = spawn(process.execPath, [...frontMemory.flags, program], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: { ...frontMemory.environment, ...environment },
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return { pid: child.pid, link: child.stdio[3] as Duplex, ended, kill: () => void child.kill('SIGKILL') };
}
