import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DarwinPointing } from '../../../../agent/capabilities/webFilter/darwin.ts';
import * as output from '../../../../agent/capabilities/webFilter/darwin-output.ts';
import { DarwinHolding, parseToken, pfRules } from '../../../../agent/capabilities/webFilter/holding/darwin.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { everythingBelow } from '../../../fakes/folder.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, succeeded } from '../browser/recorded.ts';

/*
 * Output as networksetup, scutil, ipconfig and pfctl of macOS 14 print it, in every language of macOS: from their manual
 * pages and from recordings that users published. Nothing here has run on a real Mac.
 */
const order = `An asterisk (*) denotes that a network service is disabled.
(1) USB 10/100/1000 LAN
(Hardware Port: USB 10/100/1000 LAN, Device: en7)

(2) Wi-Fi
(Hardware Port: Wi-Fi, Device: en0)

(*) Thunderbolt-Brücke
(Hardware Port: Thunderbolt Bridge, Device: bridge0)

(3) Schul-VPN
(Hardware Port: com.example.vpn, Device: )

`;
const packet = `op = BOOTREPLY
htype = 1
yiaddr = 192.0.2.20
options:
Options count is 3
dhcp_message_type (uint8): ACK 0x5
router (ip_mult): {192.0.2.1}
domain_name_server (ip_mult): {192.0.2.53, 192.0.2.54}
end (none):
`;
const dns = (server: string) => `DNS configuration

resolver #1
  search domain[0] : school.test
  nameserver[0] : ${server}
  if_index : 14 (en0)
  flags    : Request A records
  reach    : 0x00030002 (Reachable,Local Address,Directly Reachable Address)

resolver #2
  domain   : local
  options  : mdns
  timeout  : 5

DNS configuration (for scoped queries)

resolver #1
  nameserver[0] : 192.0.2.53
`;
const noServers = (service: string) => `There aren't any DNS Servers set on ${service}.\n`;

/** A Mac as far as these programs show it. */
class Mac implements Commands {
  readonly servers = new Map<string, string[]>([['Wi-Fi', ['9.9.9.9', '2620:fe::fe']]]);
  readonly ran: string[] = [];
  readonly tokens: string[] = [];
  pfEnabled = false;
  anchor = '';
  refuses = false;
  answer: Partial<Record<string, CommandResult>> = {};

  async run(path: string, args: readonly string[], options: { input?: string } = {}): Promise<CommandResult> {
    this.ran.push([path, ...args].join(' '));
    const program = path.split('/').at(-1) ?? '';
    const recorded = this.answer[program];
    if (recorded) return recorded;
    if (program === 'networksetup') return this.networksetup(args);
    if (program === 'pfctl') return this.pfctl(args, options.input ?? '');
    if (program === 'ipconfig') return this.ipconfig(args);
    return program === 'scutil' ? this.scutil() : succeeded();
  }

  networksetup([verb, service = '', ...servers]: readonly string[]): CommandResult {
    if (this.refuses && verb === '-setdnsservers') {
      // Recorded: exit code 0.
      return succeeded('** Error: Command requires admin privileges.\n');
    }
    if (verb === '-listnetworkserviceorder') return succeeded(order);
    if (verb === '-setdnsservers') this.servers.set(service, servers[0] === 'empty' ? [] : servers);
    const set = this.servers.get(service) ?? [];
    return succeeded(set.length > 0 ? `${set.join('\n')}\n` : noServers(service));
  }

  scutil(): CommandResult {
    return succeeded(dns(this.servers.get('Wi-Fi')?.[0] ?? '192.0.2.53'));
  }

  ipconfig([, device]: readonly string[]): CommandResult {
    return device === 'en0' || device === 'en7' ? succeeded(packet) : { code: 1, stdout: '', stderr: '' };
  }

