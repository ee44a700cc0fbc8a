/** What /sys/class/net shows of one interface; texts of files that are not there are empty. */
export interface Interface {
  name: string;
  /** Hexadecimal; 1 is "up". */
  flags: string;
  /** ARPHRD_ number. */
  type: string;
  /** Only TUN and TAP devices have it. */
  tunFlags: string;
  uevent: string;
  /** True: part of a bridge, as the interfaces of virtual machines are. */
  isBridged: boolean;
}

const kinds: Readonly<Record<string, string>> = { 512: 'PPP', 768: 'IP tunnel', 769: 'IP tunnel', 778: 'GRE tunnel' };

/** Interfaces by which traffic may leave this device past its filter. */
export function judgeInterfaces(interfaces: readonly Interface[]): string {
  const up = interfaces.filter(({ flags }) => (Number.parseInt(flags, 16) & 1) === 1);
  const tunnels = up.flatMap((found) => {
    const kind = kindOf(found);
    return kind === undefined ? [] : [`${found.name} (${kind})`];
  });
  return tunnelWords(tunnels);
}

export function tunnelWords(tunnels: readonly string[]): string {
  return tunnels.length === 0 ? '' : `A tunnel is up: ${[...new Set(tunnels)].sort().join(', ')}.`;
}

function kindOf({ tunFlags, uevent, type, isBridged }: Interface): string | undefined {
  if (isBridged) return undefined;
  if (tunFlags.trim() !== '') return 'TUN or TAP';
  if (/^DEVTYPE=wireguard$/m.test(uevent)) return 'WireGuard';
  return kinds[type.trim()];
}

/**
 * Reads `netstat -rn` of macOS. The system has utun interfaces of its own; only one that the way to everywhere leads
 * through is a tunnel that matters.
 */
export function tunnelsOfRoutes(output: string): string[] {
  const rows = output.matchAll(/^(?:default|0\/1|128\.0\/1|::\/1|8000::\/1)\s.*\s((?:utun|ppp|ipsec)\d+)\b.*$/gm);
  // macOS gives its own utun a default route of IPv6 that is bound to a link-local address.
  return [...rows].filter(([row]) => !/fe80::/.test(row)).map(([, name = '']) => name);
}
