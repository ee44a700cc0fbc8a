import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

/** Where set-up fetches ufw to (installers/bootstrap.js), which is never installed on the machine itself. */
const fetched = fileURLToPath(new URL('../../../node_modules/.cache/packages/ufw', import.meta.url));
const debs = existsSync(fetched) ? readdirSync(fetched).filter((name) => name.endsWith('.deb')) : [];

/** Folders that ufw and the agent write in lie under overlays that go with the namespace; nothing is started there. */
const inNamespace = `
  set -e
  mount --make-rprivate /
  mount -t tmpfs none /mnt
  for folder in etc usr var; do
    mkdir -p /mnt/$folder/upper /mnt/$folder/work
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/mnt/$folder/upper,workdir=/mnt/$folder/work" /$folder
  done
  ip link set lo up
  if [ ! -x /usr/sbin/ufw ] && [ -n "$debs" ]; then
    printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    dpkg --no-triggers -i $debs >/dev/null 2>&1
  fi
  exec "$0" "$@"
`;
const options = {
  env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', debs: debs.map((name) => join(fetched, name)).join(' ') },
};

function whyNot(): string | undefined {
  try {
    const args = ['-m', '-n', 'sh', '-c', inNamespace, '/usr/sbin/ufw', 'status'];
    const said = execFileSync('unshare', args, { ...options, stdio: 'pipe' }).toString();
    return said.includes('Status: inactive') ? undefined : 'ufw is in use on this machine';
  } catch (error) {
    return `needs root, unshare, ip, overlay and ufw: ${String(error).slice(0, 200)}`;
  }
}

const why = whyNot();

describe.skipIf(why !== undefined)(`the firewall through the real ufw${why ? ` (skipped: ${why})` : ''}`, () => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    const path = fileURLToPath(new URL('ufw-run.ts', import.meta.url));
    const args = ['-m', '-n', 'sh', '-c', inNamespace, process.execPath, path];
    const { stdout } = await promisify(execFile)('unshare', args, options);
    seen = JSON.parse(stdout);
  }, 120_000);

  it('is switched on with the openings that were missing, and is left alone then', () => {
    const added = [
      'allow from 10.20.30.0/24',
      'allow from 2001:db8::/32',
      'allow 22/tcp',
      'allow 6000:6007/udp',
      'active',
    ];
    expect(seen.applied).toEqual({ status: 'verified', changes: added.map((item) => `ufw: ${item}`) });
    expect(seen.again).toEqual({ status: 'verified', changes: [] });
    expect(seen.posture).toBe('on');
  });

  it('is switched on again after somebody switched it off', () => {
    expect(seen.disabled).toMatch(/disabled on system startup/);
    expect(seen.repaired).toEqual({ status: 'verified', changes: ['ufw: active'] });
  });

  it('is switched on again after somebody emptied the tables of the kernel under it', () => {
    expect([seen.flushed, seen.emptied]).toEqual([0, 'off']);
    expect(seen.repairedAgain).toEqual({ status: 'verified', changes: ['ufw: active'], posture: 'on' });
  });

  it('goes back to what it was: the rule that was there stays, and the files are the same byte for byte', () => {
    expect(seen.rules).toContain('ufw allow 631/tcp');
    expect(seen.removed).toBe('verified');
    expect(seen.status).toMatch(/^Status: inactive/);
    expect(seen.isAsBefore).toBe(true);
  });
});
