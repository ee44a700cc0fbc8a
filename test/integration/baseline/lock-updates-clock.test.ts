import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { createScreenLock } from '../../../agent/capabilities/screenLock/index.ts';
import { createTimeSync } from '../../../agent/capabilities/timeSync/index.ts';
import { createUpdates } from '../../../agent/capabilities/updates/index.ts';
import type { Commands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import type { ScreenLockSettings } from '../../../shared/profile/screen-lock.ts';
import type { TimeSyncSettings } from '../../../shared/profile/time-sync.ts';
import type { UpdatesSettings } from '../../../shared/profile/updates.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';

/** Below a trial root only files are written. */
const nothingRuns: Commands = {
  run: (path) => Promise.reject(new Error(`${path} was run below a trial root`)),
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-baseline-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const host = () => ({
  platform: 'linux' as const,
  files: new HostFiles(root, new MemoryOriginals()),
  commands: nothingRuns,
});

async function put(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
  await chmod(join(root, path), mode);
}
const read = (path: string) => readFile(join(root, path), 'utf8');

/** Everything under the root: path → mode and content. */
async function snapshot(): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const mode = ((await stat(path)).mode & 0o777).toString(8);
    return [path.slice(root.length), entry.isFile() ? `${mode} ${await readFile(path, 'utf8')}` : 'folder'] as const;
  });
  return Object.fromEntries((await Promise.all(found)).sort());
}

/** What a host may have had before, some of it with unusual permissions. */
async function furnished(): Promise<void> {
  await put('/etc/dconf/profile/user', 'user-db:user\nsystem-db:site\n', 0o640);
  await put('/etc/dconf/db/local.d/00-site', '[org/gnome/desktop/a11y/applications]\nscreen-reader-enabled=true\n');
  await put('/etc/xdg/kscreenlockerrc', '[Daemon]\nTimeout=60\nLockOnResume=true\n\n[Greeter]\nTheme=x');
  await put('/etc/apt/apt.conf.d/50unattended-upgrades', 'Unattended-Upgrade::Automatic-Reboot "false";\n');
  await put('/etc/systemd/timesyncd.conf.d/10-site.conf', '[Time]\nNTP=old.example\n');
  await put('/lib/systemd/systemd-timesyncd', 'a program');
}

const lock: ScreenLockSettings = { mode: 'enforce', idleMinutes: 10 };
const updates: UpdatesSettings = { mode: 'enforce', automatic: 'security', restart: true };
const clock: TimeSyncSettings = { mode: 'enforce', automatic: true, servers: ['time.example.org', '192.0.2.1'] };

interface Case {
  capability: () => Capability;
  desired: object;
  /** The first of the files it writes. */
  file: string;
}
const cases: [string, Case][] = [
  [
    'screen lock',
    {
      capability: () => createScreenLock(host()) as Capability,
      desired: lock,
      file: '/etc/dconf/db/local.d/zz-rollcall-screenLock',
    },
  ],
  [
    'updates',
    {
      capability: () => createUpdates(host()) as Capability,
      desired: updates,
      file: '/etc/apt/apt.conf.d/zz-rollcall.conf',
    },
  ],
  [
    'clock',
    {
      capability: () => createTimeSync(host()) as Capability,
      desired: clock,
      file: '/etc/systemd/timesyncd.conf.d/zz-rollcall.conf',
    },
  ],
];

