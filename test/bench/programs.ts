import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Children, firstMessage } from '../../installers/children.ts';
import serverEnvironment from '../../installers/server-environment.json' with { type: 'json' };
import serverNodeFlags from '../../installers/server-node-flags.json' with { type: 'json' };
import type { Scope } from './scope.ts';

/** A process apart from the bench, so that its memory and processor time are its own. */
export interface Program<Ready> {
  child: ChildProcess;
  pid: number;
  ready: Ready;
  stop(): Promise<void>;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts `node ARGS` and waits for its first message over IPC. */
export async function startProgram<Ready extends object>(
  scope: Scope,
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Program<Ready>> {
  let isKilled = false;
  const children = new Children((ended, code) => {
    if (!isKilled) console.error(`bench: ${ended} ended by itself (exit code ${code})`);
  });
  const stop = () => children.stop();
  scope.defer(stop);
  const child = children.start(name, args, env);
  const ready = await firstMessage(child, (message): message is Ready => typeof message === 'object');
  const kill = async () => {
    isKilled = true;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { child, pid: child.pid ?? 0, ready, stop, kill };
}

/** A program of `test/bench/programs`: a floor, or who asks it. Node runs each as it runs the server: as fast as it can. */
export function startFloor<Ready extends object>(
  scope: Scope,
  file: string,
  ...args: string[]
): Promise<Program<Ready>> {
  const path = fileURLToPath(new URL(`./programs/${file}.ts`, import.meta.url));
  return startProgram(scope, file, [...serverNodeFlags, path, ...args], serverEnvironment);
}
