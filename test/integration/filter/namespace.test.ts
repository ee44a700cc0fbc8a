import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Namespaces of mounts and network need root and util-linux. */
function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['-m', '-n', 'findmnt', '-n', '/'], { stdio: 'ignore' });
    execFileSync('ip', ['-V'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return error === undefined;
  }
}

/** The host's own mounts stay as they are: the namespace is private, and goes with the last of its processes. */
const inNamespace = `
  ip link set lo up
  ip link add net0 type veth peer name net1
  ip address add 192.0.2.2/24 dev net0
  ip link set net0 "$2"
  ip link set net1 up
  folder=$(mktemp -d)
  mount -t tmpfs none "$folder"
  printf 'search school.test\\nnameserver 127.0.0.2\\noptions timeout:1 attempts:1\\n' > "$folder/resolv.conf"
  mount --bind "$folder/resolv.conf" /etc/resolv.conf
  "$0" "$1"
  code=$?
  umount /etc/resolv.conf; umount "$folder"; rmdir "$folder"
  exit $code
`;

/** Runs a script as the only program of a host of its own, on a network with nobody else; gives what it printed. */
async function onOwnHost(script: string, network: 'up' | 'down' = 'up') {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const args = ['-m', '-n', 'sh', '-c', inNamespace, process.execPath, path, network];
  const { stdout } = await promisify(execFile)('unshare', args);
  return JSON.parse(stdout);
}

describe.skipIf(!canUnshare())('a host of its own (needs root, unshare, ip)', () => {
  it('is pointed at the filter through a mounted resolv.conf, obeys it, and is put back', async () => {
    const seen = await onOwnHost('namespace-run.ts');
    expect(seen.evidence.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
    const system = seen.evidence.find(({ item }: { item: string }) => item.startsWith('programs on this host'));
    expect(system.seen).toMatch(/^0\.0\.0\.0|^::/);
    expect(seen.mounts).toBe('/etc/resolv.conf');
    expect(seen.pointed.split('\n').slice(1)).toEqual([
      '# rollcall-replaced 127.0.0.2',
      'nameserver 127.0.0.1',
      'search school.test',
      'options timeout:1 attempts:1',
      '',
    ]);
    expect(seen.during).toEqual({ blocked: '::', passed: '192.0.2.1' });
    expect(seen.after).toEqual({ content: true, passed: '192.0.2.1' });
  });

  const resolvers: [
    string,
    Record<'address' | 'nxdomain' | 'refused', [blocked: boolean, canary: boolean, all?: boolean]>,
  ][] = [
    ['the filter', { address: [true, true, true], nxdomain: [true, true, true], refused: [true, true, true] }],
    ['one that answers real addresses', { address: [false, false], nxdomain: [false, false], refused: [false, false] }],
    ['one that knows no name', { address: [false, true], nxdomain: [true, true, true], refused: [true, true, true] }],
    ['one that fails', { address: [false, false], nxdomain: [false, false], refused: [true, false] }],
    ['one that refuses everything', { address: [false, false], nxdomain: [false, false], refused: [true, false] }],
    ['none at all', { address: [false, false], nxdomain: [false, false], refused: [true, false] }],
    ['one that is silent', { address: [false, false], nxdomain: [false, false], refused: [true, false] }],
  ];
  it('outlives a network without a route: each question fails at once, and so does a probe', async () => {
    const seen = await onOwnHost('no-route-run.ts', 'down');
    expect(seen.asked).toEqual(Array.from({ length: 6 }, () => 'UpstreamError unreachable'));
    expect(seen.probed).toMatchObject({ outcome: 'silent', seen: expect.stringMatching(/ENETUNREACH/) });
  });

  it('neither believes nor blames a resolver that gives no answer while there is no network', async () => {
    const seen = await onOwnHost('system-probe-run.ts', 'down');
    expect(seen.oks['none at all']).toEqual({ address: [true, true], nxdomain: [true, true], refused: [true, true] });
    expect(seen.words['none at all'].address[0]).toMatch(/seen no network, so no answer$/);
    expect(seen.oks['one that answers real addresses'].address).toEqual([false, false]);
  });

  it('calls a resolver this filter only when programs get what the filter answers', async () => {
    const seen = await onOwnHost('system-probe-run.ts');
    expect(seen.oks).toEqual(Object.fromEntries(resolvers));
    expect(seen.words['none at all'].address).toEqual([
      'programs on this host asking for bad.test: expected no address that leads anywhere, seen EAI_AGAIN',
      'programs on this host asking for use-application-dns.net: expected no such name, seen EAI_AGAIN',
    ]);
  });
});
