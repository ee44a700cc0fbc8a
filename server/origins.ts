import { isIPv6 } from 'node:net';
import type { Config } from './config.ts';
import type { Ports } from './ports.ts';

/** The origins a browser may name: this server's own names with its port, and those of a proxy. */
export function originsOf(config: Pick<Config, 'hosts' | 'origins'>, ports: Pick<Ports, 'console'>): string[] {
  const hosts = new Set([...config.hosts, 'localhost', '127.0.0.1']);
  const bracketed = [...hosts].map((host) => (isIPv6(host) ? `[${host}]` : host));
  return [...bracketed.map((host) => `https://${host}:${ports.console}`), ...config.origins];
}
