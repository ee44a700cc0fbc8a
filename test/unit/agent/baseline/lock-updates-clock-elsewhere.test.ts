import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { turnUnit } from '../../../../agent/capabilities/baseline/units.ts';
import { parseRegistry, type RegistryValue, registryId } from '../../../../agent/capabilities/browser/registry.ts';
import type { Capability } from '../../../../agent/capabilities/capability.ts';
import { createScreenLock } from '../../../../agent/capabilities/screenLock/index.ts';
import { lockValues } from '../../../../agent/capabilities/screenLock/win32.ts';
import { createTimeSync } from '../../../../agent/capabilities/timeSync/index.ts';
import { timeValues } from '../../../../agent/capabilities/timeSync/win32.ts';
import { desiredPreferences } from '../../../../agent/capabilities/updates/darwin.ts';
import { createUpdates } from '../../../../agent/capabilities/updates/index.ts';
import { schoolDay } from '../../../../agent/capabilities/updates/school-day.ts';
import { updateValues } from '../../../../agent/capabilities/updates/win32.ts';
import type { CommandResult } from '../../../../agent/platform/commands.ts';
import type { UpdatesSettings } from '../../../../shared/profile/updates.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, RecordedCommands, succeeded } from '../browser/recorded.ts';

const machine = 'HKEY_LOCAL_MACHINE';
const system = `${machine}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System`;
const windowsUpdate = `${machine}\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate`;
const w32time = `${machine}\\SYSTEM\\CurrentControlSet\\Services\\W32Time`;
const short = (values: readonly RegistryValue[]) => values.map(({ name, content }) => `${name}=${content}`);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-elsewhere-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('registry values (from vendor documentation)', () => {
  test('screen lock: seconds of inactivity', () => {
    expect(short(lockValues({ idleMinutes: 15 }))).toEqual(['InactivityTimeoutSecs=900']);
    expect(lockValues({ graceSeconds: 5 })).toEqual([]);
  });

  test('screen lock: who needs more time gets it, and nobody is locked by that alone', () => {
    expect(short(lockValues({ idleMinutes: 5, longerMinutes: 30 }))).toEqual(['InactivityTimeoutSecs=1800']);
    expect(short(lockValues({ idleMinutes: 15, longerMinutes: 10 }))).toEqual(['InactivityTimeoutSecs=900']);
    expect(lockValues({ longerMinutes: 30 })).toEqual([]);
  });

  test.each<[string, UpdatesSettings, string[]]>([
    ['nothing asked', {}, []],
    [
      'security updates',
      { automatic: 'security' },
      ['NoAutoUpdate=0', 'AUOptions=4', 'ScheduledInstallDay=0', 'ScheduledInstallTime=17'],
    ],
    [
      'all updates',
      { automatic: 'all', schoolDayUntil: 16 },
      ['NoAutoUpdate=0', 'AUOptions=4', 'ScheduledInstallDay=0', 'ScheduledInstallTime=16', 'AllowMUUpdateService=1'],
    ],
    ['a week to wait', { deferDays: 7 }, ['DeferQualityUpdates=1', 'DeferQualityUpdatesPeriodInDays=7']],
    ['no restart', { restart: false }, ['NoAutoRebootWithLoggedOnUsers=1']],
    [
      'a restart outside the school day',
      { restart: true, schoolDayFrom: 6 },
      ['NoAutoRebootWithLoggedOnUsers=1', 'SetActiveHours=1', 'ActiveHoursStart=6', 'ActiveHoursEnd=17'],
    ],
  ])('updates: %s', (_, settings, values) => expect(short(updateValues(settings))).toEqual(values));

  test.each<[UpdatesSettings, number, number]>([
    [{}, 7, 17],
    [{ schoolDayFrom: 0, schoolDayUntil: 23 }, 0, 18],
    [{ schoolDayFrom: 22, schoolDayUntil: 6 }, 22, 6],
    [{ schoolDayFrom: 8, schoolDayUntil: 8 }, 8, 2],
  ])('the school day of %j is %i to %i', (settings, from, until) =>
    expect(schoolDay(settings)).toEqual({ from, until }),
  );

  test('clock: servers with their flags, the service and its client on', () => {
    expect(short(timeValues({ automatic: true, servers: ['a.example', '192.0.2.1'] }, new Map()))).toEqual([
      'Type=NTP',
      'NtpServer=a.example,0x9 192.0.2.1,0x9',
      'Start=2',
      'Enabled=1',
    ]);
    expect(timeValues({}, new Map())).toEqual([]);
  });

  test('clock: a member of a domain is left alone', () => {
    const present = parseRegistry(`${w32time}\\Parameters\r\n    Type    REG_SZ    NT5DS\r\n`);
    expect(timeValues({ automatic: true, servers: ['a.example'] }, present)).toEqual([]);
  });
});

