import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { createPasswordRules } from '../../../agent/capabilities/passwordRules/index.ts';
import { dropInPath, faillockPath, pwqualityPath } from '../../../agent/capabilities/passwordRules/linux.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import type { PasswordRulesSettings } from '../../../shared/profile/password-rules.ts';
import { everythingBelow } from '../../fakes/folder.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog, recordedCommands } from '../../unit/agent/health/recorded.ts';
import { noOwnEtc, onOwnEtc } from './own-etc.ts';

const settings: PasswordRulesSettings = {
  mode: 'enforce',
  minLength: '12',
  minClasses: '3',
  failedAttempts: 5,
  unlockMinutes: 15,
};
const password = '/etc/pam.d/common-password';
const auth = '/etc/pam.d/common-auth';
const pwqualityLine = 'password requisite pam_pwquality.so retry=3\n';
const faillockLines =
  'auth required pam_faillock.so preauth\nauth [success=1 default=ignore] pam_unix.so\nauth [default=die] pam_faillock.so authfail\n';

describe('password rules in a root of its own', () => {
  let root: string;
  let commands: ReturnType<typeof recordedCommands>;
  let rules: Capability<'passwordRules'>;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollcall-passwords-'));
    commands = recordedCommands({});
    await put(pwqualityPath, '# minlen = 8\n');
    await put(faillockPath, '# deny = 3\ndeny = 10\nsilent');
    await put(password, pwqualityLine);
    await put(auth, faillockLines);
    rules = createPasswordRules({ platform: 'linux', files: new HostFiles(root, new MemoryOriginals()), commands });
  });
  afterEach(async () => {
    expect(commands.calls, 'a trial runs nothing').toEqual([]);
    await rm(root, { recursive: true, force: true });
  });
  async function put(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const read = (path: string) => readFile(join(root, path), 'utf8');
  async function pass(wanted: PasswordRulesSettings = settings) {
    const { status, changes, evidence } = await enforceOnce(rules, wanted, keptLog());
    const wrong = evidence.filter(({ ok }) => !ok).map(({ item, seen }) => `${item}: ${seen}`);
    return { status, changes: changes.map(({ item }) => item), wrong };
  }
  const settled = { status: 'verified', changes: [], wrong: [] };

  it('are written beside what is there, and a second pass changes nothing', async () => {
    expect((await pass()).status).toBe('verified');
    expect(await read(dropInPath)).toMatch(/^#.*\nminlen = 12\nminclass = 3\n$/);
    expect(await read(pwqualityPath)).toBe('# minlen = 8\n');
    expect(await read(faillockPath)).toBe('# deny = 3\ndeny = 5\nsilent\nunlock_time = 900\n');
    expect(await pass()).toEqual(settled);
  });

  it.each<[string, () => Promise<void>]>([
    ['the drop-in is deleted', () => rm(join(root, dropInPath))],
    ['the drop-in is changed', () => put(dropInPath, 'minlen = 6\n')],
    ['the main file, which is read last, asks less', () => put(pwqualityPath, 'minlen = 6\n')],
    ['an account is never locked', () => put(faillockPath, 'deny = 0\n')],
    ['a lock opens at once', () => put(faillockPath, 'deny = 5\nunlock_time = 1\n')],
  ])('are put right when %s', async (_, drift) => {
    await pass();
    await drift();
    const { status, changes } = await pass();
    expect(status).toBe('verified');
    expect(changes.length).toBeGreaterThan(0);
    expect(await pass()).toEqual(settled);
  });

  it('are restored byte for byte, after drift too', async () => {
    const before = everythingBelow(root);
    await pass();
    await put(faillockPath, (await read(faillockPath)).replace('deny = 5', 'deny = 99'));
    await pass();
    expect((await removeOnce(rules, keptLog())).status).toBe('verified');
    expect(everythingBelow(root)).toEqual(before);
    expect((await removeOnce(rules, keptLog())).status).toBe('verified');
    expect(everythingBelow(root)).toEqual(before);
  });

  it('leave no file where there was none', async () => {
    await rm(join(root, 'etc/security'), { recursive: true });
    const before = everythingBelow(root);
    expect((await pass()).status).toBe('verified');
    await removeOnce(rules, keptLog());
    expect(everythingBelow(root)).toEqual(before);
  });

  it('leave what an administrator wrote beside them meanwhile', async () => {
    await pass();
    await put(faillockPath, `${await read(faillockPath)}audit\n`);
    expect(await pass()).toEqual(settled);
    await removeOnce(rules, keptLog());
    expect(await read(faillockPath)).toBe('# deny = 3\ndeny = 10\nsilent\naudit\n');
  });

  it('go one by one when a profile asks less, and all when it only looks', async () => {
    const before = everythingBelow(root);
    await pass();
    expect(await pass({ mode: 'enforce', minLength: '12' })).toMatchObject({ status: 'verified', wrong: [] });
    expect(await read(faillockPath)).toBe('# deny = 3\ndeny = 10\nsilent');
    expect(await read(dropInPath)).toMatch(/minlen = 12\n$/);
    expect(await pass({ ...settings, mode: 'audit' })).toMatchObject({ status: 'verified', wrong: [] });
    expect(everythingBelow(root)).toEqual(before);
  });

  it('leave stricter ones of the host alone', async () => {
    await put('/etc/security/pwquality.conf.d/50-school.conf', 'minlen = 14\nminclass = 4\n');
    await put(faillockPath, 'deny = 3\nunlock_time = never\n');
    const before = everythingBelow(root);
    expect(await pass()).toEqual(settled);
    expect(everythingBelow(root)).toEqual(before);
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'pam_pwquality is not asked',
      () => put(password, 'password required pam_unix.so\n'),
      /pam_pwquality in .*no effect/,
    ],
    ['it is only a comment', () => put(password, `# ${pwqualityLine}`), /pam_pwquality in .*no effect/],
    [
      'pam_faillock is not told of wrong ones',
      () => put(auth, 'auth required pam_faillock.so preauth\n'),
      /pam_faillock in .*no effect/,
    ],
    [
      'a line of PAM asks less',
      () => put(password, 'password requisite pam_pwquality.so minlen=6\n'),
      /shortest password .*6 characters, from .*common-password/,
    ],
    [
      'a later drop-in asks less',
      () => put('/etc/security/pwquality.conf.d/zzz.conf', 'minlen = 7\n'),
      /shortest password .*zzz\.conf/,
    ],
    ['there is no stack of PAM', () => rm(join(root, '/etc/pam.d'), { recursive: true }), /pam_pwquality: not known/],
  ])('are not called verified when %s, which is left to people', async (_, arrange, words) => {
    await arrange();
    await pass();
    const { status, changes, wrong } = await pass();
    expect([status, changes]).toEqual(['failed', []]);
    expect(wrong.join('\n')).toMatch(words);
  });

  it('are found in the stacks of Red Hat too', async () => {
    await rm(join(root, '/etc/pam.d'), { recursive: true });
    for (const name of ['system-auth', 'password-auth']) await put(`/etc/pam.d/${name}`, faillockLines + pwqualityLine);
    expect((await pass()).status).toBe('verified');
    await put('/etc/pam.d/password-auth', faillockLines);
    expect((await pass()).wrong).toEqual([expect.stringContaining('pam_pwquality in /etc/pam.d/password-auth')]);
  });
});

const why = noOwnEtc('useradd', 'faillock', 'setpriv', 'su');

describe.skipIf(why !== undefined)(`lockout by PAM, for real${why ? ` (skipped: ${why})` : ''}`, () => {
  let seen: Record<string, unknown>;
  beforeAll(async () => {
    seen = await onOwnEtc('password-rules-run.ts');
  }, 60_000);

  it('is verified, locks after the wrong passwords of the profile, and not before', () => {
    expect(seen).toMatchObject({ status: 'verified', rightAtFirst: true, rightAfterTwo: true, rightAfterThree: false });
  });
  it('ends when the agent lets go, with every file as before', () => {
    expect(seen).toMatchObject({ removed: 'verified', untouched: true, rightAfterwards: true, faults: [] });
  });
});
