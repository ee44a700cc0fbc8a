/*
 * Run by lock-updates-clock-host.test.ts in mounts of its own: /etc, /var/lib and /usr/share lie under overlays that go with
 * it. Brings the three capabilities into force with the real programs, undoes them as a person might, and prints what was seen.
 */
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { createScreenLock } from '../../../agent/capabilities/screenLock/index.ts';
import { createTimeSync } from '../../../agent/capabilities/timeSync/index.ts';
import { createUpdates } from '../../../agent/capabilities/updates/index.ts';
import { linuxScreenLock } from '../../../agent/health/posture/screen-lock.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const commands = new SystemCommands();
const host = { platform: 'linux' as const, files: new HostFiles('', new MemoryOriginals()), commands };
const log = keptLog();
const dconf = '/usr/bin/dconf';
const site = '/etc/dconf/db/local.d/00-site';

/** Every file of these folders with its mode and bytes. */
async function snapshot(): Promise<string> {
  const lines: string[] = [];
  for (const folder of [
    '/etc/dconf',
    '/etc/xdg',
    '/etc/apt',
    '/etc/systemd',
    '/etc/chrony',
    '/var/lib/rollcall-agent',
  ]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    lines.push(`${folder} ${entries.length > 0}`);
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) lines.push(`${path} ${(await stat(path)).mode} ${await readFile(path, 'base64')}`);
    }
  }
  return lines.sort().join('\n');
}

async function pass(capability: Capability, desired: object) {
  const { changes, evidence } = await enforceOnce(capability, desired as never, log);
  return {
    changed: changes.map(({ item }) => item),
    wrong: evidence.filter(({ ok }) => !ok).map(({ item, seen }) => `${item}: ${seen}`),
  };
}
const output = async (path: string, ...args: string[]) => (await commands.run(path, args)).stdout;

async function screenLock() {
  const capability = createScreenLock(host) as Capability;
  const desired = { mode: 'enforce', idleMinutes: 10 };
  const before = await snapshot();
  const open = await linuxScreenLock(commands);
  const applied = await pass(capability, desired);
  const observed = await linuxScreenLock(commands);
  const screenReader = await output(dconf, 'read', '-d', '/org/gnome/desktop/a11y/applications/screen-reader-enabled');
  await rm('/etc/dconf/db/local');
  const databaseGone = await pass(capability, desired);
  await writeFile('/etc/dconf/db/local.d/zzz-other', '[org/gnome/desktop/session]\nidle-delay=uint32 0\n');
  await commands.run(dconf, ['update']);
  const overridden = await pass(capability, desired);
  await rm('/etc/dconf/db/local.d/zzz-other');
  const again = await pass(capability, desired);
  await removeOnce(capability, log);
  const restored = (await snapshot()) === before;
  return { open, applied, observed, screenReader, databaseGone, overridden, again, restored };
}

async function screenLockWhereNothingWas() {
  await rm('/etc/dconf', { recursive: true, force: true });
  const capability = createScreenLock(host) as Capability;
  const before = await snapshot();
  const applied = await pass(capability, { mode: 'enforce', idleMinutes: 5 });
  await removeOnce(capability, log);
  return { applied, restored: (await snapshot()) === before };
}

async function updates() {
  const capability = createUpdates(host) as Capability;
  const desired = { mode: 'enforce', automatic: 'security', restart: true, schoolDayUntil: 16 };
  const before = await snapshot();
  const applied = await pass(capability, desired);
  const config = await output('/usr/bin/apt-config', 'dump');
  await chmod('/etc/apt/apt.conf.d/zz-rollcall.conf', 0o600);
  await writeFile('/etc/apt/apt.conf.d/zz-rollcall.conf', 'APT::Periodic::Unattended-Upgrade "0";\n');
  const drifted = await pass(capability, desired);
  await writeFile('/etc/apt/apt.conf.d/zzz-other.conf', 'APT::Periodic::Unattended-Upgrade "0";\n');
  const overridden = await pass(capability, desired);
  await rm('/etc/apt/apt.conf.d/zzz-other.conf');
  await removeOnce(capability, log);
  return { applied, config, drifted, overridden, restored: (await snapshot()) === before };
}

async function timeSync() {
  const capability = createTimeSync(host) as Capability;
  const desired = { mode: 'enforce', servers: ['time.example.org'] };
  await mkdir('/etc/systemd/timesyncd.conf.d', { recursive: true });
  await writeFile('/etc/systemd/timesyncd.conf.d/10-site.conf', '[Time]\nNTP=old.example\n');
  const before = await snapshot();
  const applied = await pass(capability, desired);
  const config = await output('/usr/bin/systemd-analyze', 'cat-config', 'systemd/timesyncd.conf');
  await rm('/etc/systemd/timesyncd.conf.d/zz-rollcall.conf');
  const drifted = await pass(capability, desired);
  await removeOnce(capability, log);
  return { applied, config, drifted, restored: (await snapshot()) === before };
}

const hasDconf = (await host.files.mode(dconf)) !== undefined;
if (hasDconf) {
  await mkdir('/etc/dconf/db/local.d', { recursive: true });
  await writeFile(site, '[org/gnome/desktop/a11y/applications]\nscreen-reader-enabled=true\n');
  await mkdir('/etc/dconf/profile', { recursive: true });
  await writeFile('/etc/dconf/profile/user', 'user-db:user\nsystem-db:local\n');
  await commands.run(dconf, ['update']);
}
const seen = {
  screenLock: hasDconf ? await screenLock() : null,
  bare: hasDconf ? await screenLockWhereNothingWas() : null,
  updates: await updates(),
  timeSync: await timeSync(),
  logged: log.lines,
};
process.stdout.write(JSON.stringify(seen));