/** Enough of the registry to answer reg query and reg import; written from the reference of reg.exe. */
class PretendedRegistry {
  readonly values = new Map<string, RegistryValue>();

  set(key: string, name: string, content: string | number): void {
    const type = typeof content === 'number' ? 'REG_DWORD' : 'REG_SZ';
    this.values.set(registryId(key, name), { key, name, type, content });
  }

  query(top: string): string {
    const below = [...this.values.values()].filter(({ key }) => key.startsWith(top));
    const text = (content: string | number) => (typeof content === 'number' ? `0x${content.toString(16)}` : content);
    const parts = below.map(
      ({ key, name, type, content }) => `\r\n${key}\r\n    ${name}    ${type}    ${text(content)}\r\n`,
    );
    return `${parts.join('')}\r\nFin de la recherche : ${below.length} correspondance(s) trouvée(s).\r\n`;
  }

  import(text: string): void {
    let key = '';
    for (const line of text.split('\r\n')) {
      key = /^\[([^-].*)\]$/.exec(line)?.[1] ?? key;
      const [, name, value] = /^"(.+?)"=(.+)$/.exec(line) ?? [];
      if (!name || !value) continue;
      if (value === '-') this.values.delete(registryId(key, name));
      else this.set(key, name, value.startsWith('dword:') ? Number.parseInt(value.slice(6), 16) : value.slice(1, -1));
    }
  }

  contents(): string[] {
    return short([...this.values.values()]).sort();
  }
}

