import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linuxLocalAdmins } from '../../../agent/health/posture/local-admins.ts';
import { type CommandResult, type Commands, SystemCommands } from '../../../agent/platform/commands.ts';

const tools = ['/usr/bin/getent', '/usr/bin/unshare', '/usr/sbin/useradd', '/usr/bin/gpasswd', '/bin/sh'];
const able = process.platform === 'linux' && process.getuid?.() === 0 && tools.every((tool) => existsSync(tool));
/** What getent, useradd and gpasswd read and write; the host's own stay as they are. */
const accountFiles = [
  'passwd',
  'group',
  'shadow',
  'gshadow',
  'nsswitch.conf',
  'login.defs',
  'default',
  'pam.d',
  'security',
];

describe.skipIf(!able)('local administrators by the real getent (needs root, unshare and the shadow tools)', () => {
  const system = new SystemCommands();
  let etc: string;
  beforeAll(async () => {
    etc = await mkdtemp(join(tmpdir(), 'rollcall-accounts-'));
    for (const name of accountFiles.filter((file) => existsSync(`/etc/${file}`)))
      await cp(`/etc/${name}`, join(etc, name), { recursive: true });
  });
  afterAll(async () => {
    await rm(etc, { recursive: true });
  });

  /** Runs a program where our folder is /etc. */
  const run = (path: string, ...args: string[]): Promise<CommandResult> => {
    const script = 'mount --bind "$0" /etc && exec "$@"';
    return system.run('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', script, etc, path, ...args]);
  };
  const must = async (path: string, ...args: string[]) => expect(await run(path, ...args)).toMatchObject({ code: 0 });
  /** Who is signed in is told by systemd, which does not run here. */
  const whileThere = (users: string): Commands => ({
    run: async (path, args) =>
      path.endsWith('/loginctl')
        ? { code: 0, stdout: users && `2 ${users} seat0 tty2`, stderr: '' }
        : await run(path, ...args),
  });

  it('follows a person into the group and out of it', async () => {
    const before = (await linuxLocalAdmins(whileThere(''))).users ?? 0;
    for (const [name, uid] of [
      ['rollcall-ada', '23456'],
      ['rollcall-bob', '23457'],
    ] as const)
      await must('/usr/sbin/useradd', '--no-create-home', '--shell', '/bin/sh', '--uid', uid, name);
    const [ada, bob] = ['23456 rollcall-ada', '23457 rollcall-bob'];
    expect(await linuxLocalAdmins(whileThere(ada))).toMatchObject({ state: 'not-admin', users: before + 2 });
    const group = (await run('/usr/bin/getent', 'group', 'sudo')).code === 0 ? 'sudo' : 'wheel';
    await must('/usr/bin/gpasswd', '--add', 'rollcall-ada', group);
    expect((await linuxLocalAdmins(whileThere(ada))).state).toBe('admin');
    expect((await linuxLocalAdmins(whileThere(bob))).state).toBe('not-admin');
    expect((await linuxLocalAdmins(whileThere(''))).state).toBe('unknown');
    await must('/usr/bin/gpasswd', '--delete', 'rollcall-ada', group);
    expect((await linuxLocalAdmins(whileThere(ada))).state).toBe('not-admin');
  });
});
