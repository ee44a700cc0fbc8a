import { describe, expect, it } from 'vitest';
import {
  desktopsOf,
  linuxScreenLock,
  readGnome,
  readInactivity,
  readKde,
  readScreenSaver,
  windowsScreenLock,
} from '../../../../agent/health/posture/screen-lock.ts';
import {
  isPeriod,
  linuxUpdates,
  readApt,
  readDnfTimer,
  readSoftwareUpdate,
  readWindowsUpdate,
} from '../../../../agent/health/posture/updates.ts';
import { ScreenLockObservation, UpdatesObservation } from '../../../../shared/protocol/health.ts';
import { validator } from '../../../../shared/schema.ts';
import { denied, done, missing, recordedCommands } from './recorded.ts';

const lockSchema = validator(ScreenLockObservation);
const updatesSchema = validator(UpdatesObservation);

/** `dconf list-locks /` and `dconf read -d`, as dconf 0.40 of Debian 12 printed them here. */
const idle = '/org/gnome/desktop/session/idle-delay';
const lock = '/org/gnome/desktop/screensaver/lock-enabled';
const delay = '/org/gnome/desktop/screensaver/lock-delay';
const locks = `${idle}\n${delay}\n${lock}\n`;
const gnome = (fixed: string, seconds: string, isOn = 'true\n', grace = 'uint32 5\n') =>
  readGnome(fixed, done(seconds), done(isOn), done(grace));
/** https://userbase.kde.org/KDE_System_Administration/Kiosk/Keys and kscreenlocker's own kcfg file. */
const kde = (...lines: string[]) =>
  readKde(`[Other]\nTimeout[$i]=1\n\n[Daemon]\n${lines.join('\n')}\n[Greeter]\nTimeout=9\n`);

describe('Linux: does the screen lock, whatever the person would like', () => {
  it.each([
    ['GNOME: set and locked', gnome(locks, 'uint32 600\n'), 'enforced', 605],
    ['GNOME: the delay is left open', gnome(`${idle}\n${lock}\n`, 'uint32 600\n'), 'enforced', 600],
    ['GNOME: set, but each person may change it', gnome('', 'uint32 600\n'), 'not-enforced', undefined],
    ['GNOME: never idle', gnome(locks, 'uint32 0\n'), 'not-enforced', undefined],
    ['GNOME: locking is off', gnome(locks, 'uint32 600\n', 'false\n'), 'not-enforced', undefined],
    ['GNOME: locked without a value', gnome(locks, ''), 'unknown', undefined],
    ['KDE: keys fixed', kde('Autolock[$i]=true', 'Timeout[$i]=10', 'LockGrace[$i]=5'), 'enforced', 605],
    ['KDE: keys a person may change', kde('Autolock=true', 'Timeout=10'), 'not-enforced', undefined],
    ['KDE: the whole group fixed', readKde('[Daemon][$i]\nAutolock=true\nTimeout=10\n'), 'enforced', 600],
    ['KDE: the whole file fixed', readKde('[$i]\n[Daemon]\nAutolock=true\nTimeout=10\n'), 'enforced', 600],
    ['KDE: switched off', kde('Autolock[$i]=false', 'Timeout[$i]=10'), 'not-enforced', undefined],
    ['KDE: a timeout that is no number', kde('Autolock[$i]=true', 'Timeout[$i]=soon'), 'not-enforced', undefined],
    ['KDE: no file', readKde(''), 'not-enforced', undefined],
  ])('%s', (_, found, state, seconds) => {
    expect([found.state, found.afterSeconds]).toEqual([state, seconds]);
    expect(lockSchema.problems(found)).toEqual([]);
  });

  /** `ls -1` of two folders, as here. */
  const sessions = (...names: string[]) =>
    done(`/usr/share/wayland-sessions:\n\n/usr/share/xsessions:\n${names.map((name) => `${name}.desktop\n`).join('')}`);
  const ls = '/usr/bin/ls -1 /usr/share/xsessions /usr/share/wayland-sessions';

  it.each([
    ['no desktop', done('', 2, "ls: cannot access '/usr/share/xsessions': No such file or directory"), 'no-desktop'],
    ['a desktop nobody can judge', sessions('gnome', 'xfce'), 'unknown'],
    ['GNOME without dconf', sessions('gnome', 'gnome-xorg'), 'unknown'],
    ['KDE without settings', sessions('plasma', 'plasmax11'), 'not-enforced'],
  ])('%s', async (_, listing, state) => {
    const found = await linuxScreenLock(recordedCommands({ [ls]: listing }));
    expect(found.state).toBe(state);
    expect(lockSchema.problems(found)).toEqual([]);
  });

  it('of two desktops the weaker decides', async () => {
    const table = {
      [ls]: sessions('gnome', 'plasma'),
      '/usr/bin/dconf list-locks /': done(locks),
      [`/usr/bin/dconf read -d ${idle}`]: done('uint32 600\n'),
      [`/usr/bin/dconf read -d ${lock}`]: done('true\n'),
      [`/usr/bin/dconf read -d ${delay}`]: done('uint32 0\n'),
    };
    expect((await linuxScreenLock(recordedCommands(table))).state).toBe('not-enforced');
    const both = { ...table, '/usr/bin/cat': done('[Daemon]\nAutolock[$i]=true\nTimeout[$i]=20\n') };
    expect(await linuxScreenLock(recordedCommands(both))).toMatchObject({ state: 'enforced', afterSeconds: 1200 });
  });

  it('sessions are known by name', () => {
    expect(desktopsOf('ubuntu.desktop\nubuntu-wayland.desktop\nplasma.desktop\ncinnamon.desktop\n')).toEqual({
      gnome: true,
      kde: true,
      others: ['cinnamon'],
    });
  });
});

