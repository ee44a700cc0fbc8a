import type { HoldRules } from './holding.ts';

/*
 * One nftables table of our own, beside whatever else the host filters: nft(8). It refuses rather than drops, so that
 * programs fail at once instead of waiting.
 */

export const table = 'rollcall';

/** Whose packets pass: those of the agent's own service, or of its user where it runs in none. */
export type Exempt = { kind: 'service'; cgroup: string } | { kind: 'user'; id: number };

/** The `.service` this process runs in, from `/proc/self/cgroup` (cgroups(7)); undefined when it is in none. */
export function serviceCgroup(procSelfCgroup: string): string | undefined {
  const path = /^0::\/(.+)$/m.exec(procSelfCgroup)?.[1]?.trim();
  // A login session would let the programs of whoever is logged in pass as well.
  return path && /^[\w@.:\\/-]+\.service$/.test(path) ? path : undefined;
}

/** Removes the table, whether it is there or not. */
export const removal = `table inet ${table} {}\ndelete table inet ${table}\n`;

/** Text for `nft -f -`, which nft applies whole or not at all. */
export function ruleset({ resolvers: { v4, v6 } }: HoldRules, exempt: Exempt): string {
  return `${removal}table inet ${table} {
  counter dns {}
  counter https {}
  counter forwarded {}
${set('resolvers4', 'ipv4_addr', v4)}${set('resolvers6', 'ipv6_addr', v6)}
  chain refuse {
    meta l4proto tcp reject with tcp reset
    reject with icmpx admin-prohibited
  }
  chain output {
    type filter hook output priority -10; policy accept;
    oifname "lo" accept
    ${exemption(exempt)} accept
    meta l4proto { tcp, udp } th dport { 53, 853 } counter name dns jump refuse
${closed(v4, v6, 'https')}  }
  chain forward {
    type filter hook forward priority -10; policy accept;
    meta l4proto { tcp, udp } th dport { 53, 853 } counter name forwarded jump refuse
${closed(v4, v6, 'forwarded')}  }
}
`;
}

function exemption(exempt: Exempt): string {
  if (exempt.kind === 'user') return `meta skuid ${exempt.id}`;
  const level = exempt.cgroup.split('/').length;
  return `socket cgroupv2 level ${level} "${exempt.cgroup.replaceAll('\\', '\\\\')}"`;
}

function set(name: string, type: string, elements: readonly string[]): string {
  if (elements.length === 0) return '';
  return `  set ${name} {\n    type ${type}; flags interval; auto-merge; elements = { ${elements.join(', ')} }\n  }\n`;
}

function closed(v4: readonly string[], v6: readonly string[], counter: string): string {
  const rule = (family: string, name: string) =>
    `    ${family} daddr @${name} meta l4proto { tcp, udp } th dport 443 counter name ${counter} jump refuse\n`;
  return `${v4.length > 0 ? rule('ip', 'resolvers4') : ''}${v6.length > 0 ? rule('ip6', 'resolvers6') : ''}`;
}
