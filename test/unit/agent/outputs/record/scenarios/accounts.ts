import type { Scenario } from './scenario.ts';

const people = `useradd -m -s /bin/bash ada; useradd -m -s /bin/bash bob`;
/** Somebody at the screen, by logind: a session of `su` on seat0. */
const atScreen = (name: string) =>
  `systemctl start dbus systemd-logind; XDG_SEAT=seat0 XDG_SESSION_TYPE=x11 XDG_SESSION_CLASS=user setsid su ${name} -c 'sleep 300' & sleep 3`;
const getent = [
  ['/usr/bin/getent', 'passwd'],
  ['/usr/bin/getent', 'group', 'sudo', 'wheel', 'admin'],
];
const sessions = ['/usr/bin/loginctl', 'list-sessions', '--no-legend'];
const last = ['/usr/bin/last', '-w', '-n', '200'];
export const localAdmins: readonly Scenario[] = [
  {
    name: 'getent-one-of-two',
    check: 'localAdmins',
    what: 'one of two people is in sudo; nobody can be asked who is signed in',
    setup: `${people}; usermod -aG sudo ada`,
    commands: [...getent, sessions, last],
    program: 'libc-bin',
    expected: { state: 'unknown', reason: '1 of 2', users: 2, admins: 1 },
  },
  {
    name: 'getent-none',
    check: 'localAdmins',
    what: 'two people and no administrator',
    setup: people,
    commands: getent,
    program: 'libc-bin',
    expected: { state: 'not-admin', reason: '0 of 2', users: 2, admins: 0 },
  },
  {
    name: 'getent-primary-group',
    check: 'localAdmins',
    what: 'one person whose main group is sudo, asked by an ordinary account',
    asNobody: true,
    setup: 'useradd -m -s /bin/bash -g sudo eve',
    commands: getent,
    program: 'libc-bin',
    expected: { state: 'admin', reason: '1 of 1', users: 1, admins: 1 },
  },
  {
    name: 'loginctl-nobody-there',
    check: 'localAdmins',
    what: 'systemd runs and nobody is signed in; all may administer',
    booted: true,
    setup: 'useradd -m -s /bin/bash -G sudo ada',
    commands: [...getent, sessions, last],
    program: 'systemd',
    expected: { state: 'admin', reason: '1 of 1', users: 1, admins: 1 },
  },
  {
    name: 'session-admin',
    check: 'localAdmins',
    what: 'an administrator at the screen, beside a person who is none',
    booted: true,
    setup: `${people}; usermod -aG sudo ada; ${atScreen('ada')}`,
    commands: [...getent, sessions, last],
    program: 'systemd',
    expected: { state: 'admin', reason: 'The person signed in is an administrator', users: 2, admins: 1 },
  },
  {
    name: 'session-person',
    check: 'localAdmins',
    what: 'a person at the screen who is no administrator, beside one who is',
    booted: true,
    setup: `${people}; usermod -aG sudo ada; ${atScreen('bob')}`,
    commands: [...getent, sessions, last],
    program: 'systemd',
    expected: { state: 'not-admin', reason: 'The person signed in is no administrator', users: 2, admins: 1 },
  },
  {
    name: 'session-remote',
    check: 'localAdmins',
    what: 'an administrator signed in without a screen, which says nothing of who sits there',
    booted: true,
    setup: `${people}; usermod -aG sudo ada; systemctl start dbus systemd-logind; setsid su ada -c 'sleep 300' & sleep 3`,
    commands: [...getent, sessions, last],
    program: 'systemd',
    expected: { state: 'unknown', reason: 'Nobody is known to use it', users: 2, admins: 1 },
  },
];

const lightdm = [
  '/etc/lightdm/lightdm.conf',
  '/usr/share/lightdm/lightdm.conf.d/01_debian.conf',
  '/usr/sbin/lightdm',
  '/etc/passwd',
  '/etc/shadow',
];
export const guestAccount: readonly Scenario[] = [
  {
    name: 'lightdm-debian',
    check: 'guestAccount',
    what: 'LightDM as Debian configures it',
    files: lightdm,
    program: 'lightdm',
    expected: { state: 'off', reason: 'no guest script' },
  },
  {
    name: 'guest-account-open',
    check: 'guestAccount',
    what: 'an account guest with a password',
    setup: `useradd -m -s /bin/bash guest; echo 'guest:welcome' | chpasswd -c SHA512`,
    files: ['/etc/passwd', '/etc/shadow'],
    program: 'passwd',
    expected: { state: 'on', reason: 'account guest is not locked' },
  },
  {
    name: 'guest-account-locked',
    check: 'guestAccount',
    what: 'an account guest that usermod locked',
    setup: `useradd -m -s /bin/bash guest; echo 'guest:welcome' | chpasswd -c SHA512; usermod --lock --expiredate 1 guest`,
    files: ['/etc/passwd', '/etc/shadow'],
    program: 'passwd',
    expected: { state: 'not-applicable', reason: 'No display manager' },
  },
];

export const passwordRules: readonly Scenario[] = [
  {
    name: 'pwquality-shipped',
    check: 'passwordRules',
    what: 'pwquality, faillock and PAM as Debian configures them',
    files: [
      '/etc/security/pwquality.conf',
      '/etc/security/faillock.conf',
      '/etc/pam.d/common-password',
      '/etc/pam.d/common-auth',
    ],
    program: 'libpam-pwquality',
    expected: { pwquality: {}, faillock: {}, asksPwquality: true, asksFaillock: false },
  },
];
