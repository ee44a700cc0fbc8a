import { UnsupportedPointing } from './pointing.ts';

/*
 * macOS keeps resolvers by network service: networksetup(8). The commands and their output are known and tested from
 * text; nothing runs them until a Mac has shown that they hold.
 */
export const networksetup = '/usr/sbin/networksetup';

/** Services of `networksetup -listallnetworkservices`; the first line explains, a star marks those switched off. */
export function parseServices(output: string): string[] {
  return output
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('*'));
}

/** Servers of `networksetup -getdnsservers SERVICE`; a sentence when DHCP gives them. */
export function parseServers(output: string): string[] {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[0-9a-fA-F.:]+$/.test(line));
}

export function pointArguments(services: readonly string[], address: string): string[][] {
  return services.map((service) => ['-setdnsservers', service, address]);
}

/** `empty` gives the service back to DHCP. */
export function restoreArguments(before: ReadonlyMap<string, readonly string[]>): string[][] {
  return [...before].map(([service, servers]) => [
    '-setdnsservers',
    service,
    ...(servers.length > 0 ? servers : ['empty']),
  ]);
}

export function darwinPointing(): UnsupportedPointing {
  return new UnsupportedPointing('Pointing macOS at the web filter is not done yet.');
}