const system = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
/** Layout of reg query in Microsoft's reference of reg.exe; types and hives are in no language. */
const query = (...values: string[]) =>
  done(`\r\n${system}\r\n${values.map((value) => `    ${value}\r\n`).join('')}\r\n`);

describe('Windows and macOS (never run; values made up in documented forms): screen lock', () => {
  it.each([
    ['Windows: 15 minutes', readInactivity(query('InactivityTimeoutSecs    REG_DWORD    0x384')), 'enforced', 900],
    ['Windows: never', readInactivity(query('InactivityTimeoutSecs    REG_DWORD    0x0')), 'not-enforced', undefined],
    ['Windows: not set', readInactivity(query('EnableLUA    REG_DWORD    0x1')), 'not-enforced', undefined],
    ['Windows: no rights', readInactivity(done('', 1, 'ERROR: Access is denied.\r\n')), 'unknown', undefined],
    ['Windows: no rights, German', readInactivity(done('', 1, 'FEHLER: Zugriff verweigert\r\n')), 'unknown', undefined],
    ['Windows: nothing printed', readInactivity(done('')), 'unknown', undefined],
    [
      'macOS: a profile',
      readScreenSaver(done('{"idleTime":600,"askForPassword":true,"askForPasswordDelay":5}')),
      'enforced',
      605,
    ],
    ['macOS: 1 for true', readScreenSaver(done('{"idleTime":600,"askForPassword":1}')), 'enforced', 600],
    ['macOS: no password', readScreenSaver(done('{"idleTime":600,"askForPassword":false}')), 'not-enforced', undefined],
    [
      'macOS: no profile',
      readScreenSaver(
        done('com.apple.screensaver.plist: file does not exist or is not readable or is not a regular file\n', 1),
      ),
      'not-enforced',
      undefined,
    ],
    ['macOS: not readable', readScreenSaver(denied), 'unknown', undefined],
    [
      'macOS: no property list',
      readScreenSaver(done('com.apple.screensaver.plist: Property List error: Unexpected character', 1)),
      'unknown',
      undefined,
    ],
  ])('%s', (_, found, state, seconds) => {
    expect([found.state, found.afterSeconds]).toEqual([state, seconds]);
    expect(lockSchema.problems(found)).toEqual([]);
  });

  it('Windows is asked without PowerShell', async () => {
    const commands = recordedCommands({ 'C:\\Windows\\System32\\reg.exe': query() });
    await windowsScreenLock(commands);
    expect(commands.calls).toEqual([
      'C:\\Windows\\System32\\reg.exe query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System /reg:64',
    ]);
  });
});

/** `apt-config dump` of Debian 12, run here; the values are those of 20auto-upgrades of unattended-upgrades 2.9.1. */
const dump = (...lines: string[]) => done(`APT "";\nAPT::Architecture "amd64";\n${lines.join('\n')}\n`);
const daily = ['APT::Periodic::Update-Package-Lists "1";', 'APT::Periodic::Unattended-Upgrade "1";'];
/** One word for each unit: systemctl(1). */
const timers = done('enabled\nenabled\n');

