// `npm start`: the whole product on this machine. A server with a sample district, this machine as a real agent (its
// files below .rollcall/device), and some simulated devices that are marked as such. Ctrl-C stops all of it.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OperatorClient } from '../server/commands/client.ts';
import { greeting, type ReadyMessage } from '../server/commands/serve.ts';
import type { PersonSummary } from '../shared/api/schemas.ts';
import agentNodeFlags from './agent-node-flags.json' with { type: 'json' };
import { Children, firstMessage, runToEnd } from './children.ts';
import serverEnvironment from './server-environment.json' with { type: 'json' };
import serverNodeFlags from './server-node-flags.json' with { type: 'json' };

const { values: flags } = parseArgs({
  options: {
    home: { type: 'string', default: '.rollcall' },
    'console-port': { type: 'string' },
    'agent-port': { type: 'string' },
    simulated: { type: 'string', default: '40' },
  },
});

const home = resolve(flags.home);
const folders = {
  server: join(home, 'server'),
  agent: join(home, 'agent'),
  device: join(home, 'device'),
  simulated: join(home, 'simulated'),
};
const children = new Children((name, code) => {
  console.error(`rollcall: the ${name} ended by itself (exit code ${code}); stopping the rest`);
  void stop(1);
});

let isStopping = false;

async function stop(code: number): Promise<never> {
  if (!isStopping) console.log('\nrollcall: stopping …');
  isStopping = true;
  await children.stop();
  process.exit(code);
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'ready' in message;
}

const ports = (['console-port', 'agent-port'] as const).flatMap((name) => {
  const value = flags[name];
  return value === undefined ? [] : [`--${name}`, value];
});

/** The first time, the simulated devices get some weeks of a past before anything is served. */
async function makePast(): Promise<void> {
  if (existsSync(folders.server) || flags.simulated === '0') return;
  const args = ['--home', folders.simulated, '--server', folders.server, '--count', flags.simulated, ...ports];
  await runToEnd(['installers/sample-past.ts', ...args]);
}

async function startServer(): Promise<ReadyMessage> {
  const args = [...serverNodeFlags, 'server/cli.ts', 'serve', '--demo', '--home', folders.server, ...ports];
  const server = children.start('server', args, {
    ...serverEnvironment,
    // What an operator sets is what counts.
    ...process.env,
    ROLLCALL_LOG_LEVEL: process.env.ROLLCALL_LOG_LEVEL ?? 'warn',
  });
  return await firstMessage(server, isReady);
}

/** Enrols this machine once, for the sample student, with everything it writes below the device folder. */
async function startThisMachine(client: OperatorClient): Promise<void> {
  copyAccounts();
  if (!existsSync(join(folders.agent, 'identity.json'))) {
    const person = await holderOf(client);
    const { token } = await client.call('createToken', {
      body: {
        maxUses: 1,
        expiresInSeconds: 3600,
        label: 'npm start: this machine',
        personId: person.id,
        tags: ['this machine'],
      },
    });
    await runToEnd([
      'agent/cli.ts',
      'enroll',
      token,
      '--home',
      folders.agent,
      '--root',
      folders.device,
      '--dns-port',
      '0',
    ]);
    await askForHelp(client, person.id);
  }
  const run = [...agentNodeFlags, 'agent/cli.ts', 'run', '--home', folders.agent];
  children.start('agent', run, { ROLLCALL_AGENT_LOG_LEVEL: 'warn' });
}

/** A ticket about this machine, so that there is a real device to look at. */
async function askForHelp(client: OperatorClient, personId: string): Promise<void> {
  const { items } = await client.call('listDevices', { query: { tag: 'this machine', limit: 1 } });
  const words = 'It takes minutes until a page opens. It was fine last week.';
  const about = { personId, ...(items[0] && { deviceId: items[0].id }) };
  await client.call('createTicket', {
    body: { subject: 'This laptop is slow', words, category: 'slow', priority: 'high', ...about },
  });
}

/** What looks at accounts looks below the device folder too: it finds those of this machine there. */
function copyAccounts(): void {
  const folder = join(folders.device, 'etc');
  mkdirSync(folder, { recursive: true });
  for (const name of ['passwd', 'group'])
    if (process.platform === 'linux' && existsSync(join('/etc', name)))
      copyFileSync(join('/etc', name), join(folder, name));
}

/** Who holds this machine: the first student of the sample district who has no device. */
async function holderOf(client: OperatorClient): Promise<PersonSummary> {
  const { items } = await client.call('listPeople', { query: { role: 'student', limit: 200 } });
  const first = items.find(({ deviceCount }) => deviceCount === 0);
  if (!first) throw new Error('the district has no students; delete the folder .rollcall to begin anew');
  return first;
}

async function startSimulated(): Promise<void> {
  if (flags.simulated === '0') return;
  const args = [
    'installers/simulated-fleet.ts',
    '--home',
    folders.simulated,
    '--server',
    folders.server,
    '--count',
    flags.simulated,
  ];
  const fleet = children.start('simulated devices', args);
  await firstMessage(fleet, isReady);
}

async function main(): Promise<void> {
  for (const folder of [home, folders.agent, folders.device]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));
  const known = existsSync(folders.server)
    ? `continuing with what is in ${flags.home}`
    : 'making a sample district and its last six weeks';
  console.log(`rollcall: ${known}: the server, this machine as an agent, and simulated devices …`);
  await makePast();
  const ready = await startServer();
  console.log(`\n${greeting(ready)}\n`);
  const client = new OperatorClient(folders.server);
  await startThisMachine(client);
  await startSimulated();
  await client.close();
  console.log(await aboutThisMachine());
  console.log(`\nCtrl-C stops everything. What is kept lies in ${flags.home}; delete it to begin anew.`);
}

/** What a visitor may try: the resolver of this machine's agent. */
async function aboutThisMachine(): Promise<string> {
  const status = await runToEnd(['agent/cli.ts', 'status', '--home', folders.agent, '--json']);
  const { resolver } = JSON.parse(status) as { resolver?: string | null };
  const [address, port] = (resolver ?? '').split(':');
  const lines = [`This machine  enrolled as a real agent; what it writes on the host lies below ${folders.device}`];
  if (resolver) lines.push(`Its resolver  dig @${address} -p ${port} blocked.example`);
  return lines.join('\n');
}

main().catch(async (error: unknown) => {
  console.error(`rollcall: ${error instanceof Error ? error.message : String(error)}`);
  await stop(1);
});
