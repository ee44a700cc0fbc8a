import { describe, expect, it } from 'vitest';
import {
  linuxPosture,
  parseBlockDevices,
  readFirewalld,
  readIptables,
  readUfw,
} from '../../../../agent/health/posture/linux.ts';
import { parseRuleset } from '../../../../agent/health/posture/nftables.ts';
import { denied, done, missing, recordedCommands } from './recorded.ts';

const blockDevices = (...devices: object[]) => JSON.stringify({ blockdevices: devices });
const luks = (mounts: (string | null)[], type = 'crypt') => ({
  name: 'nvme0n1p3',
  type: 'part',
  mountpoints: [null],
  children: [{ name: 'luks-1', type, mountpoints: mounts }],
});
const disk = (...children: object[]) => ({ name: 'nvme0n1', type: 'disk', mountpoints: [null], children });

describe('disk encryption from lsblk -J -o NAME,TYPE,MOUNTPOINTS', () => {
  it.each([
    // Recorded on Debian 12 (util-linux 2.38), a virtual machine.
    [
      'a plain disk',
      '{"blockdevices":[{"name":"zram0","type":"disk","mountpoints":[null]},{"name":"vda","type":"disk","mountpoints":["/"]}]}',
      'not-encrypted',
    ],
    // Shapes after lsblk(8): the tree of devices by --json.
    [
      'LUKS under the root',
      blockDevices(disk({ name: 'nvme0n1p1', type: 'part', mountpoints: ['/boot/efi'] }, luks(['/', '/home']))),
      'encrypted',
    ],
    [
      'LUKS, then LVM, then the root',
      blockDevices(
        disk({
          ...luks([null]),
          children: [
            {
              name: 'c',
              type: 'crypt',
              mountpoints: [null],
              children: [{ name: 'vg-root', type: 'lvm', mountpoints: ['/'] }],
            },
          ],
        }),
      ),
      'encrypted',
    ],
    [
      'older lsblk with one mountpoint',
      blockDevices({
        name: 'sda',
        type: 'disk',
        mountpoint: null,
        children: [{ name: 'c', type: 'crypt', mountpoint: '/' }],
      }),
      'encrypted',
    ],
    [
      'only the swap is encrypted',
      blockDevices(disk({ name: 'p2', type: 'part', mountpoints: ['/'] }, luks(['[SWAP]']))),
      'not-encrypted',
    ],
    [
      'only /home is encrypted',
      blockDevices(disk({ name: 'p2', type: 'part', mountpoints: ['/'] }, luks(['/home']))),
      'not-encrypted',
    ],
    [
      '/home is left open',
      blockDevices(disk(luks(['/']), { name: 'p4', type: 'part', mountpoints: ['/home'] })),
      'not-encrypted',
    ],
    [
      'a mirror of which one half is open',
      blockDevices(disk(luks(['/'])), {
        name: 'sdb',
        type: 'disk',
        mountpoints: [null],
        children: [{ name: 'md0', type: 'raid1', mountpoints: ['/'] }],
      }),
      'not-encrypted',
    ],
    [
      'a container: the root is on no device',
      blockDevices({ name: 'sda', type: 'disk', mountpoints: ['/etc/hosts'] }),
      'unknown',
    ],
    ['a live system on a loop device', blockDevices({ name: 'loop0', type: 'loop', mountpoints: ['/'] }), 'unknown'],
    ['no devices', '{"blockdevices":[]}', 'unknown'],
    ['no JSON', 'lsblk: unknown column', 'unknown'],
    ['wrong types', '{"blockdevices":[null,7,{"type":["crypt"],"mountpoints":"/","children":"x"}]}', 'unknown'],
  ])('%s', (_, stdout, state) => {
    const observation = parseBlockDevices(stdout);
    expect(observation.state).toBe(state);
    expect(observation.evidence).not.toBe('');
  });
  it.each([
    ['is not installed', missing, /lsblk is not installed/],
    ['may not be run', denied, /may not be asked/],
    ['fails', done('', 32, 'lsblk: failed to access sysfs directory'), /exit code 32/],
  ])('is unknown with the reason when lsblk %s', async (_, result, reason) => {
    const observation = await linuxPosture(recordedCommands({ '/usr/bin/lsblk': result })).diskEncryption();
    expect(observation).toEqual({ state: 'unknown', evidence: expect.stringMatching(reason) });
  });
});

