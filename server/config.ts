import { existsSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import Type from 'typebox';
import { parse } from 'yaml';
import { CodedError } from '../shared/errors/catalogue.ts';
import { choice, strictObject, text, validator } from '../shared/schema.ts';
import type { ProviderSettings } from './access/openid-claims.ts';

const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
/** An address, or a network as `10.0.0.0/8`. */
const NetworkAddress = Type.String({ pattern: '^[0-9A-Fa-f.:]{2,45}(/\\d{1,3})?$' });
/** More than one server machine has cores for. */
const Processes = Type.Integer({ minimum: 0, maximum: 32 });
const HostName = Type.String({ pattern: '^[A-Za-z0-9.:_-]{1,253}$' });

/** An issuer is named by https; plain HTTP is for one on this very machine, as in a trial. */
const Issuer = Type.String({
  maxLength: 300,
  pattern: '^(https://[^\\s?#]+|http://(127\\.0\\.0\\.1|localhost)(:\\d+)?(/[^\\s?#]*)?)$',
});
const ProviderSetting = strictObject({
  id: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
  name: text(100, { minLength: 1 }),
  issuer: Issuer,
  clientId: text(300, { minLength: 1 }),
  clientSecretFile: Type.Optional(text(1000, { minLength: 1 })),
  hostedDomain: Type.Optional(text(255, { minLength: 1 })),
  tenant: Type.Optional(text(100, { minLength: 1 })),
  trustMfa: Type.Optional(Type.Boolean()),
});

/** `HOME/config.yaml`; every key is optional. docs/operations.md explains them; the example there is tested. */
export const ConfigFile = strictObject({
  district: Type.Optional(text(255, { minLength: 1 })),
  listen: Type.Optional(HostName),
  hosts: Type.Optional(Type.Array(HostName, { minItems: 1, maxItems: 8 })),
  consolePort: Type.Optional(Port),
  agentPort: Type.Optional(Port),
  enrolmentPort: Type.Optional(Port),
  gatewayProcesses: Type.Optional(Processes),
  trustedProxies: Type.Optional(Type.Array(NetworkAddress, { maxItems: 32 })),
  origins: Type.Optional(Type.Array(Type.String({ maxLength: 300, pattern: '^https://[^/\\s]+$' }), { maxItems: 8 })),
  certificate: Type.Optional(strictObject({ chain: text(1000), key: text(1000) })),
  contact: Type.Optional(text(200)),
  secretsKeyFile: Type.Optional(text(1000, { minLength: 1 })),
  logLevel: Type.Optional(choice(['trace', 'debug', 'info', 'warn', 'error'])),
  silentAfterDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
  privateListSources: Type.Optional(Type.Boolean()),
  privateWebhooks: Type.Optional(Type.Boolean()),
  sessions: Type.Optional(
    strictObject({
      idleMinutes: Type.Optional(Type.Integer({ minimum: 5, maximum: 720 })),
      hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 })),
    }),
  ),
  providers: Type.Optional(Type.Array(ProviderSetting, { maxItems: 8 })),
});
type ConfigFile = Type.Static<typeof ConfigFile>;

export interface Config {
  /** Folder of everything the server keeps: database, keys, artefacts. */
  home: string;
  /** The district's name as people see it. */
  district: string;
  /** The address the listeners bind. */
  listen: string;
  /** Names and addresses under which devices and people reach this server; the first goes into tokens. */
  hosts: string[];
  /** 0 in a wanted port means any free one. Undefined: the remembered port, or the next free from the usual one. */
  consolePort: number | undefined;
  agentPort: number | undefined;
  enrolmentPort: number | undefined;
  /** Processes that hold the connections of agents; 0: the server's own does. */
  gatewayProcesses: number;
  /** Addresses of proxies whose X-Forwarded-For is believed; nobody else’s is. */
  trustedProxies: string[];
  /** Further exact origins of the console, where a proxy stands before it. */
  origins: string[];
  /** The console's own certificate, PEM files; undefined: one by our CA. */
  certificate: { chain: string; key: string } | undefined;
  /** Whom a person asks about a blocked site. */
  contact: string;
  /** Where the key lies that secrets in the database are sealed with. */
  secretsKeyFile: string;
  logLevel: string;
  silentAfterDays: number;
  /** Lists may be fetched from addresses of the own machine and network. */
  privateListSources: boolean;
  /** Webhooks may go to addresses of the own machine and network, and over plain HTTP. */
  privateWebhooks: boolean;
  /** How long a session of staff lasts unused, and in all. */
  sessions: { idleMs: number; lifeMs: number };
  /** OpenID providers staff sign in by. */
  providers: ProviderSettings[];
  demo: boolean;
}

export type ConfigFlags = Partial<
  Pick<Config, 'home' | 'consolePort' | 'agentPort' | 'listen' | 'gatewayProcesses' | 'demo'>
>;

const file = validator(ConfigFile);

/**
 * Flags beat environment (ROLLCALL_HOME, ROLLCALL_LISTEN, ROLLCALL_HOSTS, ROLLCALL_LOG_LEVEL, ROLLCALL_GATEWAY_PROCESSES) beat
 * HOME/config.yaml beat defaults. Throws `bad-file` naming the key before any socket opens.
 */
