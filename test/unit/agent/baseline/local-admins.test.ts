import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choose, type Member, membersLines } from '../../../../agent/capabilities/localAdmins/choice.ts';
import { editArguments, parseMembership, parseNumbers } from '../../../../agent/capabilities/localAdmins/darwin.ts';
import { inOrder, lockedAccounts, withMembers } from '../../../../agent/capabilities/localAdmins/group-file.ts';
import { createLocalAdmins } from '../../../../agent/capabilities/localAdmins/index.ts';
import { readSudoers } from '../../../../agent/capabilities/localAdmins/sudoers.ts';
import { addStatement, parseMembers, removeStatement } from '../../../../agent/capabilities/localAdmins/win32.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { enforceOnce, removeOnce } from '../../../../agent/reconcile/enforce.ts';
import type { LocalAdminsSettings } from '../../../../shared/profile/local-admins.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, succeeded } from '../browser/recorded.ts';
import { keptLog } from '../health/recorded.ts';

const one = (name: string, number: number, more: Partial<Member> = {}): Member => ({
  id: `sudo:${name}`,
  name,
  role: 'person',
  isUsable: true,
  number,
  ...more,
});
const isNamed = (name: string) => ['it-admin', 'root'].includes(name);

describe('who stays administrator', () => {
  it.each<[string, Member[], string[], string | undefined]>([
    ['everybody else leaves beside a named account', [one('it-admin', 1000), one('a', 1001)], ['a'], undefined],
    ['the oldest stays where nobody is named', [one('b', 1002), one('a', 1001)], ['b'], 'a'],
    ['one account alone stays', [one('a', 1001)], [], 'a'],
    [
      'a named account that nobody can sign in with is no help',
      [one('it-admin', 1000, { isUsable: false }), one('a', 1001)],
      [],
      'a',
    ],
    [
      'a person stays rather than an older account of the system',
      [one('bot', 900, { role: 'system' }), one('a', 1001)],
      ['bot'],
      'a',
    ],
    [
      'one that can sign in stays rather than an older one',
      [one('a', 1001, { isUsable: false }), one('b', 1002)],
      ['a'],
      'b',
    ],
    ['the last one stays in every group', [one('a', 1001), one('a', 1001, { id: 'wheel:a' })], [], 'a'],
    ['what is built in stays and is enough', [one('x', 500, { role: 'fixed' }), one('a', 1001)], ['a'], undefined],
    ['root counts when it is named', [one('root', 0, { role: 'root' }), one('a', 1001)], ['a'], undefined],
    ['nobody there, nobody leaves', [], [], undefined],
  ])('%s', (_, members, leaving, lastOne) => {
    const choice = choose(members, isNamed);
    expect([choice.leaving.map(({ name }) => name), choice.lastOne]).toEqual([leaving, lastOne]);
  });

  it('root that is not named is nobody to rely on', () => {
    const members = [one('root', 0, { role: 'root' }), one('a', 1001)];
    expect(choose(members, () => false)).toEqual({ leaving: [], lastOne: 'a' });
  });

  it('names nobody in the evidence but who the settings name', () => {
    const members = [one('it-admin', 1000), one('Ada Byrne', 1001), one('robot', 900, { role: 'system' })];
    const [line] = membersLines(members, isNamed);
    expect(line?.seen).toBe('named: it-admin; others: 1 of people, 1 of the system');
  });
});

describe('files of accounts', () => {
  it('the order of before comes back around who came since', () => {
    expect(inOrder(['b', 'new'], ['a', 'c'], ['a', 'b', 'c'])).toEqual(['a', 'b', 'c', 'new']);
  });
  it('only the one group changes', () => {
    const text = 'sudo:x:27:a,b\nsudoers:x:28:a\n';
    expect(withMembers(text, 'sudo', ['b'])).toBe('sudo:x:27:b\nsudoers:x:28:a\n');
    expect(withMembers(text, 'wheel', ['b'])).toBe(text);
  });
  it('a password that cannot be right locks', () => {
    expect([...lockedAccounts('root:*:1::\na:!$6$x:1::\nb:$6$x:1::\nc::1::\n')]).toEqual(['root', 'a']);
  });
});