/** Recorded with nft 1.0.6 in network namespaces made for it; the text of nft is kept as printed. */
const nft = {
  empty:
    '{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}]}',
  policyDrop:
    '{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}, {"table": {"family": "inet", "name": "filter", "handle": 1}}, {"chain": {"family": "inet", "table": "filter", "name": "input", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}}, {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 2, "expr": [{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}}, {"accept": null}]}}, {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 3, "expr": [{"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "lo"}}, {"accept": null}]}}]}',
  jumpToReject:
    '{"nftables": [{"table": {"family": "ip", "name": "t2", "handle": 2}}, {"chain": {"family": "ip", "table": "t2", "name": "c", "handle": 1, "type": "filter", "hook": "input", "prio": 10, "policy": "accept"}}, {"chain": {"family": "ip", "table": "t2", "name": "sub", "handle": 2}}, {"rule": {"family": "ip", "table": "t2", "chain": "c", "handle": 4, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}, {"accept": null}]}}, {"rule": {"family": "ip", "table": "t2", "chain": "c", "handle": 5, "expr": [{"jump": {"target": "sub"}}]}}, {"rule": {"family": "ip", "table": "t2", "chain": "sub", "handle": 3, "expr": [{"counter": {"packets": 0, "bytes": 0}}, {"log": {"prefix": "x"}}, {"reject": {"type": "icmp", "expr": "port-unreachable"}}]}}]}',
  dormant:
    '{"nftables": [{"table": {"family": "inet", "name": "d", "handle": 1, "flags": "d"}}, {"chain": {"family": "inet", "table": "d", "name": "i", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}}]}',
  firewalld:
    '{"nftables": [{"table": {"family": "inet", "name": "firewalld", "handle": 2}}, {"chain": {"family": "inet", "table": "firewalld", "name": "filter_INPUT", "handle": 1, "type": "filter", "hook": "input", "prio": 10, "policy": "accept"}}, {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_INPUT", "handle": 3, "expr": [{"match": {"op": "==", "left": {"ct": {"key": "state"}}, "right": {"set": ["established", "related"]}}}, {"accept": null}]}}, {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_INPUT", "handle": 5, "expr": [{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "invalid"}}, {"drop": null}]}}, {"rule": {"family": "inet", "table": "firewalld", "chain": "filter_INPUT", "handle": 6, "expr": [{"reject": {"type": "icmpx", "expr": "admin-prohibited"}}]}}]}',
};

const table = (family: string, extra: object = {}) => ({ table: { family, name: 't', ...extra } });
const chain = (family: string, name: string, hook?: string, policy?: string) => ({
  chain: { family, table: 't', name, ...(hook ? { type: 'filter', hook, policy } : {}) },
});
const rule = (family: string, owner: string, ...expr: object[]) => ({
  rule: { family, table: 't', chain: owner, expr },
});
const ruleset = (...entries: object[]) => JSON.stringify({ nftables: entries });
const condition = { match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'eth0' } };

describe('nft -j list ruleset', () => {
  it.each([
    ['an empty ruleset (recorded)', nft.empty, false, false],
    ['policy drop (recorded)', nft.policyDrop, true, true],
    ['a jump to a chain that rejects, IPv4 only (recorded)', nft.jumpToReject, true, false],
    [
      'a table whose flags are garbled does not count (recorded: 1.0.6 prints the name of the table)',
      nft.dormant,
      false,
      false,
    ],
    ['firewalld: a last reject (recorded from rules like its own)', nft.firewalld, true, true],
    [
      'a dormant table as later releases print it',
      ruleset(table('inet', { flags: ['dormant'] }), chain('inet', 'i', 'input', 'drop')),
      false,
      false,
    ],
    ['policy accept without rules', ruleset(table('inet'), chain('inet', 'i', 'input', 'accept')), false, false],
    ['output is filtered, input is not', ruleset(table('inet'), chain('inet', 'o', 'output', 'drop')), false, false],
    [
      'only a condition drops',
      ruleset(table('inet'), chain('inet', 'i', 'input', 'accept'), rule('inet', 'i', condition, { drop: null })),
      false,
      false,
    ],
    [
      'everything is accepted before the drop',
      ruleset(table('inet'), chain('inet', 'i', 'input', 'drop'), rule('inet', 'i', { counter: {} }, { accept: null })),
      false,
      false,
    ],
    ['IPv6 only', ruleset(table('ip6'), chain('ip6', 'i', 'input', 'drop')), false, true],
    [
      'iptables-nft with the old REJECT target',
      ruleset(
        table('ip'),
        chain('ip', 'INPUT', 'input', 'accept'),
        rule('ip', 'INPUT', { counter: {} }, { xt: { type: 'target', name: 'REJECT' } }),
      ),
      true,
      false,
    ],
    [
      'an old match is a condition',
      ruleset(
        table('ip'),
        chain('ip', 'INPUT', 'input', 'accept'),
        rule('ip', 'INPUT', { xt: { type: 'match', name: 'tcp' } }, { drop: null }),
      ),
      false,
      false,
    ],
    [
      'a jump that comes back leaves it to the policy',
      ruleset(
        table('inet'),
        chain('inet', 'i', 'input', 'drop'),
        chain('inet', 's'),
        rule('inet', 'i', { jump: { target: 's' } }),
        rule('inet', 's', { return: null }),
      ),
      true,
      true,
    ],
    [
      'a loop of jumps ends',
      ruleset(
        table('inet'),
        chain('inet', 'i', 'input', 'accept'),
        chain('inet', 's'),
        rule('inet', 'i', { jump: { target: 's' } }),
        rule('inet', 's', { jump: { target: 's' } }),
      ),
      false,
      false,
    ],
    [
      'wrong types',
      '{"nftables":[null,1,{"chain":[]},{"rule":{"expr":{}}},{"chain":{"family":7,"hook":"input","policy":"drop"}}]}',
      false,
      false,
    ],
  ])('%s', (_, stdout, ip, ip6) => {
    expect(parseRuleset(stdout)).toMatchObject({ ip, ip6 });
  });
  it.each([
    ['dormant', 'table inet d {\n\tflags dormant\n\n\tchain i {\n\t}\n}\n', false],
    ['owned by a program, so awake', 'table inet d { # progname firewalld\n\tflags owner\n}\n', true],
    ['no longer there', '', false],
  ])('garbled flags are settled by the plain listing: %s', (_, listing, filtered) => {
    expect(parseRuleset(nft.dormant)?.unclear).toBe(true);
    expect(parseRuleset(nft.dormant, listing)).toEqual({ ip: filtered, ip6: filtered, unclear: false });
  });
  it.each([
    ['no JSON', 'Operation not permitted'],
    ['another shape', '{"tables":[]}'],
    ['nothing', ''],
  ])('%s is no ruleset', (_, stdout) => {
    expect(parseRuleset(stdout)).toBeUndefined();
  });
});

