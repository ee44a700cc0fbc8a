import type { ServerAddress } from '../../filter/upstream/udp.ts';

/*
 * What the three ways of Linux to configure a resolver look like: pure text in and out. systemd-resolved:
 * resolved.conf(5); NetworkManager: NetworkManager.conf(5), section global-dns; the C library: resolv.conf(5).
 */

/** Under whose name the originals of these files are kept. */
export const owner = 'webFilter';
export const resolvedPath = '/etc/systemd/resolved.conf.d/99-rollcall.conf';
export const networkManagerPath = '/etc/NetworkManager/conf.d/99-rollcall.conf';
export const resolvConfPath = '/etc/resolv.conf';

const header = "# Written by Rollcall, the school's device agent. The web filter answers for every name.";
/** Our resolv.conf names the servers it replaced, so that they are known after a restart and never asked by others. */
const replacedMark = '# rollcall-replaced ';
/** systemd-resolved's own listeners. */
export const resolvedStubs: ReadonlySet<string> = new Set(['127.0.0.53', '127.0.0.54']);

/**
 * Drop-in for systemd-resolved: every name goes to the filter, in plain DNS because it never leaves the device. The empty
 * lines come first because resolved adds servers to those of other files unless it is told to start anew.
 */
export function resolvedDropIn({ address, port }: ServerAddress): string {
  const bracketed = address.includes(':') ? `[${address}]` : address;
  const server = port === 53 ? address : `${bracketed}:${port}`;
  return `${header}\n[Resolve]\nDNS=\nDNS=${server}\nDomains=\nDomains=~.\nFallbackDNS=\nDNSOverTLS=no\n`;
}

/** NetworkManager would otherwise hand each network's servers to resolved, which asks them in parallel. */
export function networkManagerDropIn({ address }: ServerAddress): string {
  return `${header}\n[global-dns]\n\n[global-dns-domain-*]\nservers=${address}\n`;
}

/** `search` and `options` stay as they were; only the servers change. */
export function resolvConf({ address }: ServerAddress, before: string, replaced: readonly string[]): string {
  const kept = before.split('\n').filter((line) => /^\s*(search|domain|options|sortlist)\b/.test(line));
  const marks = replaced.map((server) => `${replacedMark}${server}`);
  return `${[header, ...marks, `nameserver ${address}`, ...kept].join('\n')}\n`;
}

/** The servers of a resolv.conf: those it replaced when it is ours, those it names otherwise. */
export function resolvConfServers(content: string): string[] {
  const lines = content.split('\n');
  if (isOurs(content)) {
    return lines.filter((line) => line.startsWith(replacedMark)).map((line) => line.slice(replacedMark.length).trim());
  }
  return lines.map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1]).filter((server) => server !== undefined);
}

export function isOurs(content: string): boolean {
  return content.startsWith(header);
}

/** True when programs reach systemd-resolved through this resolv.conf. */
export function asksResolved(content: string): boolean {
  return resolvConfServers(content).some((server) => resolvedStubs.has(server));
}

export function isResolvedStub(server: string): boolean {
  return resolvedStubs.has(server);
}

/**
 * Servers that files of resolved.conf(5) set, in the order in which it reads them: an empty `DNS=` starts anew, `%eth0` and
 * `#name` belong to resolved. Link-local addresses are left out, which need the interface.
 */
export function resolvedServers(contents: readonly string[]): string[] {
  let servers: string[] = [];
  for (const line of contents.join('\n').split('\n')) {
    const written = /^\s*DNS\s*=(.*)$/.exec(line)?.[1]?.trim();
    if (written === '') servers = [];
    else if (written) servers.push(...written.split(/\s+/).map((server) => server.replace(/[%#].*$/, '')));
  }
  return servers.filter((server) => /^[0-9a-fA-F.:[\]]+$/.test(server) && !/^\[?fe80:/i.test(server));
}

/** Servers each network gave, from `nmcli -t -f IP4.DNS,IP6.DNS device show`; terse output escapes colons. */
export function networkManagerServers(output: string): string[] {
  return output
    .split('\n')
    .map((line) => /^IP[46]\.DNS\[\d+\]:(.+)$/.exec(line)?.[1]?.replaceAll('\\:', ':').trim() ?? '')
    .filter((server) => server !== '');
}
