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

const script = fileURLToPath(new URL('namespace-run.ts', import.meta.url));
/** The host's own mounts stay as they are: the namespace is private, and goes with the last of its processes. */
const inNamespace = `
  ip link set lo up
  folder=$(mktemp -d)
  mount -t tmpfs none "$folder"
  printf 'search school.test\\nnameserver 127.0.0.2\\n' > "$folder/resolv.conf"
  mount --bind "$folder/resolv.conf" /etc/resolv.conf
  "$0" "$1"
  code=$?
  umount /etc/resolv.conf; umount "$folder"; rmdir "$folder"
  exit $code
`;

describe.skipIf(!canUnshare())('a host of its own (needs root, unshare, ip)', () => {
  it('is pointed at the filter through a mounted resolv.conf, obeys it, and is put back', async () => {
    const { stdout } = await promisify(execFile)('unshare', [
      '-m',
      '-n',
      'sh',
      '-c',
      inNamespace,
      process.execPath,
      script,
    ]);
    const seen = JSON.parse(stdout);
    expect(seen.evidence.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
    const system = seen.evidence.find(({ item }: { item: string }) => item.startsWith('programs on this host'));
    expect(system.seen).toMatch(/^0\.0\.0\.0|^::/);
    expect(seen.mounts).toBe('/etc/resolv.conf');
    expect(seen.pointed.split('\n').slice(1)).toEqual([
      '# rollcall-replaced 127.0.0.2',
      'nameserver 127.0.0.1',
      'search school.test',
      '',
    ]);
    expect(seen.during).toEqual({ blocked: '::', passed: '192.0.2.1' });
    expect(seen.after).toEqual({ content: true, passed: '192.0.2.1' });
  });
});