// iptables -S as iptables(8) prints rules; ufw status as ufw(8); firewall-cmd --state as firewall-cmd(1).
describe('iptables, ufw and firewalld', () => {
  it.each([
    ['iptables: policy DROP', readIptables(done('-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n')), 'on'],
    [
      'iptables: a last REJECT',
      readIptables(
        done('-P INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\n'),
      ),
      'on',
    ],
    ['iptables: accepts everything first', readIptables(done('-P INPUT DROP\n-A INPUT -j ACCEPT\n')), 'off'],
    ['iptables: no rules', readIptables(done('-P INPUT ACCEPT\n')), 'off'],
    [
      'iptables: no rights',
      readIptables(
        done(
          '',
          4,
          'iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
        ),
      ),
      'unknown',
    ],
    ['ufw active', readUfw(done('Status: active\n\nTo                         Action      From\n')), 'on'],
    ['ufw inactive proves nothing about the tables', readUfw(done('Status: inactive\n')), 'unknown'],
    ['ufw without rights', readUfw(done('', 1, 'ERROR: You need to be root to run this script')), 'unknown'],
    ['firewalld running', readFirewalld(done('running\n')), 'on'],
    ['firewalld stopped', readFirewalld(done('', 252, 'not running')), 'unknown'],
  ])('%s', (_, observation, state) => {
    expect(observation.state).toBe(state);
  });
});

describe('the firewall of a Linux machine', () => {
  const paths = {
    nft: '/usr/sbin/nft',
    iptables: '/usr/sbin/iptables',
    ufw: '/usr/sbin/ufw',
  };
  // Recorded with nft 1.0.6 as an ordinary user.
  const notRoot = done(
    '',
    1,
    'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n',
  );
  it.each([
    ['nft drops: on', { [paths.nft]: done(nft.policyDrop) }, 'on', /drops what no rule allows$/],
    ['nft drops IPv4 only: on, and says so', { [paths.nft]: done(nft.jumpToReject) }, 'on', /IPv6 is not filtered/],
    ['nft is empty: off', { [paths.nft]: done(nft.empty) }, 'off', /no input chain/],
    ['nft is elsewhere', { '/sbin/nft': done(nft.policyDrop) }, 'on', /nftables/],
    [
      'nft sees nothing but legacy iptables drops: on',
      { [paths.nft]: done(nft.empty), [paths.iptables]: done('-P INPUT DROP') },
      'on',
      /iptables/,
    ],
    ['no nft, iptables drops: on', { [paths.iptables]: done('-P INPUT DROP') }, 'on', /iptables/],
    [
      'the tables accept although ufw is active: off',
      { [paths.nft]: done(nft.empty), [paths.ufw]: done('Status: active') },
      'off',
      /nftables/,
    ],
    [
      'no right to read the tables: unknown, with every reason',
      { [paths.nft]: notRoot, [paths.ufw]: notRoot },
      'unknown',
      /nft may not be asked.*iptables is not installed.*ufw may not be asked/,
    ],
    [
      'nft cannot be read: what iptables shows is not all, so unknown',
      { [paths.nft]: notRoot, [paths.iptables]: done('-P INPUT ACCEPT') },
      'unknown',
      /nft may not/,
    ],
    ['no nft and iptables accepts: off', { [paths.iptables]: done('-P INPUT ACCEPT') }, 'off', /iptables/],
    [
      'the tables cannot be read but ufw says active: on',
      { [paths.nft]: notRoot, [paths.ufw]: done('Status: active') },
      'on',
      /ufw/,
    ],
    ['no tool at all: unknown', {}, 'unknown', /not installed/],
  ])('%s', async (_, answers, state, evidence) => {
    const observation = await linuxPosture(recordedCommands(answers)).firewall();
    expect(observation).toEqual({ state, evidence: expect.stringMatching(evidence) });
  });
});
