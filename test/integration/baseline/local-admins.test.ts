import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { createLocalAdmins } from '../../../agent/capabilities/localAdmins/index.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import type { LocalAdminsSettings } from '../../../shared/profile/local-admins.ts';
import { everythingBelow } from '../../fakes/folder.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog, recordedCommands } from '../../unit/agent/health/recorded.ts';
import { noOwnEtc, onOwnEtc } from './own-etc.ts';

const why = noOwnEtc('useradd', 'gpasswd');

describe.skipIf(why !== undefined)(`administrators of a host, for real${why ? ` (skipped: ${why})` : ''}`, () => {
  let seen: Record<string, Record<string, unknown>>;
  beforeAll(async () => {
    seen = (await onOwnEtc('local-admins-run.ts')) as typeof seen;
  }, 60_000);

  it('are only looked at in audit', () => {
    expect(seen.audit).toMatchObject({ status: 'verified', changes: 0, untouched: true });
    expect(JSON.stringify(seen.audit?.evidence)).toContain('named: it-admin; others: 2 of people, 1 of the system');
  });
  it('are only the named ones afterwards, and a second pass changes nothing', () => {
    expect(seen.applied).toMatchObject({ status: 'verified', changes: 1, sudo: 'it-admin', wheel: '' });
    expect(seen.again).toMatchObject({ status: 'verified', changes: 0, sudo: 'it-admin' });
  });
  it('are put right when somebody comes back by hand', () => {
    expect(seen.drifted).toMatchObject({ status: 'verified', changes: 1, sudo: 'it-admin' });
  });
  it('are given back to who is named later', () => {
    expect(seen.widened).toMatchObject({ status: 'verified', changes: 1, sudo: 'teacher,it-admin' });
  });
  it('are never taken from the last account', () => {
    expect(seen.nobodyNamed).toMatchObject({ status: 'failed', sudo: 'it-admin' });
    expect(JSON.stringify(seen.nobodyNamed?.evidence)).toContain('the oldest account stays');
  });
  it('are reported when a rule of sudo needs no password, without its name', () => {
    const evidence = JSON.stringify(seen.sudoers?.evidence);
    expect(evidence).toContain('rules of sudo that allow everything without a password');
    expect(evidence).not.toContain('pupil');
  });
  it('are the same as before, byte for byte, when the agent lets go', () => {
    expect(seen.removed).toMatchObject({ status: 'verified', untouched: true, sudo: 'teacher,pupil,it-admin,robot' });
  });
  it('come back without an account that is gone or made anew, and beside one that came since', () => {
    expect(seen.removedLater).toMatchObject({ sudo: 'pupil,it-admin,newcomer', wheel: 'pupil' });
    expect(seen.removedTwice).toMatchObject({ status: 'verified', sudo: 'pupil,it-admin,newcomer' });
  });
  it('lead to no fault of the agent', () => {
    expect(seen.faults).toEqual([]);
  });
});

describe('administrators in a root of its own', () => {
  const settings: LocalAdminsSettings = { mode: 'enforce', onlyNamed: true, named: ['it-admin'] };
  let root: string;
  let commands: ReturnType<typeof recordedCommands>;
  let admins: Capability<'localAdmins'>;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollcall-admins-'));
    commands = recordedCommands({});
    await mkdir(join(root, 'etc'));
    await put(
      'passwd',
      'root:x:0:0::/root:/bin/bash\nit-admin:x:1000:1000::/home/a:/bin/bash\npupil:x:1001:1001::/:/bin/sh\n',
    );
    await put('group', 'root:x:0:\nsudo:x:27:pupil,it-admin\nusers:x:100:pupil\n');
    await put('gshadow', 'root:*::\nsudo:*::pupil,it-admin\n');
    admins = createLocalAdmins({ platform: 'linux', files: new HostFiles(root, new MemoryOriginals()), commands });
  });
  afterEach(async () => {
    expect(commands.calls, 'a trial runs nothing').toEqual([]);
    await rm(root, { recursive: true, force: true });
  });
  const put = (name: string, text: string) => writeFile(join(root, 'etc', name), text);
  const pass = async (wanted = settings) => (await enforceOnce(admins, wanted, keptLog())).status;

  it('are changed in the files alone, put right after drift, and restored byte for byte', async () => {
    const before = everythingBelow(root);
    expect(await pass()).toBe('verified');
    const group = await readFile(join(root, 'etc/group'), 'utf8');
    expect(group).toBe('root:x:0:\nsudo:x:27:it-admin\nusers:x:100:pupil\n');
    await put('group', group.replace('27:it-admin', '27:it-admin,pupil'));
    expect(await pass()).toBe('verified');
    expect(await readFile(join(root, 'etc/group'), 'utf8')).toBe(group);
    expect((await removeOnce(admins, keptLog())).status).toBe('verified');
    expect(everythingBelow(root)).toEqual(before);
  });

  it('come back when the profile no longer asks, or only looks', async () => {
    for (const wanted of [{ mode: 'enforce' }, { ...settings, mode: 'audit' }] as const) {
      const before = everythingBelow(root);
      await pass();
      expect(await pass(wanted)).toBe('verified');
      expect(everythingBelow(root)).toEqual(before);
    }
  });

  it('cannot be judged without /etc/passwd, which is said', async () => {
    await rm(join(root, 'etc/passwd'));
    const { status, failure } = await enforceOnce(admins, settings, keptLog());
    expect([status, failure?.code]).toEqual(['failed', 'accounts-not-read']);
  });
});
