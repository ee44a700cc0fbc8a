import { parseArgs } from 'node:util';
import { plainJson, plainLines } from '../shared/plain-text.ts';
import type { Command, Output } from './cli/command.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { CommandFailed, failureOf } from './cli/failure.ts';
import { readConfig } from './config.ts';
import { agentVersion } from './version.ts';

const help = `rollcall-agent ${agentVersion}: keeps this device as its school district wants it

Usage:
  rollcall-agent enroll TOKEN   make this device a device of the district
  rollcall-agent run            run the agent until it is stopped
  rollcall-agent status         connection, policy, what is in force and the evidence
  rollcall-agent doctor         check step by step, with a remedy for what is wrong
  rollcall-agent examine        look at the whole device and say what is most likely wrong, and what helps
  rollcall-agent unenroll       put everything back and forget the district (works offline)

Options:
  --home DIR        where the agent keeps its files (default /var/lib/rollcall-agent)
  --root DIR        put every file of the host under DIR: for trials; remembered by enroll
  --dns-port N      port of the web filter's resolver (default 53; with --root any free port); remembered by enroll
  --name NAME       what the device calls itself (default: its host name); remembered by enroll
  --json            one JSON document on standard output; run: log lines as JSON
  --help, --version

The environment may say the same: ROLLCALL_AGENT_HOME, ROLLCALL_AGENT_ROOT, ROLLCALL_AGENT_DNS_PORT,
ROLLCALL_AGENT_PAGE_PORT (of the device's own pages), ROLLCALL_AGENT_LOG_LEVEL (debug, info, warn, error). Options
come first.

Exit codes:
  0 done   1 failed   2 wrong usage, setting or token   3 not enrolled   4 refused by the server
  5 server not reachable   6 not the server of the token   7 another agent uses this home
`;

/** Loaded one at a time: a running agent carries no other command. */
const commands: Record<string, () => Promise<Command>> = {
  enroll: async () => (await import('./cli/enroll.ts')).enroll,
  run: async () => (await import('./cli/run.ts')).run,
  status: async () => (await import('./cli/status.ts')).status,
  doctor: async () => (await import('./cli/doctor.ts')).doctor,
  examine: async () => (await import('./cli/examine.ts')).examine,
  unenroll: async () => (await import('./cli/unenroll.ts')).unenroll,
};

const options = {
  home: { type: 'string' },
  root: { type: 'string' },
  'dns-port': { type: 'string' },
  name: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Runs one command line; returns its exit code. */
export async function main(args: string[]): Promise<number> {
  const json = args.includes('--json');
  const output: Output = {
    json,
    line: (words) => (json ? undefined : console.log(plainLines(words))),
    answer: (value) => (json ? console.log(plainJson(value)) : undefined),
  };
  try {
    return await runCommand(args, output);
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    output.answer({ error: { code: failure.code, message: failure.words } });
    if (!json) console.error(plainLines(`rollcall-agent: ${failure.words}`));
    return failure.exitCode;
  }
}

async function runCommand(args: string[], output: Output): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.version) console.log(agentVersion);
  else if (values.help) console.log(help);
  if (values.version || values.help) return exitCodes.ok;
  const [name, ...rest] = positionals;
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) throw usage(name === undefined ? 'Name a command.' : `There is no command ${JSON.stringify(name)}.`);
  if (name !== 'enroll' && rest.length > 0) throw usage(`${name} takes no ${JSON.stringify(rest[0])}.`);
  const command = await load();
  return await command({ config: readConfig(values), positionals: rest, output });
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function usage(words: string): CommandFailed {
  return new CommandFailed('usage', `${words} See rollcall-agent --help.`, exitCodes.usage);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
