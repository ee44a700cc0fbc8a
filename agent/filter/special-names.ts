/** The name under which the device's own pages answer. */
export const ownPagesName = 'rollcall.internal';

/**
 * Names that no public resolver can know.
 * - `localhost`: this device, answered here (RFC 6761 section 6.3).
 * - `nowhere`: never exists in the DNS (`invalid`: RFC 6761 section 6.4; `onion`: RFC 7686 section 2).
 * - `network`: of the network the device is on. Only its own servers are asked, so that nothing leaks to a public resolver;
 *   where there are none, such a name does not exist.
 */
export type SpecialUse = 'localhost' | 'nowhere' | 'network';

/**
 * `local` belongs to multicast DNS, and a unicast resolver should say that such a name does not exist (RFC 6762 section 22.1).
 * But nss-mdns asks the resolver for the SOA of `local` and leaves the domain to it if there is one, as in an Active
 * Directory called `school.local`; so the network's servers are asked, as if the filter were not there. REFUSED would be
 * taken for a broken resolver. The others: RFC 6762 appendix G, and RFC 8375 for home.arpa below.
 */
const endings: ReadonlyMap<string, SpecialUse> = new Map([
  ['localhost', 'localhost'],
  ['invalid', 'nowhere'],
  ['onion', 'nowhere'],
  ['local', 'network'],
  ['internal', 'network'],
  ['intranet', 'network'],
  ['private', 'network'],
  ['corp', 'network'],
  ['home', 'network'],
  ['lan', 'network'],
]);

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

/** Reverse zones of addresses that are only of a network (RFC 6303, RFC 7793), and home.arpa. */
const networkZones = [
  'home.arpa',
  ...['10', '127', '168.192', '254.169'].map((zone) => `${zone}.in-addr.arpa`),
  ...numbers(16, 31).map((number) => `${number}.172.in-addr.arpa`),
  ...numbers(64, 127).map((number) => `${number}.100.in-addr.arpa`),
  ...['c.f', 'd.f', '8.e.f', '9.e.f', 'a.e.f', 'b.e.f'].map((zone) => `${zone}.ip6.arpa`),
];

/** What a name in comparable form is reserved for; undefined: nothing, it is a name like any other. */
export function specialUse(name: string): SpecialUse | undefined {
  const ending = name.slice(name.lastIndexOf('.') + 1);
  if (ending !== 'arpa') return endings.get(ending);
  return networkZones.some((zone) => name === zone || name.endsWith(`.${zone}`)) ? 'network' : undefined;
}
