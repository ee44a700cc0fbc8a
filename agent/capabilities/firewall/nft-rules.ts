import { type Openings, portWords } from './openings.ts';

/*
 * One nftables table of our own for what comes in, beside whatever else the host filters: nft(8). It decides nothing for
 * packets that leave or are forwarded.
 */

export const table = 'rollcall-firewall';

/** Removes the table, whether it is there or not. */
export const removal = `table inet ${table} {}\ndelete table inet ${table}\n`;

/** Without these a network does not work: errors, neighbours and routers (RFC 4890), multicast groups, addresses. */
const essentials = [
  'iifname "lo" accept',
  'ct state established,related accept',
  'ct state invalid drop',
  'icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } accept',
  'icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem, echo-request } accept',
  'icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept',
  'icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } ip6 saddr fe80::/10 accept',
  'ip protocol igmp accept',
  'udp sport 67 udp dport 68 accept',
  'ip6 saddr fe80::/10 udp dport 546 accept',
];
/** Printers, screens and neighbours announce themselves: mDNS (RFC 6762) and SSDP. */
const discovery = [
  'ip daddr 224.0.0.251 udp dport 5353 accept',
  'ip6 daddr ff02::fb udp dport 5353 accept',
  'ip daddr 239.255.255.250 udp dport 1900 accept',
];

/** The rules of the input chain, one each: nft refuses sets whose ranges overlap. */
export function inputRules({ ports, networks }: Openings): string[] {
  return [
    ...essentials,
    ...discovery,
    ...networks.map(({ range, version }) => `${version === 4 ? 'ip' : 'ip6'} saddr ${range} accept`),
    ...ports.map((open) => `${open.protocol} dport ${portWords(open, '-')} accept`),
  ];
}

/** Text for `nft -f -`, which nft applies whole or not at all. */
export function ruleset(openings: Openings): string {
  const rules = inputRules(openings).map((rule) => `    ${rule}\n`);
  return `${removal}table inet ${table} {
  chain input {
    type filter hook input priority filter; policy drop;
${rules.join('')}  }
}
`;
}