describe('rules of sudo, by sudoers(5)', () => {
  const none = { withoutPassword: 0, ownRules: 0, otherGroups: 0 };
  it.each<[string, Partial<typeof none>]>([
    ['root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL', {}],
    ['%sudo ALL=(ALL:ALL) NOPASSWD: ALL', { withoutPassword: 1 }],
    ['ubuntu ALL=(ALL) NOPASSWD:ALL', { withoutPassword: 1, ownRules: 1 }],
    ['it-admin ALL=(ALL) NOPASSWD: SETENV: ALL', { withoutPassword: 1 }],
    ['ada ALL = ALL', { ownRules: 1 }],
    ['ada ALL=(ALL) \\\n  ALL', { ownRules: 1 }],
    ['#1001 ALL=(ALL) ALL', { ownRules: 1 }],
    ['%teachers ALL=(ALL) ALL', { otherGroups: 1 }],
    ['# ada ALL=(ALL) ALL', {}],
    ['ada ALL=(ALL) NOPASSWD: /usr/bin/apt', {}],
    ['Defaults !authenticate', { withoutPassword: 1 }],
    ['Cmnd_Alias REST=ALL\n@includedir /etc/sudoers.d', {}],
    ['', {}],
  ])('%j', (text, expected) => {
    expect(readSudoers([text], isNamed, ['sudo'])).toEqual({ ...none, ...expected });
  });
});

describe('a Mac (values made up in the forms of dscl(1) and dseditgroup(8); never run)', () => {
  it.each<[string, string[] | undefined]>([
    ['GroupMembership: root ada\n', ['root', 'ada']],
    ['GroupMembership:\n root ada\n', ['root', 'ada']],
    ['No such key: GroupMembership\n', []],
    ['', undefined],
    ['<dscl_cmd> DS Error: -14136 (eDSRecordNotFound)\n', undefined],
  ])('members in %j', (stdout, expected) => expect(parseMembership(stdout)).toEqual(expected));

  it('numbers of accounts', () => {
    const stdout =
      '_spotlight              89\nada                     501\nnobody                  -2\nroot                    0\n';
    expect([...parseNumbers(stdout)]).toEqual([
      ['_spotlight', 89],
      ['ada', 501],
      ['nobody', -2],
      ['root', 0],
    ]);
  });
  it('the command changes one account of one group', () => {
    expect(editArguments('-d', 'ada').join(' ')).toBe('-o edit -d ada -t user admin');
  });
});

describe('Windows (values made up in the form our script prints; never run)', () => {
  const sid = (end: string) => `S-1-5-21-1004336348-1177238915-682003330-${end}`;
  it.each<[string, unknown, string[] | undefined]>([
    [
      'English',
      { members: [{ sid: sid('500'), name: 'PC\\Administrator', enabled: 'False' }] },
      ['Administrator fixed false'],
    ],
    [
      'German',
      {
        members: [
          { sid: sid('500'), name: 'PC\\Administrator', enabled: 'True' },
          { sid: sid('1001'), name: 'PC\\Zoë Müller', enabled: 'True' },
        ],
      },
      ['Administrator fixed true', 'Zoë Müller person true'],
    ],
    [
      'French',
      { members: [{ sid: sid('500'), name: 'PC\\Administrateur', enabled: 'True' }] },
      ['Administrateur fixed true'],
    ],
    [
      'a domain and its administrators',
      {
        members: [
          { sid: sid('512'), name: 'SCHOOL\\Domain Admins', enabled: '' },
          { sid: sid('2001'), name: 'SCHOOL\\ada', enabled: '' },
        ],
      },
      ['Domain Admins fixed true', 'ada person true'],
    ],
    [
      'a role of Entra ID',
      { members: [{ sid: 'S-1-12-1-123-456-789-1011', name: 'S-1-12-1-123-456-789-1011', enabled: '' }] },
      ['S-1-12-1-123-456-789-1011 fixed true'],
    ],
    ['an empty group', { members: [] }, []],
    ['nothing', undefined, undefined],
    ['something else', { members: 'none' }, undefined],
    ['a hostile number', { members: [{ sid: "S-1'; Remove-Item C:\\", name: 'x', enabled: '' }] }, undefined],
  ])('%s', (_, answer, expected) => {
    expect(parseMembers(answer)?.map(({ name, role, isUsable }) => `${name} ${role} ${isUsable}`)).toEqual(expected);
  });

  it('statements name the group and the account by their numbers', () => {
    expect(removeStatement(sid('1001'))).toBe(`Remove-LocalGroupMember -SID 'S-1-5-32-544' -Member '${sid('1001')}'`);
    expect(addStatement(sid('1001'))).toContain(`Add-LocalGroupMember -SID 'S-1-5-32-544' -Member '${sid('1001')}'`);
  });
});

