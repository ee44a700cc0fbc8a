import { describe, expect, it } from 'vitest';
import {
  linuxLocalAdmins,
  readLinuxAdmins,
  readMacAdmins,
  readWindowsAdmins,
} from '../../../../agent/health/posture/local-admins.ts';
import { denied, done, missing, recordedCommands } from './recorded.ts';

/*
 * Where the texts come from: [run] printed on a machine here; [manual] the format of the manual page named; [capture] output
 * that somebody published, with other names. What has no mark is made up in the same forms. Windows and macOS were never run.
 */

/** [run] of Debian 12, with people added as adduser(8) writes them. */
const system = [
  'root:x:0:0:root:/root:/bin/bash',
  'polkitd:x:996:996:polkit:/nonexistent:/usr/sbin/nologin',
  'postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash',
  'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
];
const person = (name: string, uid: number, gid = uid) => `${name}:x:${uid}:${gid}:${name},,,:/home/${name}:/bin/bash`;
const passwd = (...people: string[]) => done(`${[...system, ...people].join('\n')}\n`);
const [ada, bob] = [person('ada', 1000), person('bob', 1001)];
/** [run]: a group that does not exist makes getent exit with 2 after printing the others. */
const groups = (line: string) => done(`${line}\n`, 2);
const nobody = done('');
/** [manual loginctl(1)]; from systemd 254 more columns follow. */
const there = (person: string) => done(`     2 ${person} seat0 tty2\n`);
/** [manual last(1)], as util-linux prints it. */
const logins = (...people: string[]) =>
  done(
    `${people.map((who) => `${who} Fri Nov 20 08:12   still logged in`).join('\n')}\n\nwtmp begins Tue May 20 00:00:00 2025\n`,
  );

