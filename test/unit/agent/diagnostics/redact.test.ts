import { describe, expect, it } from 'vitest';
import { nothingKnown, type RedactionContext, redact, redactAll } from '../../../../agent/diagnostics/redact.ts';
import { type ParsedRange, parseRange } from '../../../../shared/filter/range.ts';
import { SeededRandom } from '../../../fakes/clock.ts';

const range = (text: string) => parseRange(text) as ParsedRange;
const district: RedactionContext = {
  networks: [range('10.20.0.0/16'), range('2001:db8:20::/48')],
  hardwareAddresses: new Set(['00:1b:2c:03:04:05']),
  ssids: new Set(['Lincoln High']),
  otherSsids: ['Casa Lopez 5G'],
  hosts: new Set(['rollcall.lincoln.example']),
  users: ['maria', 'Maria Lopez'],
};

describe('what leaves the device is redacted:', () => {
  const gone: [string, string, string][] = [
    ['a home of Linux', 'cannot open /home/maria/Diary of May.odt: denied', 'cannot open [home folder]: denied'],
    ['a home of macOS', '"/Users/maria/x y.txt" is gone', '"[home folder]" is gone'],
    ['a home of Windows', 'C:\\Users\\Maria Lopez\\a b.docx: denied', '[home folder]: denied'],
    ['a home as JSON writes it', '{"path":"C:\\\\Users\\\\maria\\\\x"}', '{"path":"[home folder]"}'],
    ['a home within WSL', 'at /mnt/c/Users/maria/a.py', 'at [home folder]'],
    ['a stick that is named', 'mounted /media/maria/MARIAS STICK', 'mounted [home folder]'],
    ['a file address', 'file:///home/maria/x', '[home folder]'],
    ['a share', 'lost \\\\server\\maria$\\notes', 'lost [home folder]'],
    ['a tilde', 'reads ~maria/x', 'reads [home folder]'],
    ['an e-mail address', 'mail from <maria.lopez+x@school.example>', 'mail from <[user]@[…]>'],
    ['user@host', 'ssh maria@laptop-7 failed', 'ssh [user]@[…] failed'],
    ['a principal', 'for host/marias-laptop@LINCOLN.EXAMPLE', 'for [user]@[…]'],
    ['a unit that is named for somebody', 'Started syncthing@maria.service', 'Started [user]@[…]'],
    ['the account of an id', 'uid=1000(maria) gid=1000(maria)', 'uid=1000([user]) gid=1000([user])'],
    ['whose session it is', 'session opened for user carla(uid=1001)', 'session opened for user [user](uid=1001)'],
    ['a domain account', 'LINCOLN\\carla logged on', '[user] logged on'],
    ['a name of this device', 'Good morning, Maria Lopez (MARIA)', 'Good morning, [user] ([user])'],
    ['an address of version 4', 'from 192.168.1.7:443 and 10.21.0.1', 'from [address]:443 and [address]'],
    ['an address within a name', 'ip-192-168-1-7.local', 'ip-[address].local'],
    ['an address of version 6', 'src=2001:db8:1::7, fe80::1%wlan0.', 'src=[address], [address]'],
    [
      'a hardware address',
      'lladdr aa:bb:cc:dd:ee:ff, 0:1b:2c:3:4:6 AA-BB-CC-DD-EE-FF',
      'lladdr [hardware address], [hardware address] [hardware address]',
    ],
    ['a hardware address of Cisco', 'aabb.ccdd.eeff', '[hardware address]'],
    ['a password', 'DB_PASSWORD=hunter2 next', 'DB_PASSWORD=[secret] next'],
    ['a password in JSON', '{"adminPassword":"hun ter\\"2","a":1}', '{"adminPassword":[secret],"a":1}'],
    ['a password of a command', 'tool --db-password hunter2 -v', 'tool --db-password [secret] -v'],
    ['a password that is said', "the passphrase 'red horse' is wrong", 'the passphrase [secret] is wrong'],
    ['a header', 'Authorization: Basic bWFyaWE6eA==', 'Authorization: [secret]'],
    ['a cookie', 'Cookie: sid=1; theme=dark', 'Cookie: [secret]'],
    ['a bearer', 'sent Bearer abc.def', 'sent Bearer [secret]'],
    ['a JWT', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'got [token]'],
    ['a key', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\nend', '[secret]\nend'],
    ['half a key', 'x -----BEGIN RSA PRIVATE KEY-----\nMIIB', 'x [secret]'],
    ['a long token', 'id 0123456789abcdef0123456789abcdef', 'id [token]'],
    ['a token of enrolment', 'enroll rollcall1-eyJhZGRyZXNzZXMiOlt7', 'enroll [token]'],
    ['where somebody was', 'GET https://help.example/topic?q=me', 'GET [web address]'],
    [
      'a query for the server',
      'https://rollcall.lincoln.example/a?token=1#x',
      'https://rollcall.lincoln.example/a?[…]',
    ],
    ['who signs in there', 'https://u:p@rollcall.lincoln.example/a', 'https://rollcall.lincoln.example/a'],
    ['another network', "associate with SSID 'Maria's iPhone'", 'associate with SSID [another network]'],
    ['another network, as iw says it', '\tSSID: Smith Family\n\tfreq: 2412', ' SSID: [another network]\n freq: 2412'],
    ['a network this device knows', 'Casa Lopez 5G is weak', '[another network] is weak'],
    ['a connection that is named', "wifi connection 'Smith' activated", 'wifi connection [another network] activated'],
    ['what somebody ran by sudo', 'TTY=pts/0 ; COMMAND=/usr/bin/apt install x', 'TTY=pts/0 ; COMMAND=[command line]'],
    ['what cron runs for somebody', '(carla) CMD (send diary home)', '([user]) CMD ([command line])'],
    ['what the kernel saw run', 'type=1309 argc=2 a0="vim" a1="diary of may"', 'type=1309 argc=2 [command line]'],
    [
      'a name the resolver complains of',
      'DNSSEC validation failed for question shop.example IN A: no-signature',
      'DNSSEC validation failed for question [web address] IN A: no-signature',
    ],
    ['a name dnsmasq forwards', 'forwarded shop.example to 10.20.0.1', 'forwarded [web address] to 10.20.0.1'],
    [
      'a site without a scheme',
      'no answer of chat.friends.com, GET www.friends.example/x',
      'no answer of [web address], GET [web address]',
    ],
    ['an access point', "access point 'Smith Home' has security", 'access point [another network] has security'],
    [
      'whose network was chosen',
      'op="connection-activate" name="Smith" pid=1',
      'op="connection-activate" name=[another network] pid=1',
    ],
    [
      'what is near by',
      'input: Marias AirPods (AVRCP) as /devices/virtual/input/input2',
      'input: [device] as /devices/virtual/input/input2',
    ],
    ['the number of a stick', 'usb 1-1: SerialNumber: 0000803', 'usb 1-1: SerialNumber: [serial number]'],
    ['what is hidden between letters', 'pass\u200bword=hunter2', 'password=[secret]'],
  ];
  it.each(gone)('%s', (_, text, expected) => {
    expect(redact(text, district)).toBe(expected);
  });

  const told: [string, string][] = [
    ['an address of the district', 'gateway 10.20.0.1 and 2001:db8:20::1'],
    ['its hardware', 'at 00:1b:2c:03:04:05'],
    ['its Wi-Fi', "SSID 'Lincoln High'"],
    ['this device itself', 'listening on 127.0.0.1:53 and ::1'],
    ['times and versions', '2026-11-22T20:05:06 systemd 257.9-1, kernel 6.18.44'],
    ['places in the system', '/usr/lib/x86_64-linux-gnu/libfoo.so.6 and /var/log/syslog'],
    ['what cron runs for the system', '(root) CMD (cd / && run-parts /etc/cron.hourly)'],
    ['names of the bus', 'org.freedesktop.NetworkManager has no owner; libfoo.so.1'],
    ['hosts of the district', 'no answer of rollcall.lincoln.example'],
    ['units', 'user@1000.service: Main process exited; getty@tty1.service'],
    ['what the kernel says', 'Out of memory: Killed process 1234 (chrome) total-vm:123kB'],
    ['a bus address', 'nvme 0000:01:00.0: timeout'],
    ['ordinary words', 'shopping list: pins, passing, tokens of love'],
  ];
  it.each(told)('but not %s', (_, text) => {
    expect(redact(text, district)).toBe(text);
  });

  it('reaches every text of a value, and leaves the rest as it is', () => {
    const value = { a: ['password=x', 7, null, { b: true, c: '192.168.1.1' }] };
    expect(redactAll(value, nothingKnown)).toEqual({ a: ['password=[secret]', 7, null, { b: true, c: '[address]' }] });
  });
});

/** Ways in which programs write secrets; `§` is the secret. */
const forms: Record<string, (random: SeededRandom) => { secret: string; written: string }> = {
  password: (random) => {
    const secret = word(random, 6, 16);
    const form = pick(random, [
      'password=§',
      'PASSWD: §',
      '"apiKey": "§"',
      "secret='§'",
      '--token §',
      'DB_PASS=§',
      'psk="§"',
      'Authorization: Bearer §',
    ]);
    return { secret, written: form.replace('§', secret) };
  },
  token: (random) => {
    const secret = `${word(random, 12, 20)}7${word(random, 12, 30)}4`;
    return { secret, written: pick(random, [secret, `ghp_${secret}`, `eyJ${secret}.${secret}.x`, `key-${secret}`]) };
  },
  home: (random) => {
    const [secret, file] = [word(random, 3, 9), word(random, 3, 9)];
    const form = pick(random, [
      '/home/§/¤',
      '/Users/§/Desktop/¤.txt',
      'C:\\Users\\§\\¤.docx',
      'C:/Users/§/¤',
      '/media/§/¤',
      'file:///home/§/¤',
      '/run/media/§/¤',
    ]);
    return { secret: pick(random, [secret, file]), written: form.replace('§', secret).replace('¤', file) };
  },
  mail: (random) => {
    const secret = word(random, 4, 10);
    return {
      secret,
      written: pick(random, [
        '§@example.org',
        'x.§+y@mail.example',
        'mailto:§@a.b',
        '§@host',
        'ssh://§@host/x',
      ]).replace('§', secret),
    };
  },
  address4: (random) => {
    const secret = [192, 168, 1 + number(random, 250), 1 + number(random, 250)].join('.');
    return { secret, written: pick(random, ['§', '§:443', '[§]', 'src=§,', '§/24', 'tcp://§:1']).replace('§', secret) };
  },
  address6: (random) => {
    const groups = Array.from({ length: 8 }, () => (4096 + number(random, 61_000)).toString(16));
    const secret = pick(random, [
      groups.join(':'),
      `${groups.slice(0, 4).join(':')}::${groups[7]}`,
      `fe80::${groups[1]}`,
    ]);
    return {
      secret,
      written: pick(random, ['§', '[§]:443', '§%wlan0', 'src=§.', '§/64', 'IPv6:§', '§:']).replace('§', secret),
    };
  },
  hardware: (random) => {
    const secret = Array.from({ length: 6 }, () => (17 + number(random, 238)).toString(16)).join(
      pick(random, [':', '-']),
    );
    return { secret, written: pick(random, ['§', 'lladdr §', '(§)', '§,', 'wlan0:§']).replace('§', secret) };
  },
  web: (random) => {
    const secret = word(random, 5, 12);
    return {
      secret,
      written: pick(random, [
        'https://§.example/',
        'http://x.example/§?a=1',
        'https://x.example/?q=§',
        'wss://§.example:8443/a',
      ]).replace('§', secret),
    };
  },
  network: (random) => {
    const secret = `${word(random, 3, 8)} ${word(random, 3, 8)}`;
    return {
      secret,
      written: pick(random, ["SSID '§'", 'SSID: §', 'ssid="§"', "connection '§'", 'ESSID:"§"']).replace('§', secret),
    };
  },
};

const number = (random: SeededRandom, below: number) => Math.floor(random.unit() * below);
const pick = <T>(random: SeededRandom, items: readonly T[]): T => items[number(random, items.length)] as T;
/** Letters that no word of the surroundings holds, so that what survives was the secret. */
const word = (random: SeededRandom, least: number, most: number) =>
  Array.from({ length: least + number(random, most - least) }, () => pick(random, [...'qxzjvkwy'])).join('');

const surroundings = [
  '',
  'error: ',
  'Nov 22 20:05:06 host app[12]: ',
  '{"msg":"',
  'GET ',
  '\tat ',
  'a, b; ',
  '(',
  '> ',
];

describe('no planted secret survives', () => {
  it.each(Object.entries(forms))('as %s, in whatever text it stands', (_, form) => {
    const random = new SeededRandom(7);
    for (let round = 0; round < 400; round++) {
      const { secret, written } = form(random);
      const text = `${pick(random, surroundings)}${written}${pick(random, ['', ' ', '\n', '"', ' end', ', more', '\nnext line'])}`;
      const kept = redact(text, nothingKnown);
      expect(kept.includes(secret), `${text} → ${kept}`).toBe(false);
    }
  });

  it('nor one of several in one line, however they follow each other', () => {
    const random = new SeededRandom(11);
    const kinds = Object.values(forms);
    for (let round = 0; round < 500; round++) {
      const planted = Array.from({ length: 1 + number(random, 4) }, () => pick(random, kinds)(random));
      const text = planted
        .map(({ written }) => `${pick(random, surroundings)}${written}`)
        .join(pick(random, [' ', '\n', ', ', '; ']));
      const kept = redact(text, nothingKnown);
      for (const { secret } of planted) expect(kept.includes(secret), `${text} → ${kept}`).toBe(false);
    }
  });

  it('and what was redacted once is not changed by being redacted again', () => {
    const random = new SeededRandom(13);
    for (let round = 0; round < 300; round++) {
      const text = `${pick(random, surroundings)}${pick(random, Object.values(forms))(random).written}`;
      const once = redact(text, nothingKnown);
      expect(redact(once, nothingKnown)).toBe(once);
    }
  });
});

describe('a hostile line', () => {
  const lines = [
    'a'.repeat(4096),
    'a@'.repeat(2048),
    ':'.repeat(4096),
    '/home/'.repeat(700),
    '"'.repeat(4096),
    'password'.repeat(512),
    "SSID '".repeat(700),
    '1.'.repeat(2048),
    '\\\\a'.repeat(1300),
    'f:'.repeat(2000),
    'user '.repeat(800),
    'x=-'.repeat(1300),
  ];
  it.each(lines.map((line) => [line.slice(0, 12), line]))('of %s… is done in little time', (_, line) => {
    const before = process.cpuUsage();
    redact(line, district);
    const { user } = process.cpuUsage(before);
    // Processor time, not the time it took: milliseconds where it is well, minutes where a pattern explodes.
    expect(user / 1000).toBeLessThan(2_000);
  });
});