  pfctl(args: readonly string[], input: string): CommandResult {
    const line = args.join(' ');
    const noise = 'No ALTQ support in kernel\nALTQ related functions disabled\n';
    if (line === '-s info')
      return succeeded(
        `Status: ${this.pfEnabled ? 'Enabled for 0 days 00:01:02' : 'Disabled'}           Debug: Urgent\n`,
      );
    if (line === '-s References')
      return succeeded(
        `TOKENS:\nPID      Process Name                 TOKEN                    TIMESTAMP\n${this.tokens.map((token) => `312      pfctl                        ${token}     0 days 00:00:02`).join('\n')}\n`,
      );
    if (line === '-E') {
      this.tokens.push('14273684917498716211');
      this.pfEnabled = true;
      return { code: 0, stdout: '', stderr: `${noise}pf enabled\nToken : 14273684917498716211\n` };
    }
    if (args[0] === '-X') this.pfEnabled = this.tokens.splice(0).length > 1;
    if (args.includes('-f')) this.anchor = input;
    if (args.includes('-F')) this.anchor = '';
    if (args.includes('rules'))
      return succeeded(
        this.anchor
          .split('\n')
          .filter((rule) => rule.startsWith('block'))
          .join('\n'),
      );
    if (args.includes('show')) return succeeded(/\{ (.*) \}$/m.exec(this.anchor)?.[1]?.replaceAll(', ', '\n') ?? '');
    return { code: 0, stdout: '', stderr: noise };
  }
}

const self = { address: '127.0.0.1', port: 53 };
let root: string;
let mac: Mac;
let host: ConstructorParameters<typeof DarwinPointing>[0];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-mac-'));
  mac = new Mac();
  host = { platform: 'darwin', commands: mac, files: new PretendedHostFiles(root, new MemoryOriginals()) };
});
afterEach(() => rm(root, { recursive: true }));

describe('the output of macOS', () => {
  it('names every service with its interface, also those that are off', () => {
    expect(output.parseServices(order)).toEqual([
      { name: 'USB 10/100/1000 LAN', device: 'en7' },
      { name: 'Wi-Fi', device: 'en0' },
      { name: 'Thunderbolt-Brücke', device: 'bridge0' },
      { name: 'Schul-VPN', device: undefined },
    ]);
    expect(output.parseServices('')).toEqual([]);
  });

  it('names servers that are set, and those of DHCP', () => {
    expect(output.parseServers(noServers('Wi-Fi'))).toEqual([]);
    expect(output.parseServers('192.0.2.53\n2001:db8::53\n')).toEqual(['192.0.2.53', '2001:db8::53']);
    expect(output.parsePacket(packet)).toEqual(['192.0.2.53', '192.0.2.54']);
    expect(output.parsePacket('')).toEqual([]);
  });

  it('names the resolver macOS asks first, or none', () => {
    expect(output.parseFirstResolver(dns('127.0.0.1'))).toEqual(['127.0.0.1']);
    expect(output.parseFirstResolver('No DNS configuration available\n')).toBeUndefined();
    expect(output.parseFirstResolver('')).toBeUndefined();
  });

  const refusals: [string, Parameters<typeof output.refusal>[0], string | undefined][] = [
    ['no error', succeeded(''), undefined],
    [
      'an unknown service',
      succeeded('X is not a recognized network service.\n** Error: The parameters were not valid.\n'),
      'X is not a recognized network service.',
    ],
    [
      'no rights',
      succeeded('** Error: Command requires admin privileges.'),
      '** Error: Command requires admin privileges.',
    ],
    ['a program that is missing', { code: -1, stdout: '', stderr: 'spawn ENOENT' }, 'spawn ENOENT'],
    ['no words at all', { code: 14, stdout: '', stderr: '' }, 'exit code 14'],
  ];
  it.each(refusals)('says %s', (_what, result, expected) => {
    expect(output.refusal(result)).toBe(expected);
  });
});