describe.each(cases)('%s below a trial root', (_, { capability: create, desired, file }) => {
  let capability: Capability;
  const asDesired = desired as never;
  const plan = async (settings = asDesired) =>
    capability.plan(settings, await capability.observe(settings)).map(({ item, before }) => `${item}: ${before}`);

  beforeEach(async () => {
    await furnished();
    capability = create();
  });

  test('applied, seen in force, drifted, repaired, and removed without a trace', async () => {
    const before = await snapshot();
    expect(await plan()).toContain(`${file}: the file is missing`);
    await capability.apply(asDesired);
    expect(await plan()).toEqual([]);
    const applied = await snapshot();

    await writeFile(join(root, file), 'something else');
    expect(await plan()).toEqual([`${file}: the file was changed elsewhere`]);
    await capability.apply(asDesired);
    await chmod(join(root, file), 0o600);
    expect(await plan()).toEqual([`${file}: with permissions 600`]);
    await capability.apply(asDesired);
    await rm(join(root, file));
    expect(await plan()).toEqual([`${file}: the file is missing`]);
    await capability.apply(asDesired);
    expect(await snapshot()).toEqual(applied);

    await capability.remove();
    await capability.remove();
    expect(await snapshot()).toEqual(before);
  });

  test('applying again writes nothing', async () => {
    await capability.apply(asDesired);
    const { mtimeMs, ino } = await stat(join(root, file));
    await capability.apply(asDesired);
    expect(await stat(join(root, file))).toMatchObject({ mtimeMs, ino });
  });

  test('watches what it writes', async () => {
    expect(capability.watched(asDesired)).toContain(file);
  });

  test.each([['audit' as const], [undefined]])('mode %s changes nothing, and fails nothing', async (mode) => {
    const before = await snapshot();
    const { mode: _mode, ...rest } = desired as { mode: string };
    const looking = (mode ? { ...rest, mode } : rest) as never;
    expect(await plan(looking)).toEqual([]);
    expect((await capability.observe(looking)).evidence.every(({ ok }) => ok)).toBe(true);
    expect(await snapshot()).toEqual(before);
  });

  test('from enforce to audit, what was set goes back', async () => {
    const before = await snapshot();
    await capability.apply(asDesired);
    const looking = { ...desired, mode: 'audit' } as never;
    expect(await plan(looking)).not.toEqual([]);
    await capability.apply(looking);
    expect(await snapshot()).toEqual(before);
    expect(await plan(looking)).toEqual([]);
  });

  test('a profile that asks for nothing leaves no file', async () => {
    const before = await snapshot();
    await capability.apply(asDesired);
    const nothing = { mode: 'enforce' } as never;
    expect(await plan(nothing)).not.toEqual([]);
    await capability.apply(nothing);
    expect(await snapshot()).toEqual(before);
  });
});

