import { connect, isIP } from 'node:net';
import type { Clock, Random } from '../../../shared/clock.ts';
import type { Upstream as UpstreamSetting } from '../../../shared/profile/web-filter.ts';
import { Failover, type Server } from './failover.ts';
import { type Connect, StreamServer } from './stream.ts';
import { type ServerAddress, UdpServer } from './udp.ts';
import type { Question, Upstream, Waiter } from './upstream.ts';

export interface UpstreamOptions {
  clock: Clock;
  random: Random;
  /** What the host asked before the agent came, for `system`. */
  systemServers: readonly string[];
  /** The filter itself: never asked, which would loop. */
  self: ServerAddress | undefined;
  /** Certificates trusted instead of the built-in ones (PEM), for tests. */
  ca?: string;
  /** For one try at one server. */
  timeoutMs?: number;
}

/** The setting names something that cannot be asked; the sentence says what. */
export class UpstreamSettingError extends Error {
  override readonly name = 'UpstreamSettingError';
}

const udpTimeoutMs = 1500;
const tlsTimeoutMs = 3000;

/** Makes the upstream a setting describes; opens nothing yet. Throws `UpstreamSettingError` for addresses it cannot read. */
export async function openUpstream(setting: UpstreamSetting, options: UpstreamOptions): Promise<Upstream> {
  return new Failover(await serversOf(setting, options), options.clock);
}

async function serversOf(setting: UpstreamSetting, options: UpstreamOptions): Promise<Server[]> {
  switch (setting.kind) {
    case 'system':
      return addresses(options.systemServers, 53, options).map((server) => plainServer(server, options));
    case 'plain':
      return addresses(setting.servers, 53, options).map((server) => plainServer(server, options));
    case 'dot':
      return await dotServers(setting, options);
    case 'doh':
      return await dohServers(setting, options);
  }
}

/** `10.0.0.2`, `10.0.0.2:5353`, `fd00::2`, `[fd00::2]:5353`. */
export function parseServer(text: string, defaultPort: number): ServerAddress {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^[\]:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? text;
  const number = port === undefined ? defaultPort : Number(port);
  if (isIP(address.replace(/%.*$/, '')) === 0 || number < 1 || number > 65_535) {
    throw new UpstreamSettingError(
      `"${text}" is not the address of a resolver: write an IP address, with :port if it is not ${defaultPort}.`,
    );
  }
  return { address, port: number };
}

function addresses(servers: readonly string[], port: number, { self }: UpstreamOptions): ServerAddress[] {
  return servers
    .map((text) => parseServer(text, port))
    .filter((server) => server.address !== self?.address || server.port !== self.port);
}

/** UDP, and TCP for clients that came over TCP because an answer was long. */
function plainServer(server: ServerAddress, { clock, random, timeoutMs = udpTimeoutMs }: UpstreamOptions): Server {
  const udp = new UdpServer(server, clock, random, timeoutMs);
  const tcp = new StreamServer(
    () => ({ socket: connect({ host: server.address, port: server.port }), readyEvent: 'connect' }),
    clock,
    random,
    timeoutMs,
  );
  return {
    words: shown(server, 53),
    ask: (question, waiter) => (question.stream ? tcp : udp).ask(question, waiter),
    close: () => {
      udp.close();
      tcp.close();
    },
  };
}

/** TLS and HTTP/2 are loaded only where they are used: each costs memory. */
async function dotServers(
  setting: Extract<UpstreamSetting, { kind: 'dot' }>,
  options: UpstreamOptions,
): Promise<Server[]> {
  const servers = addresses(setting.servers, 853, options);
  const { connect: connectTls } = await import('node:tls');
  const { clock, random, ca, timeoutMs = tlsTimeoutMs } = options;
  return servers.map((server) => {
    const open: Connect = () => ({
      socket: connectTls({
        host: server.address,
        port: server.port,
        servername: setting.serverName,
        minVersion: 'TLSv1.2',
        ...(ca === undefined ? {} : { ca }),
      }),
      readyEvent: 'secureConnect',
    });
    const stream = new StreamServer(open, clock, random, timeoutMs);
    return {
      words: `${shown(server, 853)} over TLS`,
      ask: (question: Question, waiter: Waiter) => stream.ask(question, waiter),
      close: () => stream.close(),
    };
  });
}

async function dohServers(
  setting: Extract<UpstreamSetting, { kind: 'doh' }>,
  { clock, ca, timeoutMs = tlsTimeoutMs }: UpstreamOptions,
): Promise<Server[]> {
  if (!URL.canParse(setting.url)) throw new UpstreamSettingError(`"${setting.url}" is not an address of the web.`);
  const url = new URL(setting.url);
  const { DohServer } = await import('./doh.ts');
  return setting.addresses.map((text) => {
    const { address } = parseServer(text, 443);
    const server = new DohServer(url, address, clock, timeoutMs, ca);
    return {
      words: `${url.host} at ${address} over HTTPS`,
      ask: (question: Question, waiter: Waiter) => {
        server.ask(question).then(
          (answer) => waiter.answered(answer),
          (error: unknown) => waiter.failed(error),
        );
      },
      close: () => server.close(),
    };
  });
}

function shown({ address, port }: ServerAddress, usual: number): string {
  return port === usual ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
