/*
 * What macOS's network programs print, and arguments for them: networksetup(8), scutil(8), ipconfig(8). None of it is
 * translated. Written from the manual pages and recorded output; never run on a real Mac.
 */

export interface NetworkService {
  name: string;
  /** Its interface; undefined for services without one (some VPNs). */
  device: string | undefined;
}

/** `networksetup -listnetworkserviceorder`: a line with the name (a star marks one that is off), then one with the device. */
export function parseServices(output: string): NetworkService[] {
  const pairs = output.matchAll(/^\((?:\d+|\*)\) (.+)\n\(Hardware Port: .*, Device: (.*)\)$/gm);
  return [...pairs].map(([, name = '', device = '']) => ({ name, device: device === '' ? undefined : device }));
}

/** Servers of `networksetup -getdnsservers SERVICE`; a sentence when DHCP gives them. */
export function parseServers(output: string): string[] {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[0-9a-fA-F.:]+$/.test(line));
}

/** DNS servers DHCP gave, from `ipconfig getpacket DEVICE`. */
export function parsePacket(output: string): string[] {
  const list = /^domain_name_server \(ip_mult\): \{(.*)\}$/m.exec(output)?.[1] ?? '';
  return list
    .split(',')
    .map((server) => server.trim())
    .filter((server) => /^[0-9.]+$/.test(server));
}

/** Servers of the first resolver of `scutil --dns`, which is asked for every name; undefined when the host has none. */
export function parseFirstResolver(output: string): string[] | undefined {
  const first = /^resolver #1\n((?: {2}.*\n?)*)/m.exec(output)?.[1];
  return first === undefined
    ? undefined
    : [...first.matchAll(/nameserver\[\d+\] : (\S+)/g)].map(([, server = '']) => server);
}

/** `empty` gives the service back to DHCP. */
export function setArguments(service: string, servers: readonly string[]): string[] {
  return ['-setdnsservers', service, ...(servers.length > 0 ? servers : ['empty'])];
}

/** Networksetup ends with 0 although it refused, and says so on its standard output. */
export function refusal({
  code,
  stdout,
  stderr,
}: {
  code: number;
  stdout: string;
  stderr: string;
}): string | undefined {
  const error = /^\*\* Error: .*|^.*(?:not a recognized network service|requires admin privileges).*/m.exec(
    stdout,
  )?.[0];
  return error ?? (code === 0 ? undefined : stderr.trim() || stdout.trim() || `exit code ${code}`);
}
