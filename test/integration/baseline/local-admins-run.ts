/*
 * Run by local-admins.test.ts on a host with an /etc of its own: real accounts and groups, made by useradd and changed by
 * gpasswd. Prints what was seen.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createLocalAdmins } from '../../../agent/capabilities/localAdmins/index.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import type { LocalAdminsSettings } from '../../../shared/profile/local-admins.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const commands = new SystemCommands();
async function run(path: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await commands.run(path, args);
  if (code !== 0) throw new Error(`${path} ${args.join(' ')}: ${stderr}`);
}
const gpasswd = (...args: string[]) => run('/usr/bin/gpasswd', ...args);

for (const name of ['pupil', 'it-admin', 'teacher', 'newcomer'])
  await run('/usr/sbin/useradd', '-M', '-s', '/bin/bash', '-p', '$6$x$y', name);
await run('/usr/sbin/useradd', '-M', '-r', '-s', '/bin/bash', 'robot');
await run('/usr/sbin/groupadd', 'wheel');
await gpasswd('-M', 'teacher,pupil,it-admin,robot', 'sudo');
await gpasswd('-M', 'pupil', 'wheel');
mkdirSync('/etc/sudoers.d', { recursive: true });
writeFileSync('/etc/sudoers', 'root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n');

const files = () => ['/etc/group', '/etc/gshadow'].map((path) => readFileSync(path, 'utf8')).join('---\n');
const members = (group: string) => new RegExp(`^${group}:.*:(.*)$`, 'm').exec(files())?.[1];
const capability = createLocalAdmins({ platform: 'linux', files: new HostFiles('', new MemoryOriginals()), commands });
const log = keptLog();
const pass = async (settings: LocalAdminsSettings) => {
  const { status, evidence, changes } = await enforceOnce(capability, settings, log);
  return { status, evidence, changes: changes.length, sudo: members('sudo'), wheel: members('wheel') };
};

const named: LocalAdminsSettings = { mode: 'enforce', onlyNamed: true, named: ['it-admin', 'newcomer'] };
const seen: Record<string, unknown> = {};
const before = files();
seen.audit = { ...(await pass({ ...named, mode: 'audit' })), untouched: files() === before };
seen.applied = await pass(named);
seen.again = await pass(named);
await gpasswd('-a', 'pupil', 'sudo');
seen.drifted = await pass(named);
seen.widened = await pass({ ...named, named: ['it-admin', 'teacher'] });
seen.nobodyNamed = await pass({ ...named, named: [] });
writeFileSync('/etc/sudoers.d/90-pupil', 'pupil ALL=(ALL) NOPASSWD:ALL\n');
seen.sudoers = await pass(named);
seen.removed = {
  status: (await removeOnce(capability, log)).status,
  untouched: files() === before,
  sudo: members('sudo'),
};
await pass(named);
await gpasswd('-a', 'newcomer', 'sudo');
await run('/usr/sbin/userdel', 'robot');
await run('/usr/sbin/userdel', 'teacher');
await run('/usr/sbin/useradd', '-M', '-u', '4242', 'teacher');
seen.removedLater = {
  status: (await removeOnce(capability, log)).status,
  sudo: members('sudo'),
  wheel: members('wheel'),
};
seen.removedTwice = { status: (await removeOnce(capability, log)).status, sudo: members('sudo') };
seen.faults = log.lines.map(({ words }) => words);
process.stdout.write(`${JSON.stringify(seen)}\n`);