describe('a Mac (a pretended one that answers in documented forms; never run)', () => {
  it('is pointed at the filter by every service, verified, and put back exactly', async () => {
    const before = new Map(mac.servers);
    const pointing = new DarwinPointing(host);
    expect(await pointing.systemServers(self)).toEqual(['192.0.2.53', '192.0.2.54', '9.9.9.9', '2620:fe::fe']);
    await pointing.point(self);
    expect([...mac.servers.values()]).toEqual([['127.0.0.1'], ['127.0.0.1'], ['127.0.0.1'], ['127.0.0.1']]);
    expect((await pointing.evidence(self)).filter(({ ok }) => !ok)).toEqual([]);
    expect(await pointing.systemServers(self)).toEqual(['192.0.2.53', '192.0.2.54', '9.9.9.9', '2620:fe::fe']);
    await new DarwinPointing(host).restore();
    expect([...mac.servers].filter(([, servers]) => servers.length > 0)).toEqual([...before]);
    expect(everythingBelow(root)).toEqual([]);
  });

  it('keeps the first original over drift, and puts drift right', async () => {
    const pointing = new DarwinPointing(host);
    await pointing.point(self);
    mac.servers.set('Wi-Fi', ['8.8.8.8']);
    expect((await pointing.evidence(self)).filter(({ ok }) => !ok).map(({ item }) => item)).toEqual([
      'DNS of Wi-Fi',
      'resolver macOS asks first',
    ]);
    await pointing.point(self);
    await pointing.restore();
    expect(mac.servers.get('Wi-Fi')).toEqual(['9.9.9.9', '2620:fe::fe']);
  });

  it('changes nothing that is right already, and restores nothing that was not changed', async () => {
    const pointing = new DarwinPointing(host);
    await pointing.restore();
    await pointing.point(self);
    mac.ran.length = 0;
    await pointing.point(self);
    expect(mac.ran.filter((line) => line.includes('-set'))).toEqual([]);
  });

  it('says that it has no rights although networksetup ends with 0', async () => {
    mac.refuses = true;
    await expect(new DarwinPointing(host).point(self)).rejects.toMatchObject({
      code: 'pointing-refused',
      message: expect.stringContaining('requires admin privileges'),
    });
  });

  it('asks for port 53 before it changes anything', async () => {
    await expect(new DarwinPointing(host).point({ address: '127.0.0.1', port: 5300 })).rejects.toMatchObject({
      code: 'dns-port',
    });
    expect(mac.ran).toEqual([]);
  });
});

describe('the packet filter of a Mac (pretended too; never run)', () => {
  const rules = { resolvers: { v4: ['8.8.8.8', '45.90.28.0/24'], v6: ['2620:fe::9'], unclear: [] } };

  it('refuses DNS to anybody but root, and listed addresses on 443', () => {
    expect(pfRules(rules).split('\n')).toEqual([
      'table <rollcall_resolvers> const { 8.8.8.8, 45.90.28.0/24, 2620:fe::9 }',
      'block return out quick on ! lo0 proto { tcp, udp } from any to any port { 53, 853 } user != root',
      'block return out quick on ! lo0 proto { tcp, udp } from any to <rollcall_resolvers> port 443 user != root',
      '',
    ]);
    expect(parseToken('pf enabled\nToken : 77\n')).toBe('77');
    expect(parseToken('pfctl: /dev/pf: Permission denied\n')).toBeUndefined();
  });

  it('is held, drifts, is held again, and is given back with its token', async () => {
    const holding = new DarwinHolding(host);
    expect((await holding.evidence(rules)).map(({ seen }) => seen)).toEqual(['the packet filter is off']);
    await holding.hold(rules);
    expect((await holding.evidence(rules)).every(({ ok }) => ok)).toBe(true);
    mac.anchor = '';
    expect((await holding.evidence(rules)).map(({ seen }) => seen)).toEqual(['other rules, or none']);
    await holding.hold(rules);
    expect(mac.tokens).toHaveLength(1);
    await new DarwinHolding(host).release();
    expect([mac.anchor, mac.pfEnabled, mac.tokens]).toEqual(['', false, []]);
    expect(everythingBelow(root)).toEqual([]);
    mac.ran.length = 0;
    await holding.release();
    expect(mac.ran).toEqual([]);
  });

  it('says what pfctl says when it refuses', async () => {
    mac.answer.pfctl = failed('pfctl: /dev/pf: Permission denied');
    await expect(new DarwinHolding(host).hold(rules)).rejects.toMatchObject({
      code: 'hold-refused',
      message: expect.stringContaining('Permission denied'),
    });
  });
});