describe('Windows (pretended registry; never run on a real one)', () => {
  const reg = 'C:\\Windows\\System32\\reg.exe';
  let registry: PretendedRegistry;
  let answer: (args: readonly string[]) => CommandResult | undefined;
  let commands: RecordedCommands;

  beforeEach(() => {
    registry = new PretendedRegistry();
    answer = () => undefined;
    commands = new RecordedCommands(async (path, args) => {
      const given = path === reg ? answer(args) : succeeded();
      if (given) return given;
      if (args[0] === 'query') return succeeded(registry.query(args[1] ?? ''));
      registry.import(await readFile(join(root, args[1] ?? ''), 'utf8'));
      return succeeded();
    });
  });

  const host = () => ({
    platform: 'win32' as const,
    files: new PretendedHostFiles(root, new MemoryOriginals()),
    commands,
  });
  const wrong = async (capability: Capability, desired: never) =>
    (await capability.observe(desired)).evidence.filter(({ ok }) => !ok).map(({ item, seen }) => `${item}: ${seen}`);

  test.each<[string, () => Capability, object, string, string | number, string]>([
    [
      'screen lock',
      () => createScreenLock(host()) as Capability,
      { idleMinutes: 10 },
      system,
      'InactivityTimeoutSecs',
      'InactivityTimeoutSecs=600',
    ],
    [
      'updates',
      () => createUpdates(host()) as Capability,
      { deferDays: 3 },
      windowsUpdate,
      'DeferQualityUpdatesPeriodInDays',
      'DeferQualityUpdatesPeriodInDays=3',
    ],
    ['clock', () => createTimeSync(host()) as Capability, { automatic: true }, w32time, 'Start', 'Start=2'],
  ])('%s: apply, observe, drift, repair, remove', async (_, create, settings, key, name, value) => {
    registry.set(key, String(name), 99);
    registry.set(key, 'SomebodyElses', 1);
    const before = registry.contents();
    const [capability, desired] = [create(), { mode: 'enforce', ...settings } as never];
    expect(await wrong(capability, desired)).toContain(`${registryId(key, String(name))}: 99`);
    await capability.apply(desired);
    expect(await wrong(capability, desired)).toEqual([]);
    expect(registry.contents()).toContain(value);
    const imports = commands.ran.filter((line) => line.includes(' import ')).length;
    await capability.apply(desired);
    expect(commands.ran.filter((line) => line.includes(' import ')).length).toBe(imports);
    registry.set(key, String(name), 98);
    expect(await wrong(capability, desired)).toEqual([`${registryId(key, String(name))}: 98`]);
    await capability.apply(desired);
    expect(await wrong(capability, desired)).toEqual([]);
    await capability.remove();
    await capability.remove();
    expect(registry.contents()).toEqual(before);
    expect(await readdir(root)).toEqual([]);
  });

  test('the time service is started and told', async () => {
    registry.set(`${w32time}\\Parameters`, 'Type', 'NTP');
    await createTimeSync(host()).apply({ mode: 'enforce', servers: ['a.example'] });
    expect(commands.ran).toContain('C:\\Windows\\System32\\w32tm.exe /config /update');
  });

  test('audit reads, and writes nothing', async () => {
    registry.set(system, 'EnableLUA', 1);
    const capability = createScreenLock(host());
    const { evidence } = await capability.observe({ mode: 'audit', idleMinutes: 10 });
    expect(evidence).toEqual([expect.objectContaining({ seen: 'absent', ok: true })]);
    expect(commands.ran.every((line) => line.startsWith(`${reg} query`))).toBe(true);
  });

  test.each([
    ['English', 'ERROR: Access is denied.\r\n'],
    ['German', 'FEHLER: Zugriff verweigert\r\n'],
    ['Spanish', 'ERROR: Acceso denegado.\r\n'],
  ])('no rights (%s): a failure that names the remedy, and nothing kept', async (_, words) => {
    registry.set(system, 'EnableLUA', 1);
    answer = (args) => (args[0] === 'import' ? failed(words) : undefined);
    const applying = createScreenLock(host()).apply({ mode: 'enforce', idleMinutes: 10 });
    await expect(applying).rejects.toMatchObject({
      code: 'registry-not-written',
      message: expect.stringContaining('SYSTEM account'),
    });
    answer = () => failed(words);
    const looking = createScreenLock(host()).observe({ mode: 'enforce', idleMinutes: 10 });
    await expect(looking).rejects.toMatchObject({
      code: 'registry-not-read',
      message: expect.stringContaining(words.trim()),
    });
  });
});

