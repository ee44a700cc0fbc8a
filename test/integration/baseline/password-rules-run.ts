/*
 * Run by password-rules.test.ts on a host with an /etc of its own: su asks PAM, which counts wrong passwords as faillock.conf
 * says. Prints what was seen.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createPasswordRules } from '../../../agent/capabilities/passwordRules/index.ts';
import { faillockPath } from '../../../agent/capabilities/passwordRules/linux.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const commands = new SystemCommands();
async function run(path: string, args: string[], input = ''): Promise<void> {
  const { code, stderr } = await commands.run(path, args, { input });
  if (code !== 0) throw new Error(`${path} ${args.join(' ')}: ${stderr}`);
}
/** Somebody who is not root becomes the account: true when PAM lets them. */
async function becomes(password: string): Promise<boolean> {
  const args = ['--reuid=65534', '--regid=65534', '--clear-groups', '/usr/bin/su', 'pupil', '-c', 'true'];
  return (await commands.run('/usr/bin/setpriv', args, { input: `${password}\n`, timeoutMs: 20_000 })).code === 0;
}

await run('/usr/sbin/useradd', ['-M', '-d', '/', '-s', '/bin/sh', 'pupil']);
await run('/usr/sbin/chpasswd', [], 'pupil:right-horse-7\n');
/** Three seconds for each wrong password otherwise. login.defs(5) */
writeFileSync('/etc/login.defs', 'FAIL_DELAY 0\n');
writeFileSync(
  '/etc/pam.d/common-auth',
  `auth required pam_faillock.so preauth nodelay dir=/var/faillock
auth [success=2 default=ignore] pam_unix.so nodelay
auth [default=die] pam_faillock.so authfail nodelay dir=/var/faillock
auth requisite pam_deny.so
auth required pam_permit.so
`,
);
writeFileSync(
  '/etc/pam.d/common-account',
  'account required pam_faillock.so dir=/var/faillock\naccount required pam_unix.so\n',
);

const files = () => (existsSync(faillockPath) ? readFileSync(faillockPath, 'utf8') : 'absent');
const log = keptLog();
const rules = createPasswordRules({ platform: 'linux', files: new HostFiles('', new MemoryOriginals()), commands });
writeFileSync(faillockPath, 'deny = 50\n');
const before = files();
const { status } = await enforceOnce(rules, { mode: 'enforce', failedAttempts: 3, unlockMinutes: 15 }, log);
const seen: Record<string, unknown> = { status, rightAtFirst: await becomes('right-horse-7') };
await becomes('wrong');
await becomes('wrong');
seen.rightAfterTwo = await becomes('right-horse-7');
for (let time = 0; time < 3; time++) await becomes('wrong');
seen.rightAfterThree = await becomes('right-horse-7');
seen.removed = (await removeOnce(rules, log)).status;
seen.untouched = files() === before;
await run('/usr/sbin/faillock', ['--dir', '/var/faillock', '--user', 'pupil', '--reset']);
for (let time = 0; time < 4; time++) await becomes('wrong');
seen.rightAfterwards = await becomes('right-horse-7');
seen.faults = log.lines.map(({ words }) => words);
process.stdout.write(`${JSON.stringify(seen)}\n`);
