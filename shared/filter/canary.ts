/**
 * Names that programs ask to learn whether the network filters, and the answer that makes them keep to this resolver.
 * `nxdomain` for Firefox's DNS over HTTPS (https://support.mozilla.org/kb/canary-domain-use-application-dnsnet) and for
 * iCloud Private Relay (https://developer.apple.com/support/prepare-your-network-for-icloud-private-relay/); `nodata` for
 * the discovery of designated resolvers (RFC 9462).
 */
export const canaries: ReadonlyMap<string, 'nxdomain' | 'nodata'> = new Map([
  ['use-application-dns.net', 'nxdomain'],
  ['mask.icloud.com', 'nxdomain'],
  ['mask-h2.icloud.com', 'nxdomain'],
  ['resolver.arpa', 'nodata'],
]);
