import type { Scenario } from './scenario.ts';

const dump = ['/usr/bin/apt-config', 'dump'];
const query = ['/usr/bin/dpkg-query', '-s', 'unattended-upgrades'];
const timers = ['/usr/bin/systemctl', 'is-enabled', 'apt-daily.timer', 'apt-daily-upgrade.timer'];
const periodic = `printf 'APT::Periodic::Update-Package-Lists "1";\\nAPT::Periodic::Unattended-Upgrade "1";\\n' > /etc/apt/apt.conf.d/20auto-upgrades`;
const apt = [dump, query, timers];
export const updates: readonly Scenario[] = [
  {
    name: 'apt-automatic',
    check: 'updates',
    what: 'unattended-upgrades configured, timers on',
    setup: periodic,
    commands: apt,
    program: 'apt',
    expected: { state: 'automatic', reason: 'unattended-upgrades runs by itself' },
  },
  {
    name: 'apt-missing',
    check: 'updates',
    onlyC: true,
    what: 'unattended-upgrades not installed',
    setup: 'dpkg --purge unattended-upgrades',
    commands: apt,
    program: 'apt',
    expected: { state: 'not-automatic', reason: 'not installed' },
  },
  {
    name: 'apt-removed',
    check: 'updates',
    onlyC: true,
    what: 'unattended-upgrades removed, its settings left',
    setup: `${periodic}; dpkg --remove unattended-upgrades`,
    commands: apt,
    program: 'apt',
    expected: { state: 'not-automatic', reason: 'not installed' },
  },
  {
    name: 'apt-timer-off',
    check: 'updates',
    onlyC: true,
    what: 'a timer disabled',
    setup: `${periodic}; systemctl disable apt-daily-upgrade.timer`,
    commands: apt,
    program: 'apt',
    expected: { state: 'not-automatic', reason: 'timers are switched off' },
  },
  {
    name: 'apt-timer-masked',
    check: 'updates',
    onlyC: true,
    what: 'a timer masked',
    setup: `${periodic}; systemctl mask apt-daily.timer`,
    commands: apt,
    program: 'apt',
    expected: { state: 'not-automatic', reason: 'timers are switched off' },
  },
  {
    name: 'apt-period-zero',
    check: 'updates',
    onlyC: true,
    what: 'installing is set to never',
    setup: `${periodic}; printf 'APT::Periodic::Unattended-Upgrade "0";\\n' > /etc/apt/apt.conf.d/99never`,
    commands: apt,
    program: 'apt',
    expected: { state: 'not-automatic', reason: 'not run by itself' },
  },
  {
    name: 'apt-broken',
    check: 'updates',
    what: 'a file of apt that cannot be read',
    setup: `printf 'APT::Periodic {{ broken\\n' > /etc/apt/apt.conf.d/99broken`,
    commands: apt,
    program: 'apt',
    expected: { state: 'unknown', reason: 'apt-config gave no usable answer' },
  },
  {
    name: 'apt-nobody',
    check: 'updates',
    onlyC: true,
    what: 'asked by an ordinary account',
    setup: periodic,
    asNobody: true,
    commands: apt,
    program: 'apt',
    expected: { state: 'automatic', reason: 'unattended-upgrades runs by itself' },
  },
];

const aptGet = (...args: string[]) => ['/usr/bin/apt-get', '-y', '-q', '--no-install-recommends', '-s', ...args];
export const applications: readonly Scenario[] = [
  {
    name: 'apt-get-install',
    check: 'applications',
    what: 'what installing one package would do',
    commands: [aptGet('install', 'sl')],
    program: 'apt',
    expected: { installs: ['sl'], removes: [] },
  },
  {
    name: 'apt-get-remove',
    check: 'applications',
    what: 'what removing one package would do',
    commands: [aptGet('remove', 'ufw')],
    program: 'apt',
    expected: { installs: [], removes: ['ufw'] },
  },
  {
    name: 'apt-get-purge',
    check: 'applications',
    what: 'what purging one package would do',
    commands: [aptGet('purge', 'mokutil')],
    program: 'apt',
    expected: { installs: [], removes: ['mokutil'] },
  },
  {
    name: 'apt-get-unknown',
    check: 'applications',
    what: 'a package that no source has',
    commands: [aptGet('install', 'no-such-package-here')],
    program: 'apt',
    expected: { refused: true },
  },
  {
    name: 'apt-get-nobody',
    check: 'applications',
    what: 'a simulation by an ordinary account',
    asNobody: true,
    commands: [aptGet('install', 'sl')],
    program: 'apt',
    expected: { installs: ['sl'], removes: [] },
  },
];