/** A PC and a Mac that keep members as their documentation says. */
class PretendedGroups implements Commands {
  members: string[];
  answer: CommandResult | undefined;
  constructor(members: string[]) {
    this.members = members;
  }
  async run(path: string, args: readonly string[], { input = '' } = {}): Promise<CommandResult> {
    if (this.answer) return this.answer;
    if (path.endsWith('dscl'))
      return succeeded(
        args.includes('-list') ? 'root 0\nada 501\nit-admin 502\n' : `GroupMembership: ${this.members.join(' ')}\n`,
      );
    if (path.endsWith('dseditgroup'))
      return this.#change(args.includes('-a') ? [args[3] ?? ''] : [], args.includes('-d') ? [args[3] ?? ''] : []);
    const sids = (verb: string) =>
      [...input.matchAll(new RegExp(`${verb}-LocalGroupMember .*?-Member '([^']+)'`, 'g'))].map(([, id = '']) => id);
    this.#change(sids('Add'), sids('Remove'));
    const members = this.members.map((id) => ({
      sid: id,
      name: id.endsWith('1002') ? 'PC\\IT-Admin' : 'PC\\ada',
      enabled: 'True',
    }));
    return succeeded(input.includes('ConvertTo-Json') ? JSON.stringify({ members }) : '');
  }
  #change(added: string[], removed: string[]): CommandResult {
    this.members = [...this.members.filter((name) => !removed.includes(name)), ...added];
    return succeeded();
  }
}

describe.each([
  ['win32', ['S-1-5-21-1-2-3-1001', 'S-1-5-21-1-2-3-1002'], /PowerShell|could not be read/],
  ['darwin', ['root', 'ada', 'it-admin'], /could not be read/],
] as const)('on %s, from documented output', (platform, before, refusal) => {
  const settings: LocalAdminsSettings = { mode: 'enforce', onlyNamed: true, named: ['it-admin'] };
  let root: string;
  let groups: PretendedGroups;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollcall-admins-'));
    groups = new PretendedGroups([...before]);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const capability = () =>
    createLocalAdmins({ platform, files: new PretendedHostFiles(root, new MemoryOriginals()), commands: groups });

  it('others leave, come back by hand, leave again, and are back when the agent lets go', async () => {
    const admins = capability();
    const staying = before.filter((name) => !/ada|1001/.test(name));
    expect((await enforceOnce(admins, settings, keptLog())).status).toBe('verified');
    expect(groups.members).toEqual(staying);
    groups.members.push(...before.filter((name) => /ada|1001/.test(name)));
    expect((await enforceOnce(admins, settings, keptLog())).changes).toHaveLength(1);
    expect(groups.members).toEqual(staying);
    expect((await removeOnce(admins, keptLog())).status).toBe('verified');
    expect(groups.members.toSorted()).toEqual([...before].sort());
  });

  it.each<[string, CommandResult]>([
    ['access denied', failed('Access is denied.')],
    ['access denied in German', failed('Zugriff verweigert')],
    ['an entry without an account', failed('Failed to compare two elements in the array.')],
    ['empty output', succeeded('')],
    ['a program that is missing', { code: -1, stdout: '', stderr: '', failure: 'missing' }],
  ])('%s is a failure with its reason, and changes nothing', async (_, answer) => {
    groups.answer = answer;
    const { status, failure } = await enforceOnce(capability(), settings, keptLog());
    expect(status).toBe('failed');
    expect(failure?.message).toMatch(refusal);
    expect(groups.members).toEqual(before);
  });
});
