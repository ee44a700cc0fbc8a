import type { AddressFacts, GatewayFacts } from '../../../shared/diagnostics/judge/network.ts';
import { parseRoute } from '../../context/network/darwin.ts';
import { parseArp, parseRoutes, parseRoutes6 } from '../../context/network/linux.ts';
import { parseJson } from '../../health/json.ts';
import { runPowerShell } from '../../health/posture/powershell.ts';
import type { CommandResult } from '../../platform/commands.ts';
import type { Look } from '../look.ts';

const nmcli = '/usr/bin/nmcli';
const pings = {
  linux: ['/usr/bin/ping', '/bin/ping'],
  darwin: ['/sbin/ping'],
  win32: ['C:\\Windows\\System32\\ping.exe'],
};

/** Of virtual machines, containers and tunnels: not what a network gives. */
const inner =
  /^(lo\d*$|veth|br-|docker|virbr|vmnet|vEthernet|tun|tap|utun|wg|ifb|dummy|awdl|llw|anpi|bridge|gif|stf|Loopback)/i;

/** The addresses of the device, whether cables and radios have a link, and how long the lease is. */
export async function lookAtAddress(look: Look): Promise<AddressFacts> {
  const { platform, files, interfaces } = look;
  const found = interfaces();
  const present = platform === 'linux' ? await files.list('/sys/class/net') : [];
  const names = [...new Set([...Object.keys(found), ...present])].filter((name) => !inner.test(name));
  const told = await Promise.all(
    names.map(async (name) => {
      const carrier = platform === 'linux' ? await files.number(`/sys/class/net/${name}/carrier`) : undefined;
      const addresses = (found[name] ?? []).filter(({ internal }) => !internal).map(({ address }) => address);
      return { name, addresses, ...(platform === 'linux' && { hasLink: carrier === 1 }) };
    }),
  );
  const leaseLeftMs = platform === 'linux' ? await leaseLeft(look) : undefined;
  return { interfaces: told, ...(leaseLeftMs !== undefined && { leaseLeftMs }) };
}

/** NetworkManager tells until when: `DHCP4.OPTION[5]:expiry = 1763841600`. The first to end counts. */
async function leaseLeft({ commands, clock }: Look): Promise<number | undefined> {
  const { code, stdout } = await commands.run(nmcli, ['-t', '-f', 'DHCP4', 'device', 'show']);
  const ends =
    code === 0 ? [...stdout.matchAll(/:expiry = (\d{9,11})$/gm)].map(([, seconds]) => Number(seconds) * 1000) : [];
  return ends.length === 0 ? undefined : Math.min(...ends) - clock.now();
}

/** The router of the default route: two pings, and whether its hardware address is known. */
export async function lookAtGateway(look: Look): Promise<GatewayFacts> {
  const { platform } = look;
  const found = platform === 'linux' ? await linuxGateway(look) : await otherGateway(look);
  if (!found) return {};
  const pinged = await ping(look, found.address);
  const isNeighbour = platform === 'linux' && !found.address.includes(':') ? await hasSpoken(look, found) : undefined;
  return {
    gateway: found.address.replace(/%.*$/, ''),
    ...(pinged && { pings: pinged }),
    ...(isNeighbour !== undefined && { isNeighbour }),
  };
}

interface Found {
  address: string;
  interface?: string;
}

async function linuxGateway({ files }: Look): Promise<Found | undefined> {
  const [four] = parseRoutes((await files.text('/proc/net/route')) ?? '');
  if (four) return { address: four.gateway, interface: four.interface };
  const [six] = parseRoutes6((await files.text('/proc/net/ipv6_route')) ?? '');
  return six && { address: `${six.gateway}%${six.interface}`, interface: six.interface };
}

const gatewayScript =
  "@(Get-NetRoute -DestinationPrefix '0.0.0.0/0','::/0' -ErrorAction SilentlyContinue | Where-Object { $_.NextHop -ne '0.0.0.0' -and $_.NextHop -ne '::' } | Sort-Object RouteMetric | Select-Object -First 1 | ForEach-Object { $_.NextHop }) | ConvertTo-Json -Compress";

async function otherGateway({ platform, commands }: Look): Promise<Found | undefined> {
  if (platform === 'darwin') {
    const address = parseRoute((await commands.run('/sbin/route', ['-n', 'get', 'default'])).stdout);
    return address === undefined ? undefined : { address };
  }
  const { code, stdout } = await runPowerShell(commands, gatewayScript);
  const address: unknown = code === 0 ? parseJson(stdout) : undefined;
  return typeof address === 'string' && /^[0-9a-f.:%]{2,60}$/i.test(address) ? { address } : undefined;
}

const pingArguments = {
  linux: ['-n', '-c', '2', '-i', '0.3', '-W', '1'],
  darwin: ['-n', '-c', '2', '-i', '0.3', '-W', '1000'],
  win32: ['-n', '2', '-w', '1000'],
};

/** Undefined where ping is not there or may not be used. */
async function ping({ platform, commands }: Look, address: string): Promise<GatewayFacts['pings']> {
  for (const path of pings[platform]) {
    const result = await commands.run(path, [...pingArguments[platform], address], { timeoutMs: 5_000 });
    if (result.failure !== 'missing') return parsePing(result);
  }
  return undefined;
}

/** Of ping(8) on Linux and macOS each answer is a line with `time=1.23 ms`; on Windows `=1ms` or `<1ms`, in any language. */
export function parsePing({ stdout, failure }: CommandResult): GatewayFacts['pings'] {
  const answers = [...stdout.matchAll(/^.*[=<] ?(\d{1,5}(?:[.,]\d+)?) ?ms\b.*(?:TTL=\d+)?\s*$/gim)]
    .filter(([line]) => /ttl=|time[=<]|hlim/i.test(line))
    .map(([, ms = '']) => Number(ms.replace(',', '.')));
  const isUsed = /ping/i.test(stdout) && failure !== 'denied';
  if (!isUsed) return undefined;
  const sum = answers.reduce((total, ms) => total + ms, 0);
  return { sent: 2, answered: Math.min(2, answers.length), ...(answers.length > 0 && { ms: sum / answers.length }) };
}

/** /proc/net/arp after the ping: an entry that is complete. */
async function hasSpoken({ files }: Look, { address, interface: name }: Found): Promise<boolean> {
  // parseArp leaves out the first line, which holds headings.
  return parseArp((await files.text('/proc/net/arp')) ?? '').has(`${name} ${address}`);
}
