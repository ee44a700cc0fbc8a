import { parseAirportProfile } from '../../context/network/darwin.ts';
import { parseIwLink } from '../../context/network/linux.ts';
import type { WifiFacts } from '../../context/network/reader.ts';
import { KernelFiles } from '../../health/linux/tree.ts';
import type { SampleOf, StreamParts, StreamSource } from './stream-parts.ts';

type Sample = SampleOf<'wifi'>;

/** What one look at the radio gave; undefined: no network is joined, or it cannot be told. */
export interface WifiLook {
  facts: WifiFacts;
  signalDbm: number;
  bitrateMbps?: number;
  channelMhz?: number;
  /** Since the network was joined. */
  packets?: { sent: number; retried: number };
}

/** How often a system can be asked without the asking being what is seen. */
const everyMs = { linux: 0, win32: 2_000, darwin: 10_000 } as const;

/** The network that is joined: a school's by its name, another's not. Roams are counted since the stream was opened. */
export function wifiSource(parts: StreamParts): StreamSource<Sample> {
  const { clock, platform, context } = parts;
  const look = lookers[platform](parts);
  let [lookedAt, roams] = [Number.NEGATIVE_INFINITY, 0];
  let before: WifiLook | undefined;
  return {
    take: async () => {
      if (clock.monotonic() - lookedAt < everyMs[platform]) return { sample: undefined };
      lookedAt = clock.monotonic();
      const seen = await look();
      const wasElsewhere = before?.facts.accessPoint !== seen?.facts.accessPoint;
      if (seen?.facts.accessPoint && before?.facts.accessPoint && wasElsewhere) roams += 1;
      const sample = seen ? sampleOf(seen, before, roams, context.ssids) : { kind: 'wifi' as const };
      before = seen;
      return { sample };
    },
  };
}

function sampleOf(seen: WifiLook, before: WifiLook | undefined, roams: number, schools: ReadonlySet<string>): Sample {
  const { facts, signalDbm, bitrateMbps, channelMhz } = seen;
  const isSchools = facts.ssid !== undefined && schools.has(facts.ssid);
  const retries = retriesOf(before?.packets, seen.packets);
  return {
    kind: 'wifi',
    network: {
      name: isSchools ? (facts.ssid ?? '').slice(0, 64) : 'another network',
      signalDbm: Math.min(0, Math.max(-120, Math.round(signalDbm))),
      ...(bitrateMbps !== undefined && { bitrateMbps: Math.min(100_000, Math.max(0, bitrateMbps)) }),
      ...(channelMhz !== undefined && { channelMhz: Math.min(100_000, Math.max(0, Math.round(channelMhz))) }),
      ...(retries !== undefined && { retries }),
      roams,
    },
  };
}

function retriesOf(before: WifiLook['packets'], after: WifiLook['packets']): number | undefined {
  if (!before || !after || after.sent < before.sent) return undefined;
  const sent = after.sent - before.sent;
  return sent === 0 ? 0 : Math.min(1, Math.max(0, (after.retried - before.retried) / sent));
}

const lookers: Record<StreamParts['platform'], (parts: StreamParts) => () => Promise<WifiLook | undefined>> = {
  linux: ({ commands, root }) => {
    const files = new KernelFiles(root);
    return async () => {
      const name = await wireless(files);
      if (name === undefined) return undefined;
      const linked = await commands.run('/usr/sbin/iw', ['dev', name, 'link']);
      const dumped = await commands.run('/usr/sbin/iw', ['dev', name, 'station', 'dump']);
      return linked.code === 0 ? parseLink(linked.stdout, dumped.code === 0 ? dumped.stdout : '') : undefined;
    };
  },
  darwin:
    ({ commands }) =>
    async () => {
      const told = await commands.run('/usr/sbin/system_profiler', ['SPAirPortDataType'], { timeoutMs: 20_000 });
      return told.code === 0 ? parseAirport(told.stdout) : undefined;
    },
  win32:
    ({ commands }) =>
    async () => {
      const told = await commands.run('C:\\Windows\\System32\\netsh.exe', ['wlan', 'show', 'interfaces']);
      return told.code === 0 ? parseNetsh(told.stdout) : undefined;
    },
};

