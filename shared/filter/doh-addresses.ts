/** Somebody who answers DNS over HTTPS for everybody, where it is documented, and the addresses that do nothing else. */
export interface DohOperator {
  operator: string;
  /** Where the addresses are published. */
  source: string;
  /** Addresses and ranges. */
  addresses: readonly string[];
}

const chromium = 'chromium.googlesource.com: net/dns/public/doh_provider_entry.cc';
const adguardList = 'https://adguard-dns.io/kb/general/dns-providers/';

/**
 * Well-known public resolvers whose addresses serve DNS and nothing else, so that closing port 443 there costs no website.
 * Those behind shared addresses of a content network are not here: the names of their services are blocked instead.
 * Districts add others (`resolverAddresses`).
 */
export const dohOperators: readonly DohOperator[] = [
  {
    operator: 'Google',
    source: chromium,
    addresses: [
      '8.8.8.8',
      '8.8.4.4',
      '2001:4860:4860::8888',
      '2001:4860:4860::8844',
      '2001:4860:4860::64',
      '2001:4860:4860::6464',
    ],
  },
  {
    operator: 'Cloudflare',
    source: 'https://developers.cloudflare.com/1.1.1.1/ip-addresses/',
    addresses: [
      '1.1.1.1',
      '1.1.1.2',
      '1.1.1.3',
      '1.0.0.1',
      '1.0.0.2',
      '1.0.0.3',
      '2606:4700:4700::1001',
      '2606:4700:4700::1002',
      '2606:4700:4700::1003',
      '2606:4700:4700::1111',
      '2606:4700:4700::1112',
      '2606:4700:4700::1113',
      '2606:4700:4700::64',
      '2606:4700:4700::6400',
      // mozilla.cloudflare-dns.com and chrome.cloudflare-dns.com, the defaults of two browsers.
      '162.159.61.4',
      '172.64.41.4',
    ],
  },
  {
    operator: 'Quad9',
    source: chromium,
    addresses: [
      '9.9.9.9',
      '9.9.9.10',
      '9.9.9.11',
      '149.112.112.112',
      '149.112.112.10',
      '149.112.112.11',
      '2620:fe::9',
      '2620:fe::10',
      '2620:fe::11',
      '2620:fe::fe',
      '2620:fe::fe:10',
      '2620:fe::fe:11',
    ],
  },
  {
    operator: 'Cisco OpenDNS',
    source: chromium,
    addresses: [
      '208.67.222.222',
      '208.67.220.220',
      '208.67.222.123',
      '208.67.220.123',
      '2620:119:35::35',
      '2620:119:53::53',
      '2620:119:35::123',
      '2620:119:53::123',
      // doh.opendns.com
      '146.112.41.2',
      '2620:119:fc::2',
    ],
  },
  {
    operator: 'AdGuard',
    source: adguardList,
    addresses: [
      '94.140.14.14',
      '94.140.15.15',
      '94.140.14.15',
      '94.140.15.16',
      '94.140.14.140',
      '94.140.14.141',
      '2a10:50c0::ad1:ff',
      '2a10:50c0::ad2:ff',
      '2a10:50c0::bad1:ff',
      '2a10:50c0::bad2:ff',
      '2a10:50c0::1:ff',
      '2a10:50c0::2:ff',
    ],
  },
  {
    operator: 'NextDNS (anycast; its other servers are blocked by name)',
    source: 'https://my.nextdns.io/ (set-up page)',
    addresses: ['45.90.28.0/24', '45.90.30.0/24', '2a07:a8c0::/48', '2a07:a8c1::/48'],
  },
  {
    operator: 'CleanBrowsing',
    source: chromium,
    addresses: [
      '185.228.168.9',
      '185.228.168.10',
      '185.228.168.168',
      '185.228.169.9',
      '185.228.169.11',
      '185.228.169.168',
      '2a0d:2a00:1::',
      '2a0d:2a00:1::1',
      '2a0d:2a00:1::2',
      '2a0d:2a00:2::',
      '2a0d:2a00:2::1',
      '2a0d:2a00:2::2',
    ],
  },
  {
    operator: 'Mullvad',
    source: 'https://mullvad.net/help/dns-over-https-and-dns-over-tls',
    addresses: [
      '194.242.2.2',
      '194.242.2.3',
      '194.242.2.4',
      '194.242.2.5',
      '194.242.2.6',
      '2a07:e340::2',
      '2a07:e340::3',
      '2a07:e340::4',
      '2a07:e340::5',
      '2a07:e340::6',
    ],
  },
  {
    operator: 'Control D',
    source: adguardList,
    addresses: ['76.76.2.0/24', '76.76.10.0/24', '2606:1a40::/48', '2606:1a40:1::/48'],
  },
  {
    operator: 'DNS.SB',
    source: chromium,
    addresses: ['185.222.222.222', '45.11.45.11', '2a09::', '2a11::'],
  },
  {
    operator: 'AliDNS',
    source: adguardList,
    addresses: ['223.5.5.5', '223.6.6.6', '2400:3200::1', '2400:3200:baba::1'],
  },
  {
    operator: 'CZ.NIC',
    source: chromium,
    addresses: ['185.43.135.1', '193.17.47.1', '2001:148f:fffe::1', '2001:148f:ffff::1'],
  },
  {
    operator: 'Switch',
    source: chromium,
    addresses: ['130.59.31.248', '130.59.31.251', '2001:620:0:ff::2', '2001:620:0:ff::3'],
  },
];

/** All of them, for a firewall. */
export const dohAddresses: readonly string[] = dohOperators.flatMap(({ addresses }) => addresses);
