import { resolve } from 'node:path';
import Type from 'typebox';
import { strictObject, text, validator } from '../shared/schema.ts';
import { parseJson, readIfThere, writeDurably } from './store/durable-file.ts';
import { Home } from './store/home.ts';

export interface AgentConfig {
  home: Home;
  /** Put before every path of the host; `/` means the host itself. */
  root: string;
  dnsAddress: string;
  /** 0: any free port, chosen at enrolment and remembered. */
  dnsPort: number;
  /** Where the device's own pages answer. */
  page: PageAddress;
  /** What the device calls itself; undefined: its host name. */
  name: string | undefined;
  logLevel: LogLevel;
}

export interface PageAddress {
  address: string;
  /** 0: any free port, another at each start. */
  port: number;
}

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What is remembered from enrolment on, in HOME/config.json. */
const Remembered = strictObject({
  root: Type.Optional(text(4096, { minLength: 1 })),
  dnsPort: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  pagePort: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  name: Type.Optional(text(253, { minLength: 1 })),
});
export type Remembered = Type.Static<typeof Remembered>;
const remembered = validator(Remembered);

/** Flags of the command line, as they were written. */
export interface ConfigFlags {
  home?: string | undefined;
  root?: string | undefined;
  'dns-port'?: string | undefined;
  name?: string | undefined;
}

/** A setting that cannot be used; the words name it and say what would be right. */
export class ConfigError extends Error {
  constructor(words: string) {
    super(words);
    this.name = 'ConfigError';
  }
}

const defaultHomes: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'C:\\ProgramData\\Rollcall\\Agent',
  darwin: '/Library/Application Support/Rollcall Agent',
};

/**
 * Of the device's own pages: not 127.0.0.1, where programs of the person may listen on port 80. macOS answers only there,
 * unless an alias is made.
 */
const pageAddress = process.platform === 'darwin' ? '127.0.0.1' : '127.82.67.1';

/** Precedence: flags, then environment (ROLLCALL_AGENT_*), then HOME/config.json, then defaults. Throws `ConfigError`. */
export function readConfig(flags: ConfigFlags, environment: NodeJS.ProcessEnv = process.env): AgentConfig {
  const homePath = flags.home ?? environment.ROLLCALL_AGENT_HOME ?? defaultHomes[process.platform];
  const home = new Home(resolve(homePath || '/var/lib/rollcall-agent'));
  const stored = readRemembered(home);
  const root = resolve(flags.root ?? environment.ROLLCALL_AGENT_ROOT ?? stored.root ?? '/');
  const port = flags['dns-port'] ?? environment.ROLLCALL_AGENT_DNS_PORT;
  const pagePort = environment.ROLLCALL_AGENT_PAGE_PORT;
  const level = environment.ROLLCALL_AGENT_LOG_LEVEL ?? 'info';
  return {
    home,
    root,
    dnsAddress: '127.0.0.1',
    dnsPort: port === undefined ? (stored.dnsPort ?? (isHost(root) ? 53 : 0)) : portNumber('DNS', port),
    page: {
      address: pageAddress,
      port: pagePort === undefined ? (stored.pagePort ?? (isHost(root) ? 80 : 0)) : portNumber('page', pagePort),
    },
    name: flags.name ?? stored.name,
    logLevel: logLevel(level),
  };
}

/** Keeps what enrolment was told, so that `run` needs no flags. */
export function remember({ home, root, dnsPort, page, name }: AgentConfig): void {
  const content: Remembered = { root, dnsPort, pagePort: page.port, ...(name === undefined ? {} : { name }) };
  writeDurably(home.config, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** True when files go where the host really looks for them. */
export function isHost(root: string): boolean {
  return root === resolve('/');
}

function readRemembered(home: Home): Remembered {
  const content = readIfThere(home.config);
  if (content === undefined) return {};
  const parsed = parseJson(content);
  if (remembered.check(parsed)) return parsed;
  const problems = parsed === undefined ? ['it is not JSON'] : remembered.problems(parsed);
  throw new ConfigError(`${home.config} is not valid (${problems.join('; ')}). Correct it, or remove it.`);
}

function portNumber(what: string, words: string): number {
  const port = Number(words);
  if (/^\d{1,5}$/.test(words) && port <= 65_535) return port;
  throw new ConfigError(`The ${what} port ${JSON.stringify(words)} is not a number from 0 to 65535.`);
}

function logLevel(words: string): LogLevel {
  const level = logLevels.find((item) => item === words);
  if (level) return level;
  throw new ConfigError(`ROLLCALL_AGENT_LOG_LEVEL is ${JSON.stringify(words)}; use ${logLevels.join(', ')}.`);
}