describe('macOS (from vendor documentation; never run on a real Mac)', () => {
  const systemsetup = '/usr/sbin/systemsetup';
  const host = (answer: (path: string, args: readonly string[]) => CommandResult) => {
    const commands = new RecordedCommands(answer);
    return {
      commands,
      parts: { platform: 'darwin' as const, files: new PretendedHostFiles(root, new MemoryOriginals()), commands },
    };
  };

  /** systemsetup(8): sets and tells two settings. */
  function pretendedClock() {
    const clock = { network: 'Off', server: 'time.apple.com' };
    return {
      clock,
      ...host((_, [flag, value = '']) => {
        if (flag === '-setusingnetworktime') clock.network = value === 'on' ? 'On' : 'Off';
        if (flag === '-setnetworktimeserver') clock.server = value;
        if (flag === '-getusingnetworktime') return succeeded(`Network Time: ${clock.network}\n`);
        return flag === '-getnetworktimeserver' ? succeeded(`Network Time Server: ${clock.server}\n`) : succeeded();
      }),
    };
  }

  test('clock: apply, observe, drift, repair, remove', async () => {
    const { clock, parts } = pretendedClock();
    const capability = createTimeSync(parts);
    const desired = { mode: 'enforce' as const, automatic: true, servers: ['time.example.org', 'second.example'] };
    const plan = async () => capability.plan(desired, await capability.observe(desired)).map(({ item }) => item);
    expect(await plan()).toEqual(['time server', 'clock set from the network']);
    await capability.apply(desired);
    expect([clock, await plan()]).toEqual([{ network: 'On', server: 'time.example.org' }, []]);
    clock.network = 'Off';
    expect(await plan()).toEqual(['clock set from the network']);
    await capability.apply(desired);
    expect(clock.network).toBe('On');
    await capability.remove();
    expect([clock, await readdir(root)]).toEqual([{ network: 'Off', server: 'time.apple.com' }, []]);
  });

  test.each([
    ['no rights, told with exit code 0', 'You need administrator access to run this tool... exiting!\n'],
    ['nothing printed', ''],
  ])('clock: %s', async (_, words) => {
    const { parts } = host(() => succeeded(words));
    const looking = createTimeSync(parts).observe({ mode: 'enforce', automatic: true });
    await expect(looking).rejects.toMatchObject({
      code: 'clock-not-read',
      message: expect.stringContaining('Full Disk Access'),
    });
  });

  test('clock: the server is an argument of its own', async () => {
    const { parts, commands } = pretendedClock();
    await createTimeSync(parts).apply({ mode: 'enforce', servers: ['time.example.org'] });
    expect(commands.ran).toContain(`${systemsetup} -setnetworktimeserver time.example.org`);
  });

  test('screen lock: a profile of MDM is seen, and nothing is run but plutil', async () => {
    const profile = JSON.stringify({ idleTime: 600, askForPassword: true, askForPasswordDelay: 5 });
    const { parts, commands } = host(() => succeeded(profile));
    const capability = createScreenLock(parts);
    const observe = (idleMinutes: number) => capability.observe({ mode: 'enforce', idleMinutes });
    expect((await observe(10)).evidence.every(({ ok }) => ok)).toBe(true);
    const short = await observe(5);
    expect(short.evidence).toEqual([expect.objectContaining({ seen: 'after 605 seconds', ok: false })]);
    expect(capability.plan({ mode: 'enforce', idleMinutes: 5 }, short)).toEqual([]);
    await capability.apply({ mode: 'enforce', idleMinutes: 5 });
    expect(new Set(commands.ran.map((line) => line.split(' ')[0]))).toEqual(new Set(['/usr/bin/plutil']));
  });

  test('updates: keys of softwareupdate', () => {
    expect([...desiredPreferences({ automatic: 'security' }).keys()]).not.toContain('AutomaticallyInstallMacOSUpdates');
    expect([...desiredPreferences({ automatic: 'all' }).keys()]).toContain('AutomaticallyInstallMacOSUpdates');
    expect(desiredPreferences({ deferDays: 3 }).size).toBe(0);
  });

  test('updates: apply, observe, remove', async () => {
    const path = '/Library/Preferences/com.apple.SoftwareUpdate.plist';
    const preferences: Record<string, unknown> = { AutomaticDownload: 0, LastResultCode: 2, RecommendedUpdates: [] };
    const before = { ...preferences };
    const { parts } = host((program, [verb, , key = '', , value]) => {
      if (program === '/usr/bin/plutil') return succeeded(JSON.stringify(preferences));
      if (verb === 'delete') delete preferences[key];
      else preferences[key] = value === 'TRUE' ? true : Number(value);
      return succeeded();
    });
    await parts.files.write('other', path, 'a property list');
    const capability = createUpdates(parts);
    const desired = { mode: 'enforce' as const, automatic: 'security' as const, restart: true };
    await capability.apply(desired);
    expect(preferences).toMatchObject({ AutomaticCheckEnabled: true, AutomaticDownload: true, LastResultCode: 2 });
    expect((await capability.observe(desired)).evidence.filter(({ ok }) => !ok)).toEqual([]);
    await capability.remove();
    expect(preferences).toEqual(before);
  });

  test('updates: preferences that may not be read', async () => {
    const { parts } = host(() => failed('Operation not permitted'));
    await parts.files.write('other', '/Library/Preferences/com.apple.SoftwareUpdate.plist', 'x');
    const looking = createUpdates(parts).observe({ mode: 'enforce', automatic: 'all' });
    await expect(looking).rejects.toMatchObject({ code: 'preferences-not-read' });
  });
});