describe('local administrators on Linux', () => {
  it.each([
    [
      'the person may use sudo [manual group(5)]',
      passwd(ada, bob),
      groups('sudo:x:27:ada'),
      there('1000 ada'),
      'admin',
      1,
    ],
    ['the person may not', passwd(ada, bob), groups('sudo:x:27:ada'), there('1001 bob'), 'not-admin', 1],
    ['by Red Hat’s group', passwd(ada), groups('wheel:x:10:root,ada'), there('1000 ada'), 'admin', 1],
    ['by the primary group', passwd(person('ada', 1000, 27)), groups('sudo:x:27:'), there('1000 ada'), 'admin', 1],
    ['nobody may [run]', passwd(ada, bob), groups('sudo:x:27:'), nobody, 'not-admin', 0],
    ['no such group at all', passwd(ada), done('', 2), nobody, 'not-admin', 0],
    ['a server without people [run]', passwd(), groups('sudo:x:27:'), nobody, 'not-admin', 0],
    ['nobody is there, but everybody may', passwd(ada), groups('sudo:x:27:ada'), nobody, 'admin', 1],
    ['nobody is there, and one of two may', passwd(ada, bob), groups('sudo:x:27:ada'), nobody, 'unknown', 1],
    [
      'somebody from a directory, whom passwd does not list',
      passwd(ada),
      groups('sudo:x:27:carol'),
      there('716000123 carol'),
      'admin',
      1,
    ],
    [
      'systemd 254 and later; who came over the network does not sit there',
      passwd(ada, bob),
      groups('sudo:x:27:ada'),
      done('  1 1000 ada  -     811 user pts/0 no -\n  c2 1001 bob seat0 1234 user tty2 no -\n'),
      'not-admin',
      1,
    ],
    [
      'the screen of the display manager is no person',
      passwd(ada, bob),
      groups('sudo:x:27:ada'),
      done(' c1 60578 gdm-greeter seat0 tty1\n c2 110 gdm seat0 tty1\n'),
      'unknown',
      1,
    ],
    [
      'no systemd [run]',
      passwd(ada),
      groups('sudo:x:27:'),
      done('', 1, "System has not been booted with systemd as init system (PID 1). Can't operate."),
      'not-admin',
      0,
    ],
  ])('%s', (_, accounts, members, sessions, state, admins) => {
    expect(readLinuxAdmins({ passwd: accounts, groups: members, sessions, logins: missing })).toMatchObject({
      state,
      admins,
    });
  });

  it.each([
    [
      'the last at the screen',
      logins('ada      tty2         tty2            ', 'bob      tty2         tty2            '),
      'admin',
    ],
    [
      'not who came over the network after',
      logins('ada      pts/0        192.0.2.7       ', 'bob      :0           :0              '),
      'not-admin',
    ],
    [
      'not the screen of the display manager, nor root',
      logins(
        'gdm      tty1         tty1            ',
        'root     tty3                         ',
        'bob      tty2         tty2            ',
      ),
      'not-admin',
    ],
    [
      'not a start of the system',
      logins('reboot   system boot  6.1.0-27-amd64  ', 'ada      tty2         tty2            '),
      'admin',
    ],
    [
      'somebody from a directory, whom passwd does not list',
      logins('carol    tty2         tty2            ', 'ada      tty2         tty2            '),
      'not-admin',
    ],
    [
      'not a login window that last cannot name',
      logins('(unknown :0           :0              ', 'ada      tty2         tty2            '),
      'admin',
    ],
    ['nobody yet [run]', logins(), 'unknown'],
    ['last is not installed, as on Debian 13', missing, 'unknown'],
  ])('at the login window counts %s', (_, said, state) => {
    const accounts = passwd(ada, bob, 'gdm:x:110:118:Gnome Display Manager:/var/lib/gdm3:/bin/false');
    const members = groups('sudo:x:27:ada');
    expect(readLinuxAdmins({ passwd: accounts, groups: members, sessions: nobody, logins: said }).state).toBe(state);
  });

  it.each([
    ['getent is not installed', missing, groups('sudo:x:27:'), 'getent passwd is not installed'],
    ['it may not be asked', denied, groups('sudo:x:27:'), 'getent passwd may not be asked by this account'],
    ['it prints nothing', done(''), groups('sudo:x:27:'), 'getent passwd gave no usable answer (exit code 0)'],
    ['it prints something else', done('a\nb:c\n'), groups(''), 'getent passwd gave no usable answer (exit code 0)'],
    ['groups cannot be read', passwd(ada), done('', 1), 'getent group gave no usable answer (exit code 1)'],
  ])('is unknown when %s', (_, accounts, members, evidence) => {
    const asked = { passwd: accounts, groups: members, sessions: nobody, logins: missing };
    expect(readLinuxAdmins(asked)).toEqual({ state: 'unknown', evidence });
  });

  it('tells no name', async () => {
    const commands = recordedCommands({
      '/usr/bin/getent passwd': passwd(ada, bob),
      '/usr/bin/getent group sudo wheel admin': groups('sudo:x:27:ada'),
      '/usr/bin/loginctl': there('1000 ada'),
    });
    const observation = await linuxLocalAdmins(commands);
    expect(observation).toEqual({
      state: 'admin',
      users: 2,
      admins: 1,
      evidence: 'The person signed in is an administrator; 1 of 2 ordinary accounts can administer this device',
    });
  });
});

/** [manual dscl(1)] name and number in columns; accounts of services begin with an underscore. */
const macUsers = done(
  '_spotlight              89\nada                     501\nbob                     502\nroot                    0\n',
);
/** [capture] dscl . -read /Groups/admin GroupMembership */
const macAdmins = done('GroupMembership: root ada\n');

