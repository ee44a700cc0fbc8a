import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

/** Rules that refuse packets, in namespaces, need root and these programs. */
function whyNot(): string | undefined {
  try {
    for (const program of ['dig', 'setpriv', 'nsenter', 'getent'])
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    execFileSync('unshare', ['-m', '-n', 'nft', 'list', 'ruleset'], { stdio: 'ignore' });
    execFileSync('ip', ['-V'], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return `needs root, nft, dig, ip, setpriv and nsenter: ${(error as Error).message}`;
  }
}

const hosts = '127.0.0.1 localhost\n203.0.113.9 www.google.com search # faster\n10.1.1.1 printer\n';
/** The host's own mounts stay as they are: the namespace is private, and goes with the last of its processes. */
const inNamespace = `
  ip link set lo up
  folder=$(mktemp -d)
  mount -t tmpfs none "$folder"
  printf 'nameserver 192.0.2.53\\noptions timeout:1 attempts:1\\n' > "$folder/resolv.conf"
  printf '%s' "$2" > "$folder/hosts"
  chmod 640 "$folder/hosts"
  mount --bind "$folder/resolv.conf" /etc/resolv.conf
  mount --bind "$folder/hosts" /etc/hosts
  "$0" "$1"
  code=$?
  umount /etc/resolv.conf /etc/hosts "$folder"; rmdir "$folder"
  exit $code
`;

const why = whyNot();
const answered = '192.0.2.80';
const refused = 'no answer';

describe.skipIf(why !== undefined)(`a host whose DNS is held${why ? ` (skipped: ${why})` : ''}`, () => {
  /** What the script printed. */
  let seen: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    const path = fileURLToPath(new URL('holding-run.ts', import.meta.url));
    const args = ['-m', '-n', 'sh', '-c', inNamespace, process.execPath, path, hosts];
    const { stdout } = await promisify(execFile)('unshare', args);
    seen = JSON.parse(stdout);
  }, 120_000);

  const ways: [string, string][] = [
    ['another resolver on 53 over UDP', refused],
    ['another resolver on 53 over TCP', refused],
    ['another resolver on 53 over IPv6', refused],
    ['another resolver on 853', refused],
    ['a well-known resolver on 443', refused],
    ['a well-known resolver on 443 over UDP', refused],
    ['a well-known resolver on 443 over IPv6', refused],
    ["a resolver of the district's list on 443", refused],
    ['a container that asks another resolver', refused],
    ['a container that asks a well-known resolver on 443', refused],
    ['a web server that is not listed on 443', answered],
    ['a web server for a container on 443', answered],
  ];
  it.each(ways)('%s: %s', (way, expected) => {
    expect([seen.before?.[way], seen.during?.[way]]).toEqual([answered, expected]);
  });

  it('refuses at once rather than let programs wait', () => {
    expect(seen.milliseconds).toBeLessThan(6000);
  });

  it('resolves names through the filter, whose own questions pass', () => {
    expect(seen.programs).toEqual({ blocked: '0.0.0.0', passed: answered });
  });

  it('reads afresh that the rules are in force, and says how much they refused', () => {
    const evidence = seen.evidence as unknown as { item: string; seen: string; ok: boolean }[];
    expect(evidence.filter(({ ok }) => !ok)).toEqual([]);
    expect(evidence.find(({ item }) => item === 'firewall against other resolvers')?.seen).toMatch(
      /^in force for everybody but programs of the agent's user; more than 10 packets refused$/,
    );
  });

  it('makes entries of the hosts file comments that lead search engines elsewhere', () => {
    // After these comes the line by which browsers notice a change.
    expect(seen.hosts).toContain(hosts.replace('203.0.113.9', '# rollcall-held: 203.0.113.9'));
  });

  it('lets go when a revision no longer asks for it', () => {
    expect(seen.notWanted).toEqual({ ruleset: true, hosts: expect.stringContaining(hosts) });
  });

  it('leaves the host as it was, byte for byte, beside the tables of others', () => {
    const open = Object.fromEntries(ways.map(([way]) => [way, answered]));
    expect(seen.after).toEqual({ ruleset: true, files: true, ways: open });
    expect(seen.removedTwice).toBe(true);
  });

  it.each(['the ruleset is flushed', 'a rule is put before ours', 'an address is taken out', 'the chain is emptied'])(
    'restores the hold when %s',
    (what) => {
      expect(seen.verified).toBe('verified');
      expect(seen.undone?.[what]).toEqual({ status: 'verified', udp: refused, https: refused });
    },
  );

  it('reports each time that it had to', () => {
    const drift = expect.stringMatching(/^drift-corrected: webFilter: firewall against other resolvers: was /);
    expect(seen.events).toEqual([drift, drift, drift, drift]);
  });

  it('stays held while the agent is dead, and is whole again when it is back', () => {
    expect(seen.firstAgent).toEqual([]);
    expect(seen.killed).toEqual({ foreign: refused, program: refused });
    expect(seen.secondAgent).toEqual([]);
    expect(seen.back).toEqual({ foreign: refused, program: answered });
  });

  it('says without nft that it cannot hold, and filters all the same', () => {
    expect(seen.withoutNft).toEqual({
      failure: expect.stringMatching(/^hold-missing-nft: .*Install the package nftables/),
      faults: [expect.stringContaining('firewall against other resolvers')],
      blocked: '0.0.0.0',
    });
  });
});