describe('Linux with systemd (pretended)', () => {
  const apt = '/etc/apt/apt.conf.d/zz-rollcall.conf';

  /** Answers like systemctl(1), dpkg-query(1) and apt-config(8) of a host with unattended-upgrades. */
  function debian(state: Record<string, string>) {
    const commands = new RecordedCommands(async (path, [verb, ...rest]) => {
      if (path === '/usr/bin/dpkg-query') return succeeded('Status: install ok installed\n');
      if (path === '/usr/bin/apt-config')
        return succeeded(`APT "";\n${await readFile(join(root, apt), 'utf8').catch(() => '')}`);
      if (verb === 'is-enabled') return succeeded(`${rest.map((timer) => state[timer]).join('\n')}\n`);
      const timer = rest.at(-1) ?? '';
      if (verb === 'enable') state[timer] = 'enabled';
      if (verb === 'disable' || verb === 'unmask') state[timer] = 'disabled';
      if (verb === 'mask') state[timer] = 'masked';
      return succeeded();
    });
    return { platform: 'linux' as const, files: new PretendedHostFiles(root, new MemoryOriginals()), commands };
  }

  test('timers that were off are on while managed, and off again afterwards', async () => {
    const before = { 'apt-daily.timer': 'masked', 'apt-daily-upgrade.timer': 'disabled' };
    const state: Record<string, string> = { ...before };
    const host = debian(state);
    await host.files.write('other', '/usr/bin/apt-config', 'a program');
    const capability = createUpdates(host);
    const desired = { mode: 'enforce' as const, automatic: 'security' as const };
    await capability.apply(desired);
    expect(state).toEqual({ 'apt-daily.timer': 'enabled', 'apt-daily-upgrade.timer': 'enabled' });
    expect((await capability.observe(desired)).evidence.filter(({ ok }) => !ok)).toEqual([]);
    state['apt-daily-upgrade.timer'] = 'disabled';
    const drift = capability.plan(desired, await capability.observe(desired));
    expect(drift.map(({ item }) => item)).toEqual(['timer apt-daily-upgrade.timer']);
    await capability.apply(desired);
    await capability.remove();
    expect(state).toEqual(before);
    expect(await readdir(root)).toEqual(['usr']);
  });

  test.each([
    ['enabled', ['unmask', 'enable --now']],
    ['disabled', ['disable --now']],
    ['masked', ['mask --now']],
  ])('a timer is brought to %s', (word, commands) => {
    expect(turnUnit('x.timer', word).map((args) => args.slice(0, -1).join(' '))).toEqual(commands);
  });

  /** timedatectl(1). */
  test('the clock is switched to the network, and back', async () => {
    let ntp = 'no';
    const commands = new RecordedCommands((path, [verb, value]) => {
      if (path !== '/usr/bin/timedatectl') return succeeded();
      if (verb === 'set-ntp') ntp = value === 'true' ? 'yes' : 'no';
      return verb === 'show' ? succeeded(`NTP=${ntp}\nNTPSynchronized=no\n`) : succeeded('time.example.org\n');
    });
    const files = new PretendedHostFiles(root, new MemoryOriginals());
    await files.write('other', '/lib/systemd/systemd-timesyncd', 'a program');
    const capability = createTimeSync({ platform: 'linux', files, commands });
    const desired = { mode: 'enforce' as const, automatic: true, servers: ['time.example.org'] };
    await capability.apply(desired);
    expect(ntp).toBe('yes');
    expect((await capability.observe(desired)).evidence.filter(({ ok }) => !ok)).toEqual([]);
    expect(commands.ran).toContain('/usr/bin/systemctl try-restart systemd-timesyncd.service');
    ntp = 'no';
    expect(capability.plan(desired, await capability.observe(desired)).map(({ item }) => item)).toEqual([
      'clock set from the network',
    ]);
    await capability.apply(desired);
    await capability.remove();
    expect([ntp, await readdir(root)]).toEqual(['no', ['lib']]);
  });
});
