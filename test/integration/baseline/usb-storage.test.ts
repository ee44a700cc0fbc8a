import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

/** All of /etc under an overlay that goes with the namespace; without devices, so that no driver is in the kernel. */
const inNamespace = `
  set -e
  mount --make-rprivate /
  mount -t tmpfs none /mnt
  mkdir /mnt/upper /mnt/work /mnt/sys
  mount -t overlay overlay -o "lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work" /etc
  mount --bind /mnt/sys /sys
  exec "$0" "$@"
`;

function whyNot(): string | undefined {
  try {
    execFileSync('unshare', ['-m', 'sh', '-c', inNamespace, 'test', '-x', '/usr/sbin/modprobe'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `needs root, unshare, overlay and kmod: ${String(error).slice(0, 200)}`;
  }
}

const why = whyNot();

describe.skipIf(why !== undefined)(`USB storage by the real modprobe${why ? ` (skipped: ${why})` : ''}`, () => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    const path = fileURLToPath(new URL('usb-storage-run.ts', import.meta.url));
    const { stdout } = await promisify(execFile)('unshare', ['-m', 'sh', '-c', inNamespace, process.execPath, path]);
    seen = JSON.parse(stdout);
  }, 30_000);

  it('refuses to load the driver, and is seen to', () => {
    expect(seen).toMatchObject({ before: 'allowed', applied: { status: 'verified', wrong: [] }, blocked: 'blocked' });
    expect(seen.loading).toMatch(/Error running install command '\/bin\/false'/);
  });

  it('holds against a file read after ours, and names what a file read before ours does', () => {
    expect(seen.otherFile).toEqual({ status: 'verified', wrong: [], state: 'blocked' });
    expect(seen.earlierFile).toEqual({
      status: 'failed',
      wrong: [
        expect.stringMatching(/^modprobe usb-storage: modprobe would run: .*look for another file in modprobe\.d/),
      ],
      state: 'allowed',
    });
  });

  it('leaves /etc as it was, byte for byte', () => {
    expect(seen).toMatchObject({ removed: 'verified', isAsBefore: true, after: 'allowed' });
  });
});
