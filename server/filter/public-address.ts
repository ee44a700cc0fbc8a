import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/** Special-purpose IPv4 ranges (https://www.iana.org/assignments/iana-ipv4-special-registry), multicast and reserved. */
const special = new BlockList();
for (const range of [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]) {
  const [net = '', bits] = range.split('/');
  special.addSubnet(net, Number(bits), 'ipv4');
}

/** Only global unicast (RFC 4291), without what wraps an IPv4 address or is for documentation. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const wrapped6 = new BlockList();
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  wrapped6.addSubnet(net, bits, 'ipv6');
}

/** May the server connect there at somebody's wish? Not to its own machine, its own network or anything special. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4');
    case 6:
      return global6.check(address, 'ipv6') && !wrapped6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** What strangers' names may lead to, and what is said when they lead elsewhere. */
export interface AddressRule {
  /** Addresses of the own machine and network are allowed too. */
  allowPrivate: boolean;
  refusal: (host: string) => Error;
  /** How names are looked up; the machine's own way when left out. */
  resolve?: typeof lookup;
}

/** Refuses an address that is written as numbers, which is never looked up. */
export function refuseAddress(url: URL, { allowPrivate, refusal }: AddressRule): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw refusal(host);
}

type LookupCallback = (error: Error | null, found: string | LookupAddress[], family?: number) => void;

/**
 * The `lookup` of a connection: the addresses are checked as it is made, so that a name cannot mean one address when it is
 * checked and another when it is used.
 */
export function checkedLookup({ allowPrivate, refusal, resolve = lookup }: AddressRule) {
  return (host: string, options: LookupOptions, callback: LookupCallback): void => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const allowed = allowPrivate ? addresses : addresses?.filter(({ address }) => isPublicAddress(address));
      if (error) callback(error, []);
      else if (allowed.length === 0) callback(refusal(host), []);
      else if (options.all) callback(null, allowed);
      else callback(null, allowed[0]?.address ?? '', allowed[0]?.family);
    });
  };
}