/** The first interface that is Wi-Fi, as its driver says (cfg80211). */
async function wireless(files: KernelFiles): Promise<string | undefined> {
  for (const name of await files.list('/sys/class/net'))
    if (/^DEVTYPE=wlan$/m.test((await files.text(`/sys/class/net/${name}/uevent`)) ?? '')) return name;
  return undefined;
}

/** Of `iw dev NAME link` and `iw dev NAME station dump`. https://wireless.docs.kernel.org/en/latest/en/users/documentation/iw.html */
export function parseLink(link: string, dump: string): WifiLook | undefined {
  const signalDbm = numberIn(link, /^\s*signal: (-?\d+)/m);
  if (signalDbm === undefined) return undefined;
  const [sent, retried] = [numberIn(dump, /^\s*tx packets:\s*(\d+)/m), numberIn(dump, /^\s*tx retries:\s*(\d+)/m)];
  return {
    ...{ facts: parseIwLink(link), signalDbm },
    ...optional('bitrateMbps', numberIn(link, /^\s*tx bitrate: (\d+(?:\.\d+)?)/m)),
    ...optional('channelMhz', numberIn(link, /^\s*freq: (\d+(?:\.\d+)?)/m)),
    ...(sent !== undefined && retried !== undefined && { packets: { sent, retried } }),
  };
}

/** Of `system_profiler SPAirPortDataType`: the network that is joined stands before the others. */
export function parseAirport(output: string): WifiLook | undefined {
  const joined = /Current Network Information:([\s\S]*?)(?:Other Local Wi-Fi Networks:|$)/.exec(output)?.[1];
  const signalDbm = numberIn(joined ?? '', /Signal \/ Noise: (-?\d+) dBm/);
  if (joined === undefined || signalDbm === undefined) return undefined;
  return {
    ...{ facts: parseAirportProfile(output), signalDbm },
    ...optional('bitrateMbps', numberIn(joined, /Transmit Rate: (\d+)/)),
    ...optional('channelMhz', channelMhz(numberIn(joined, /Channel: (\d+)/), /\b6 ?GHz/.test(joined))),
  };
}

/** Of `netsh wlan show interfaces` in English; signal in per cent is dBm by Microsoft's own scale: 0 is -100, 100 is -50. */
export function parseNetsh(output: string): WifiLook | undefined {
  const percent = numberIn(output, /^\s*Signal\s*: (\d+)%/m);
  if (percent === undefined) return undefined;
  const ssid = /^\s*SSID\s*: (.*?)\s*$/m.exec(output)?.[1];
  const accessPoint = /^\s*(?:AP )?BSSID\s*: (\S+)/m.exec(output)?.[1];
  return {
    facts: { ...optional('ssid', ssid), ...optional('accessPoint', accessPoint?.toLowerCase()) },
    signalDbm: percent / 2 - 100,
    ...optional('bitrateMbps', numberIn(output, /^\s*Transmit rate \(Mbps\)\s*: (\d+(?:\.\d+)?)/m)),
    ...optional('channelMhz', channelMhz(numberIn(output, /^\s*Channel\s*: (\d+)/m), /\b6 ?GHz/.test(output))),
  };
}

/** The centre of a 20 MHz channel (IEEE 802.11-2020 annex E; 802.11ax for 6 GHz). */
export function channelMhz(channel: number | undefined, is6GHz: boolean): number | undefined {
  if (channel === undefined) return undefined;
  if (is6GHz) return 5_950 + 5 * channel;
  if (channel === 14) return 2_484;
  return channel < 14 ? 2_407 + 5 * channel : 5_000 + 5 * channel;
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function optional<K extends string, V>(name: K, value: V | undefined): { [N in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [N in K]?: V });
}