export function loadConfig(flags: ConfigFlags): Config {
  const env = process.env;
  const home = resolve(flags.home ?? env.ROLLCALL_HOME ?? '/var/lib/rollcall');
  const written = readConfigFile(join(home, 'config.yaml'));
  const demo = flags.demo ?? false;
  const listen = flags.listen ?? env.ROLLCALL_LISTEN ?? written.listen ?? (demo ? '127.0.0.1' : '0.0.0.0');
  return {
    home,
    listen,
    demo,
    district: written.district ?? (demo ? 'Maple County Schools (sample)' : 'Our school district'),
    hosts: env.ROLLCALL_HOSTS?.split(',').map((host) => host.trim()) ?? written.hosts ?? defaultHosts(listen),
    consolePort: flags.consolePort ?? written.consolePort,
    agentPort: flags.agentPort ?? written.agentPort,
    enrolmentPort: written.enrolmentPort,
    gatewayProcesses: readProcesses(flags, written),
    trustedProxies: written.trustedProxies ?? [],
    origins: written.origins ?? [],
    certificate: written.certificate,
    contact: written.contact ?? 'the school help desk',
    secretsKeyFile: resolve(home, written.secretsKeyFile ?? 'secrets.key'),
    logLevel: env.ROLLCALL_LOG_LEVEL ?? written.logLevel ?? 'info',
    silentAfterDays: written.silentAfterDays ?? 7,
    privateListSources: written.privateListSources ?? false,
    privateWebhooks: written.privateWebhooks ?? false,
    sessions: {
      idleMs: (written.sessions?.idleMinutes ?? 60) * 60_000,
      lifeMs: (written.sessions?.hours ?? 12) * 3_600_000,
    },
    providers: readProviders(home, written.providers ?? []),
  };
}

const processes = validator(Processes);

/** A number of front processes as it is written on the command line or in the environment; throws `bad-request`. */
export function processesIn(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const count = written.trim() === '' ? Number.NaN : Number(written);
  if (processes.check(count)) return count;
  throw new CodedError('bad-request', `${written} is no number of gateway processes: write 0 to 32.`);
}

function readProcesses(flags: ConfigFlags, written: ConfigFile): number {
  return flags.gatewayProcesses ?? processesIn(process.env.ROLLCALL_GATEWAY_PROCESSES) ?? written.gatewayProcesses ?? 0;
}

/** What front processes see of the environment: nothing of ours, above all no secret. */
export function frontEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROLLCALL_')));
}

/** With their secrets: ROLLCALL_PROVIDER_SECRET_ID in the environment, else the file each names. */
function readProviders(home: string, written: NonNullable<ConfigFile['providers']>): ProviderSettings[] {
  return written.map(({ clientSecretFile, trustMfa = false, ...provider }) => {
    const problem = providerProblem(provider);
    if (problem) throw new CodedError('bad-file', `${join(home, 'config.yaml')}: provider ${provider.id}: ${problem}`);
    const name = `ROLLCALL_PROVIDER_SECRET_${provider.id.toUpperCase().replaceAll('-', '_')}`;
    const given = process.env[name] ?? (clientSecretFile && readSecretFile(resolve(home, clientSecretFile)));
    if (!given)
      throw new CodedError(
        'bad-file',
        `Provider ${provider.id} has no secret. Set ${name}, or name a clientSecretFile.`,
      );
    return { ...provider, clientSecret: given, trustMfa };
  });
}

/** Whoever has a mailbox or an organisation of their own at these must not be let in by it. */
function providerProblem({ issuer, hostedDomain, tenant }: { issuer: string; hostedDomain?: string; tenant?: string }) {
  const { hostname, pathname } = new URL(issuer);
  if (hostname === 'accounts.google.com' && !hostedDomain) return 'name the hostedDomain of your Google Workspace.';
  const isEntra = hostname === 'login.microsoftonline.com' || hostname === 'sts.windows.net';
  const named = pathname.split('/')[1] ?? '';
  if (isEntra && (named !== tenant || ['common', 'organizations', 'consumers'].includes(named)))
    return 'name your tenant, and the same in the issuer: https://login.microsoftonline.com/TENANT/v2.0.';
  return undefined;
}

function readSecretFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CodedError('bad-file', `${path}: the secret of a sign-in provider cannot be read.`, [], error);
  }
}

/** The folder alone, for commands that talk to a server that runs. */
export function homeOf(flag: string | undefined): string {
  return resolve(
    flag ?? process.env.ROLLCALL_HOME ?? (existsSync('.rollcall/server') ? '.rollcall/server' : '/var/lib/rollcall'),
  );
}

function readConfigFile(path: string): ConfigFile {
  if (!existsSync(path)) return {};
  let parsed: unknown;
  try {
    parsed = parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    throw new CodedError(
      'bad-file',
      `${path} is not valid YAML: ${(error as Error).message.split('\n')[0]}`,
      [],
      error,
    );
  }
  if (!file.check(parsed)) throw new CodedError('bad-file', `${path} has a wrong setting.`, file.problems(parsed));
  return parsed;
}

/** Every name and address of this machine that a device could dial; loopback alone where only loopback is bound. */
function defaultHosts(listen: string): string[] {
  if (listen === '127.0.0.1' || listen === 'localhost') return ['127.0.0.1'];
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address?.family === 'IPv4' && !address.internal)
    .map((address) => address?.address ?? '');
  return [hostname(), ...addresses, '127.0.0.1'].slice(0, 8);
}