describe('what is written', () => {
  test('GNOME: our keys alone, each with its lock; the screen reader of the site stays', async () => {
    await furnished();
    await createScreenLock(host()).apply({ ...lock, graceSeconds: 0 });
    expect(await read('/etc/dconf/db/local.d/zz-rollcall-screenLock')).toBe(
      '# Set by Rollcall; a change is put right.\n[org/gnome/desktop/session]\nidle-delay=uint32 600\n\n[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 0\n',
    );
    expect(await read('/etc/dconf/db/local.d/locks/zz-rollcall-screenLock')).toBe(
      '/org/gnome/desktop/session/idle-delay\n/org/gnome/desktop/screensaver/lock-enabled\n/org/gnome/desktop/screensaver/lock-delay\n',
    );
    expect(await read('/etc/dconf/profile/user')).toBe('user-db:user\nsystem-db:local\nsystem-db:site\n');
    expect(await read('/etc/dconf/db/local.d/00-site')).toContain('screen-reader-enabled=true');
  });

  test('GNOME and KDE: who needs more time gets it', async () => {
    await createScreenLock(host()).apply({ ...lock, longerMinutes: 30 });
    expect(await read('/etc/dconf/db/local.d/zz-rollcall-screenLock')).toContain('idle-delay=uint32 1800\n');
    expect(await read('/etc/xdg/kscreenlockerrc')).toContain('Timeout[$i]=30\n');
  });

  test('KDE: our keys fixed, the others of the group kept', async () => {
    await furnished();
    await createScreenLock(host()).apply(lock);
    expect(await read('/etc/xdg/kscreenlockerrc')).toBe(
      '[Daemon]\nLockOnResume=true\n\n[Greeter]\nTheme=x\n\n[Daemon]\nAutolock[$i]=true\nTimeout[$i]=10\nLockGrace[$i]=5\n',
    );
  });

  test.each<[string, UpdatesSettings, string[]]>([
    [
      'a restart at the end of the school day, with nobody signed in',
      { restart: true, schoolDayUntil: 16 },
      [
        'Unattended-Upgrade::Automatic-Reboot "true";',
        'Unattended-Upgrade::Automatic-Reboot-WithUsers "false";',
        'Unattended-Upgrade::Automatic-Reboot-Time "16:00";',
      ],
    ],
    ['no restart', { restart: false }, ['Unattended-Upgrade::Automatic-Reboot "false";']],
    [
      'a school day over midnight',
      { restart: true, schoolDayFrom: 20, schoolDayUntil: 4 },
      ['Unattended-Upgrade::Automatic-Reboot-Time "04:00";'],
    ],
    [
      'a school day without an end is 18 hours long',
      { restart: true, schoolDayFrom: 7, schoolDayUntil: 7 },
      ['Unattended-Upgrade::Automatic-Reboot-Time "01:00";'],
    ],
    [
      'every update',
      { automatic: 'all' },
      ['APT::Periodic::Unattended-Upgrade "1";', 'Unattended-Upgrade::Origins-Pattern:: "origin=Debian";'],
    ],
  ])('apt: %s', async (_, settings, lines) => {
    await createUpdates(host()).apply({ mode: 'enforce', ...settings });
    const written = await read('/etc/apt/apt.conf.d/zz-rollcall.conf');
    for (const line of lines) expect(written.split('\n')).toContain(line);
  });

  test('apt cannot wait, which is said and is no failure', async () => {
    const { evidence } = await createUpdates(host()).observe({ mode: 'enforce', deferDays: 7 });
    expect(evidence).toContainEqual({
      item: 'days to wait',
      expected: '7 where the system can',
      seen: 'unattended-upgrades installs at its next run',
      ok: true,
    });
  });

  test('timesyncd: the servers of others are taken away', async () => {
    await furnished();
    await createTimeSync(host()).apply(clock);
    expect(await read('/etc/systemd/timesyncd.conf.d/zz-rollcall.conf')).toBe(
      '[Time]\nNTP=\nNTP=time.example.org 192.0.2.1\n',
    );
  });

  test('chrony with a folder of sources gets a file there, and timesyncd none', async () => {
    await furnished();
    await put('/etc/chrony/chrony.conf', 'pool 2.debian.pool.ntp.org iburst\nsourcedir /etc/chrony/sources.d\n');
    await createTimeSync(host()).apply(clock);
    expect(await read('/etc/chrony/sources.d/rollcall.sources')).toBe(
      'server time.example.org iburst prefer\nserver 192.0.2.1 iburst prefer\n',
    );
    await expect(read('/etc/systemd/timesyncd.conf.d/zz-rollcall.conf')).rejects.toThrow('ENOENT');
  });

  test.each([
    [
      'chrony without a folder of sources',
      '/etc/chrony.conf',
      'pool 2.rhel.pool.ntp.org iburst\n',
      'time servers of chrony',
    ],
    ['no time service', '/etc/hostname', 'x\n', 'time service'],
  ])('%s: people are told, and it is not tried again', async (_, path, text, item) => {
    await put(path, text);
    const capability = createTimeSync(host());
    const observation = await capability.observe(clock);
    expect(observation.evidence.filter(({ ok }) => !ok).map((line) => line.item)).toEqual([item]);
    expect(capability.plan(clock, observation)).toEqual([]);
  });
});

test('settings of a system that are no files are left alone below a trial root', () => {
  for (const create of [createScreenLock, createUpdates, createTimeSync])
    for (const platform of ['win32', 'darwin'] as const)
      expect(create({ ...host(), platform })).toMatchObject({
        supported: false,
        unsupportedWhy: expect.stringMatching(/trial|host itself/),
      });
});