describe('local administrators on macOS (not run here)', () => {
  it.each([
    ['the person is one [capture]', macUsers, macAdmins, done('ada\n'), 'admin'],
    ['the person is none', macUsers, macAdmins, done('bob\n'), 'not-admin'],
    ['the login window [manual stat(1)]', macUsers, macAdmins, done('root\n'), 'unknown'],
    ['the login window, and nobody is one', macUsers, done('GroupMembership: root\n'), done('root\n'), 'not-admin'],
    ['names that begin alike', macUsers, done('GroupMembership: root adabob\n'), done('ada\n'), 'not-admin'],
    ['no such key [manual dscl(1)]', macUsers, done('No such key: GroupMembership\n'), done('ada\n'), 'unknown'],
    ['no rights', denied, macAdmins, done('ada\n'), 'unknown'],
    ['no group', macUsers, missing, done('ada\n'), 'unknown'],
    ['empty', done(''), done(''), done(''), 'unknown'],
  ])('%s', (_, users, group, console, state) => {
    expect(readMacAdmins({ users, group, console, last: missing }).state).toBe(state);
  });

  it.each([
    ['an administrator', done('ada\n'), 'admin'],
    ['none', done('bob\n'), 'not-admin'],
    [
      'nobody [manual defaults(1)]',
      done('', 1, 'The domain/default pair of (…, lastUserName) does not exist'),
      'unknown',
    ],
  ])('at the login window counts who was last: %s', (_, last, state) => {
    expect(readMacAdmins({ users: macUsers, group: macAdmins, console: done('root\n'), last }).state).toBe(state);
  });
});

const domain = 'S-1-5-21-3623811015-3361044348-30300820';
const entra = 'S-1-12-1-1234567890-1098765432-2345678901-3456789012';
const [builtIn, local, pupil] = [`${domain}-500`, `${domain}-1001`, `${domain}-1002`];
const windows = (admins: string, users: string, signedIn: string, last = '') =>
  done(`${JSON.stringify({ admins, users, signedIn, last })}\r\n`);

/** SIDs in the form of Microsoft's "Security identifiers" page; being SIDs they are the same in every language. */
describe('local administrators on Windows (not run here)', () => {
  it.each([
    ['the person is one', windows(`${builtIn} ${local}`, `${local} ${pupil}`, local), 'admin', 1],
    ['the person is none', windows(`${builtIn} ${local}`, `${local} ${pupil}`, pupil), 'not-admin', 1],
    ['an account of Entra ID', windows(`${builtIn} ${entra}`, local, entra), 'admin', 1],
    [
      'an account of the domain, beside its administrators’ group',
      windows(`${builtIn} ${domain}-512`, '', `${domain}-5001`),
      'not-admin',
      0,
    ],
    ['roles of Entra ID that nobody here holds by name', windows(`${builtIn} ${entra}`, pupil, pupil), 'not-admin', 0],
    ['the built-in account alone', windows(builtIn, builtIn, ''), 'not-admin', 0],
    ['nobody is there, and one of two is', windows(local, `${local} ${pupil}`, ''), 'unknown', 1],
    [
      'two desktops, one of them an administrator’s',
      windows(local, `${local} ${pupil}`, `${pupil} ${local}`),
      'admin',
      1,
    ],
  ])('%s', (_, result, state, admins) => {
    expect(readWindowsAdmins(result)).toMatchObject({ state, admins });
  });

  it.each([
    ['access is denied, in English', done('', 1, 'Access is denied.'), 'PowerShell may not be asked by this account'],
    [
      'access is denied, in German',
      done('', 1, 'Zugriff verweigert'),
      'PowerShell gave no usable answer (exit code 1)',
    ],
    ['there is no PowerShell', missing, 'PowerShell is not installed'],
    ['the answer lacks a part', done('{"admins":"","users":""}'), 'PowerShell gave no usable answer (exit code 0)'],
    ['the answer is null', done('null'), 'PowerShell gave no usable answer (exit code 0)'],
    ['the answer is empty', done(''), 'PowerShell gave no usable answer (exit code 0)'],
  ])('is unknown when %s', (_, result, evidence) => {
    expect(readWindowsAdmins(result)).toEqual({ state: 'unknown', evidence });
  });
});
