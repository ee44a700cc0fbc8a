import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from './scope.ts';

/** The servers share one core, so that each is measured on the same; what asks and what answers for them has the other. */
export const cores = { server: 0, load: 1 } as const;

/** Where each is installed, on the usual paths and where Debian puts servers. */
export function findProgram(name: string): string | undefined {
  const found = spawnSync('/bin/sh', ['-c', 'command -v -- "$0"', name], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** True when processes can be kept to one core each (taskset(1)). */
export const canPin = availableParallelism() > 1 && findProgram('taskset') !== undefined;

/** Keeps all threads of a process, and what it starts later, on one core; does nothing where that cannot be done. */
export function pin(pid: number, core: number): void {
  if (canPin) execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
}

/** Starts a program that is no Node; it is ended with the bench. Its words are shown only when it ends by itself. */
export function startTool(scope: Scope, path: string, args: readonly string[]): ChildProcess & { pid: number } {
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    words = (words + part).slice(-2000);
  });
  let stopping = false;
  child.once('exit', (code) => {
    if (!stopping) console.error(`bench: ${path} ended by itself (exit code ${code})\n${words}`);
  });
  scope.defer(async () => {
    stopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  if (child.pid === undefined) throw new Error(`${path} cannot be started`);
  return Object.assign(child, { pid: child.pid });
}

/** A port that was free a moment ago, for programs that cannot say which one they took. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Waits until a server answers this packet. Throws when it does not in a minute. */
export async function firstAnswer(port: number, query: Uint8Array): Promise<void> {
  const socket = createSocket('udp4');
  let answered = false;
  socket.on('message', () => {
    answered = true;
  });
  // Until the server listens, the kernel says so for each packet.
  socket.on('error', () => undefined);
  for (let tried = 0; !answered && tried < 3000; tried++) {
    socket.send(query, port, '127.0.0.1');
    await delay(20);
  }
  socket.close();
  if (!answered) throw new Error(`nothing answers on port ${port}`);
}