describe('Linux: do updates install by themselves', () => {
  it.each([
    ['apt, all is on', readApt(dump(...daily), true, timers), 'automatic'],
    ['unattended-upgrades is missing', readApt(dump(...daily), false, timers), 'not-automatic'],
    ['periodic work is off', readApt(dump(...daily, 'APT::Periodic::Enable "0";'), true, timers), 'not-automatic'],
    ['lists are not fetched', readApt(dump(daily[1] ?? ''), true, timers), 'not-automatic'],
    ['nothing is installed', readApt(dump(daily[0] ?? ''), true, timers), 'not-automatic'],
    ['a timer is disabled', readApt(dump(...daily), true, done('enabled\ndisabled\n', 1)), 'not-automatic'],
    ['a timer is masked', readApt(dump(...daily), true, done('masked\nenabled\n', 1)), 'not-automatic'],
    ['no systemctl', readApt(dump(...daily), true, missing), 'unknown'],
    [
      'a timer that is not there',
      readApt(dump(...daily), true, done('', 1, 'Failed to get unit file state')),
      'unknown',
    ],
    ['apt-config fails', readApt(done('', 100, 'E: Syntax error'), true, timers), 'unknown'],
    ['apt-config prints nothing', readApt(done(''), true, timers), 'unknown'],
    ['dnf, its timer is on', readDnfTimer(done('enabled\n')), 'automatic'],
    ['dnf, its timer is off', readDnfTimer(done('disabled\n', 1)), 'unknown'],
    ['neither', readDnfTimer(missing), 'unknown'],
  ])('%s', (_, found, state) => {
    expect(found.state).toBe(state);
    expect(updatesSchema.problems(found)).toEqual([]);
  });

  it.each([
    ['1', true],
    ['always', true],
    ['12h', true],
    ['0', false],
    ['', false],
    ['no', false],
  ])('a period of %j is one: %s', (value, is) => expect(isPeriod(value)).toBe(is));

  /** `dpkg-query -s`, run here. */
  it.each([
    ['Status: install ok installed', 'automatic'],
    ['Status: deinstall ok config-files', 'not-automatic'],
  ])('the package with %s is %s', async (status, state) => {
    const commands = recordedCommands({
      '/usr/bin/apt-config': dump(...daily),
      '/usr/bin/dpkg-query': done(`Package: unattended-upgrades\n${status}\nPriority: optional\n`),
      '/usr/bin/systemctl': timers,
    });
    expect((await linuxUpdates(commands)).state).toBe(state);
  });
});

/** ConvertTo-Json of our own script; values as in Microsoft's "Manage additional Windows Update settings". */
const windows = (off: unknown, options: unknown, start = 'Manual') =>
  readWindowsUpdate(done(`${JSON.stringify({ off, options, start })}\r\n`));
/** plutil -convert json of com.apple.SoftwareUpdate; keys of Apple's device-management reference. */
const mac = (own: object, managed?: object) =>
  readSoftwareUpdate(managed ? done(JSON.stringify(managed)) : done('', 1), done(JSON.stringify(own)));
const allOn = { AutomaticCheckEnabled: true, AutomaticDownload: 1, CriticalUpdateInstall: true };

describe('Windows and macOS (never run; values made up in documented forms): updates', () => {
  it.each([
    ['Windows: nothing set', windows(null, null), 'automatic'],
    ['Windows: installs at a time', windows(0, 4), 'automatic'],
    ['Windows: switched off', windows(1, null), 'not-automatic'],
    ['Windows: only notifies', windows(0, 2), 'not-automatic'],
    ['Windows: only downloads', windows(0, 3), 'not-automatic'],
    ['Windows: the service is disabled', windows(0, 4, 'Disabled'), 'not-automatic'],
    ['Windows: PowerShell refuses', readWindowsUpdate(done('', 1, 'Zugriff verweigert')), 'unknown'],
    ['Windows: nothing printed', readWindowsUpdate(done('')), 'unknown'],
    ['macOS: all on', mac(allOn), 'automatic'],
    ['macOS: MDM decides', mac({ ...allOn, AutomaticDownload: false }, allOn), 'automatic'],
    ['macOS: one is off', mac({ ...allOn, CriticalUpdateInstall: 0 }), 'not-automatic'],
    ['macOS: one is not set', mac({ AutomaticCheckEnabled: true }), 'unknown'],
    ['macOS: no answer', readSoftwareUpdate(missing, denied), 'unknown'],
  ])('%s', (_, found, state) => {
    expect(found.state).toBe(state);
    expect(updatesSchema.problems(found)).toEqual([]);
  });
});
