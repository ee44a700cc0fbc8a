import pino from 'pino';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { loadConfig, processesIn } from '../config.ts';
import { startServer } from '../main.ts';
import { exitCodes } from './exit-codes.ts';

export interface ServeFlags {
  home?: string | undefined;
  'console-port'?: string | undefined;
  'agent-port'?: string | undefined;
  listen?: string | undefined;
  'gateway-processes'?: string | undefined;
  demo: boolean;
}

/** What a parent process is told once the server is ready (over IPC, where there is one). */
export interface ReadyMessage {
  ready: true;
  console: string;
  setUpCode: string | undefined;
}

/** `rollcall serve`: runs until SIGINT or SIGTERM, then stops cleanly. A second signal within a second is the same one. */
export async function serve(flags: ServeFlags): Promise<number> {
  const gatewayProcesses = processesIn(flags['gateway-processes']);
  const config = loadConfig({
    ...(flags.home === undefined ? {} : { home: flags.home }),
    ...portFlag('consolePort', flags['console-port']),
    ...portFlag('agentPort', flags['agent-port']),
    ...(flags.listen === undefined ? {} : { listen: flags.listen }),
    ...(gatewayProcesses === undefined ? {} : { gatewayProcesses }),
    demo: flags.demo,
  });
  const log = createLog(config.logLevel);
  const stopping = signalled();
  const server = await startServer(config, log);
  const ready: ReadyMessage = { ready: true, console: server.consoleAddress, setUpCode: server.setUpCode };
  process.send?.(ready);
  if (!process.send) process.stdout.write(`${greeting(ready)}\n`);
  await stopping;
  process.send?.({ stopping: true });
  await server.stop();
  if (process.connected) process.disconnect();
  return exitCodes.done;
}

export function greeting(ready: ReadyMessage): string {
  const lines = [`Console      ${ready.console}`];
  if (ready.setUpCode) lines.push(`Set-up code  ${ready.setUpCode}   (makes the first administrator; works once)`);
  return lines.join('\n');
}

function createLog(level: string): pino.Logger {
  if (!process.stderr.isTTY) return pino({ level }, pino.destination(2));
  return pino({ level, transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname' } } });
}

function portFlag(name: 'consolePort' | 'agentPort', value: string | undefined): Partial<Record<typeof name, number>> {
  if (value === undefined) return {};
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CodedError('bad-request', `${value} is not a port: write 0 to 65535.`);
  return { [name]: port };
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', resolve);
    process.on('SIGTERM', resolve);
  });
}
