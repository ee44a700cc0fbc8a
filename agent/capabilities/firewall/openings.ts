import { parseRange } from '../../../shared/filter/place.ts';
import type { FirewallSettings } from '../../../shared/profile/firewall.ts';
import { forPeople, type Line } from '../baseline/baseline.ts';

export interface OpenPorts {
  protocol: 'tcp' | 'udp';
  first: number;
  last: number;
}

/** What a profile lets in, read once for every system. */
export interface Openings {
  ports: OpenPorts[];
  networks: { range: string; version: 4 | 6 }[];
  /** What is neither ports nor addresses; left out and reported. */
  unclear: string[];
}

export function openingsOf({ allowedPorts = [], trustedNetworks = [] }: FirewallSettings): Openings {
  const openings: Openings = { ports: [], networks: [], unclear: [] };
  for (const text of new Set(allowedPorts)) {
    const ports = readPorts(text);
    if (ports) openings.ports.push(ports);
    else openings.unclear.push(text);
  }
  for (const range of new Set(trustedNetworks)) {
    const parsed = parseRange(range);
    if (typeof parsed === 'string') openings.unclear.push(range);
    else openings.networks.push({ range, version: parsed.version });
  }
  return openings;
}

/** `22` or `6000:6007`, with the sign that the firewall at hand puts between the ends of a range. */
export function portWords({ first, last }: OpenPorts, between: string): string {
  return first === last ? String(first) : `${first}${between}${last}`;
}

/** A line for what was left out; none when everything is clear. */
export function unclearLines({ unclear }: Openings): Line[] {
  if (unclear.length === 0) return [];
  return [
    forPeople('open ports and networks', 'ports and ranges', `left out: ${unclear.join(', ')}; mend the profile`),
  ];
}

function readPorts(text: string): OpenPorts | undefined {
  const [, first = '', last = first, protocol] = /^(\d{1,5})(?:-(\d{1,5}))?\/(tcp|udp)$/.exec(text) ?? [];
  const [low, high] = [Number(first), Number(last)];
  if ((protocol !== 'tcp' && protocol !== 'udp') || low < 1 || high > 65_535 || low > high) return undefined;
  return { protocol, first: low, last: high };
}
