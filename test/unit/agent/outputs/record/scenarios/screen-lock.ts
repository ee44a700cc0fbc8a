import type { Scenario } from './scenario.ts';

const list = ['/usr/bin/ls', '-1', '/usr/share/xsessions', '/usr/share/wayland-sessions'];
const dconf = (key: string) => ['/usr/bin/dconf', 'read', '-d', key];
const locks = ['/usr/bin/dconf', 'list-locks', '/'];
const gnome = [
  list,
  locks,
  dconf('/org/gnome/desktop/session/idle-delay'),
  dconf('/org/gnome/desktop/screensaver/lock-enabled'),
  dconf('/org/gnome/desktop/screensaver/lock-delay'),
];
/** The file of a session, without the desktop behind it: only its name is looked at. */
const session = (name: string) =>
  `mkdir -p /usr/share/xsessions /usr/share/wayland-sessions; : > /usr/share/xsessions/${name}.desktop`;
const keys = (idle: string, lock: string, locked: string) =>
  `mkdir -p /etc/dconf/profile /etc/dconf/db/local.d/locks; printf 'user-db:user\\nsystem-db:local\\n' > /etc/dconf/profile/user; printf '[org/gnome/desktop/session]\\nidle-delay=uint32 ${idle}\\n[org/gnome/desktop/screensaver]\\nlock-enabled=${lock}\\nlock-delay=uint32 5\\n' > /etc/dconf/db/local.d/00-lock; printf '${locked}' > /etc/dconf/db/local.d/locks/lock; dconf update`;
const allLocked =
  '/org/gnome/desktop/session/idle-delay\\n/org/gnome/desktop/screensaver/lock-enabled\\n/org/gnome/desktop/screensaver/lock-delay\\n';
export const screenLock: readonly Scenario[] = [
  {
    name: 'no-desktop',
    check: 'screenLock',
    what: 'no desktop installed',
    setup: 'rm -rf /usr/share/xsessions /usr/share/wayland-sessions',
    commands: [list],
    program: 'coreutils',
    expected: { state: 'no-desktop', reason: 'No desktop' },
  },
  {
    name: 'lightdm-session',
    check: 'screenLock',
    what: 'the session that Debian’s LightDM brings along',
    setup: `${session('lightdm-xsession')}`,
    commands: [list],
    program: 'coreutils',
    expected: { state: 'unknown', reason: 'lightdm-xsession' },
  },
  {
    name: 'dconf-locked',
    check: 'screenLock',
    what: 'GNOME, ten minutes for everybody, locked',
    setup: `rm -rf /usr/share/xsessions; ${session('gnome')}; ${keys('600', 'true', allLocked)}`,
    commands: gnome,
    program: 'dconf-cli',
    expected: { state: 'enforced', afterSeconds: 605, reason: 'GNOME' },
  },
  {
    name: 'dconf-unlocked',
    check: 'screenLock',
    what: 'GNOME, the same values, not locked',
    setup: `rm -rf /usr/share/xsessions; ${session('gnome')}; ${keys('600', 'true', '')}`,
    commands: gnome,
    program: 'dconf-cli',
    expected: { state: 'not-enforced', reason: 'each person may choose' },
  },
  {
    name: 'dconf-never',
    check: 'screenLock',
    what: 'GNOME, locked to never',
    setup: `rm -rf /usr/share/xsessions; ${session('gnome')}; ${keys('0', 'true', allLocked)}`,
    commands: gnome,
    program: 'dconf-cli',
    expected: { state: 'not-enforced', reason: 'switched off for everybody' },
  },
  {
    name: 'dconf-no-value',
    check: 'screenLock',
    what: 'GNOME, keys locked without a value',
    setup: `rm -rf /usr/share/xsessions; ${session('gnome')}; ${keys('600', 'true', allLocked)}; rm /etc/dconf/db/local.d/00-lock /etc/dconf/db/local; dconf update`,
    commands: gnome,
    program: 'dconf-cli',
    expected: { state: 'unknown', reason: 'no value for everybody' },
  },
  {
    name: 'dconf-no-profile',
    check: 'screenLock',
    what: 'GNOME, nothing set, asked by an ordinary account',
    asNobody: true,
    setup: `rm -rf /usr/share/xsessions; ${session('gnome')}`,
    commands: gnome,
    program: 'dconf-cli',
    expected: { state: 'not-enforced', reason: 'each person may choose' },
  },
];
