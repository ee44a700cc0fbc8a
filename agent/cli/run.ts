import type { AgentConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { logLines } from '../log-lines.ts';
import { createAgent } from '../main.ts';
import { systemClock } from '../platform/clock.ts';
import { collectEachHour } from '../platform/memory.ts';
import type { Agent } from '../running-agent.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** A second Ctrl-C within this time is the same wish. */
const sameWishMs = 1_000;
const stopWithinMs = 15_000;

/** `run`: the agent itself, until it is told to stop. What it set on the host stays. */
export const run: Command = async ({ config, output }) => {
  const log = await openLog(config, output.json);
  const stopAsked = Promise.withResolvers<string>();
  const agent = await createAgent({ ...config, log, onStopAsked: () => stopAsked.resolve('the local socket') });
  const release = onSignals((signal) => stopAsked.resolve(signal));
  const leaveMemory = collectEachHour(systemClock);
  log.info({ home: config.home.path, root: config.root }, 'The agent starts.');
  await Promise.race([agent.start(), stopAsked.promise]);
  log.info({ by: await keepAliveUntil(stopAsked.promise) }, 'The agent stops; what it set on this device stays.');
  leaveMemory();
  await stopInTime(agent);
  release();
  return exitCodes.ok;
};

/** JSON lines; for people only on a terminal. Where nobody reads them any more, the agent goes on. */
async function openLog({ logLevel }: AgentConfig, json: boolean): Promise<Log> {
  process.stdout.on('error', () => undefined);
  const lines = json || !process.stdout.isTTY ? process.stdout : await forPeople();
  return logLines(logLevel, systemClock.now, (line) => lines.write(line));
}

async function forPeople(): Promise<NodeJS.WritableStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({ sync: true, colorize: true, ignore: 'pid,hostname' });
}

/** The first signal asks to stop, its echo is ignored, a later one ends the process at once. */
function onSignals(stop: (signal: string) => void): () => void {
  let first: number | undefined;
  const onSignal = (signal: string) => {
    const now = systemClock.monotonic();
    first ??= now;
    if (now === first) stop(signal);
    else if (now - first > sameWishMs) process.exit(exitCodes.failed);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  };
}

/** Timers of the agent keep no process alive; this one does. */
async function keepAliveUntil<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 2 ** 30);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

async function stopInTime(agent: Agent): Promise<void> {
  const timer = setTimeout(() => process.exit(exitCodes.failed), stopWithinMs);
  await agent.stop();
  clearTimeout(timer);
}
