import { describe, expect, it } from 'vitest';
import {
  type CampusNetwork,
  campusProblems,
  inRange,
  type NetworkFacts,
  type Place,
  parseRange,
  placeOf,
} from '../../../shared/filter/place.ts';

const lan: CampusNetwork = {
  name: 'Lincoln High',
  gateways: ['00:11:22:33:44:55'],
  addresses: ['10.20.0.0/16', '2001:db8:20::/48'],
};
const wifi: CampusNetwork = {
  name: 'District Wi-Fi',
  ssids: ['Staff', 'Student'],
  accessPoints: ['aa:bb:cc:00:00:01'],
};
const nameOnly: CampusNetwork = { name: 'Name only', ssids: ['Student'] };
const outside: CampusNetwork = { name: 'Uplink', publicAddresses: ['198.51.100.0/24', '2001:db8:ffff::/48'] };

const atSchool: NetworkFacts = { gateways: ['00:11:22:33:44:55'], addresses: ['10.20.3.4', 'fe80::1'] };
const atHome: NetworkFacts = {
  gateways: ['66:66:66:66:66:66'],
  addresses: ['192.168.1.20'],
  ssid: 'Home',
  accessPoint: '66:66:66:66:66:67',
  publicAddress: '203.0.113.9',
};

describe('the place', () => {
  const cases: [string, CampusNetwork[], NetworkFacts, Place, string?][] = [
    ['no networks are given', [], atSchool, 'off-campus'],
    ['all kinds match', [lan], atSchool, 'on-campus', 'Lincoln High'],
    [
      'one of several gateways and addresses is enough',
      [lan],
      { gateways: ['66:66:66:66:66:66', '00:11:22:33:44:55'], addresses: ['192.168.1.20', '2001:db8:20::7'] },
      'on-campus',
      'Lincoln High',
    ],
    ['the gateway matches and the address does not', [lan], { ...atSchool, addresses: ['192.168.1.20'] }, 'off-campus'],
    ['the address is imitated at home', [lan], { ...atHome, addresses: ['10.20.3.4'] }, 'off-campus'],
    ['the gateway is not known yet', [lan], { addresses: ['10.20.3.4'] }, 'unknown'],
    ['the gateway is not known, but the address contradicts', [lan], { addresses: ['192.168.1.20'] }, 'off-campus'],
    ['nothing is known', [lan], {}, 'unknown'],
    ['no address at all', [lan], { gateways: ['00:11:22:33:44:55'], addresses: [] }, 'off-campus'],
    ['the second network matches', [wifi, lan], atSchool, 'on-campus', 'Lincoln High'],
    ['one is contradicted, the other unknown', [wifi, lan], { addresses: ['192.168.1.20'] }, 'unknown'],
    [
      'name of the Wi-Fi without its access point',
      [wifi],
      { ssid: 'Student', accessPoint: '66:66:66:66:66:67' },
      'off-campus',
    ],
    ['name of the Wi-Fi, access point unknown', [wifi], { ssid: 'Student' }, 'unknown'],
    [
      'name and access point',
      [wifi],
      { ssid: 'Student', accessPoint: 'aa:bb:cc:00:00:01' },
      'on-campus',
      'District Wi-Fi',
    ],
    ['the name alone, where a district is content with it', [nameOnly], { ssid: 'Student' }, 'on-campus', 'Name only'],
    ['names are told apart by case', [nameOnly], { ssid: 'student' }, 'off-campus'],
    ['on a cable', [nameOnly], { ssid: '' }, 'off-campus'],
    ['seen from the district’s address', [outside], { publicAddress: '198.51.100.77' }, 'on-campus', 'Uplink'],
    ['seen from its version 6', [outside], { publicAddress: '2001:db8:ffff:1::9' }, 'on-campus', 'Uplink'],
    ['seen from elsewhere', [outside], atHome, 'off-campus'],
    ['not seen yet', [outside], atSchool, 'unknown'],
    ['home, with every kind of network', [lan, wifi, nameOnly, outside], atHome, 'off-campus'],
    ['a network that says nothing is never matched', [{ name: 'Empty' }], atSchool, 'off-campus'],
    ['a range nobody can read', [{ name: 'Odd', addresses: ['10.20.0.0/99'] }], atSchool, 'off-campus'],
  ];
  it.each(cases)('when %s', (_words, campus, facts, place, network) => {
    expect(placeOf(campus, facts)).toEqual(network === undefined ? { place } : { place, network });
  });
});

describe('a range', () => {
  it.each([
    ['10.20.0.0/16', '10.20.0.0', true],
    ['10.20.0.0/16', '10.20.255.255', true],
    ['10.20.0.0/16', '10.21.0.0', false],
    ['10.20.0.0/16', '::ffff:10.20.0.1', false],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::', false],
    ['2001:db8::/32', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['::/0', '1:2:3:4:5:6:7:8', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['::ffff:0:0/96', '::ffff:192.0.2.1', true],
    ['1::8', '1:0:0:0:0:0:0:8', true],
    ['10.0.0.0/8', 'school.example', false],
    ['10.0.0.0/8', '', false],
  ])('%s holds %s: %s', (range, address, holds) => {
    const parsed = parseRange(range);
    expect(typeof parsed === 'string' ? parsed : inRange(address, parsed)).toBe(holds);
  });

  it.each([
    '10.20.0.0/33',
    '10.20.0.0/',
    '10.20.0.0/1/2',
    '10.20.0/16',
    '10.20.0.0/-1',
    '010.20.0.0',
    '10.20.0.256',
    '2001:db8::/129',
    '2001:::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    'g::',
    '::ffff:300.1.1.1',
    ':1::',
    '',
    '/8',
    '10.20.0.1/16',
    '2001:db8::1/64',
  ])('%j is refused in words that quote it', (text) => {
    expect(parseRange(text)).toContain(`"${text}"`);
  });
});

describe('problems of a campus', () => {
  it.each([
    ['none', [lan, wifi, outside], []],
    [
      'no proof',
      [{ name: 'Empty' }],
      ['The network "Empty" says nothing to know it by. Give at least the addresses of its gateways.'],
    ],
    [
      'ranges',
      [{ name: 'Odd', addresses: ['10.20.0.1/16'], publicAddresses: ['::/200'] }],
      [
        'The network "Odd": "10.20.0.1/16" does not begin where a range of that length does.',
        'The network "Odd": "::/200" has a length that is not between 0 and 128.',
      ],
    ],
  ] as [string, CampusNetwork[], string[]][])('%s', (_words, campus, problems) => {
    expect(campusProblems(campus)).toEqual(problems);
  });
});
