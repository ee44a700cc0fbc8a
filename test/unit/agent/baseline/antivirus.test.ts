import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createAntivirus } from '../../../../agent/capabilities/antivirus/index.ts';
import { createSecureBoot } from '../../../../agent/capabilities/secureBoot/index.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { enforceOnce, removeOnce } from '../../../../agent/reconcile/enforce.ts';
import { everythingBelow } from '../../../fakes/folder.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { PretendedHostFiles } from '../browser/recorded.ts';
import { done, keptLog, recordedCommands } from '../health/recorded.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-antivirus-'));
});
afterEach(() => rm(root, { recursive: true }));

const files = () => new PretendedHostFiles(root, new MemoryOriginals());
const desired = { mode: 'enforce', running: true } as const;

/** systemd with the units of Debian's ClamAV, in the words of systemctl(1). */
class PretendedSystemd implements Commands {
  readonly units: Map<string, string>;
  /** A daemon without signatures starts and ends. */
  canRun = true;

  constructor(units: Record<string, string>) {
    this.units = new Map(Object.entries(units));
  }

  async run(_path: string, [verb, ...rest]: readonly string[]): Promise<CommandResult> {
    if (verb === 'is-enabled') return done(rest.map((unit) => this.units.get(unit) ?? 'not-found').join('\n'), 1);
    if (verb === 'show') return done(this.#shown());
    const unit = rest.at(-1) ?? '';
    if (verb === 'enable' || verb === 'disable') this.units.set(unit, `${verb}d`);
    if (verb === 'mask') this.units.set(unit, 'masked');
    if (verb === 'unmask' && this.units.get(unit) === 'masked') this.units.set(unit, 'disabled');
    return done('');
  }

  #shown(): string {
    const state = this.units.get('clamav-daemon.service');
    const active = state === 'enabled' && this.canRun ? 'active' : 'inactive';
    return `LoadState=${state ? 'loaded' : 'not-found'}\nActiveState=${active}\n\nLoadState=not-found\nActiveState=inactive\n`;
  }
}

describe('antivirus on Linux', () => {
  const installed = { 'clamav-daemon.service': 'masked', 'clamav-freshclam.service': 'disabled' };

  it('is enabled where it is installed, put right after drift, and left as it was found', async () => {
    const systemd = new PretendedSystemd(installed);
    const capability = createAntivirus({ platform: 'linux', files: files(), commands: systemd });
    const pass = async () => (await enforceOnce(capability, desired, keptLog())).changes.map(({ item }) => item);
    expect(await pass()).toEqual(['service clamav-daemon.service', 'service clamav-freshclam.service']);
    expect(await pass()).toEqual([]);
    systemd.units.set('clamav-daemon.service', 'disabled');
    expect(await pass()).toEqual(['service clamav-daemon.service']);
    await removeOnce(capability, keptLog());
    await capability.remove();
    expect(Object.fromEntries(systemd.units)).toEqual(installed);
    expect(everythingBelow(root)).toEqual(everythingBelow(await mkdtemp(join(root, 'empty-'))));
  });

  test.each<[string, Record<string, string>, boolean, object[]]>([
    ['no scanner is no fault', {}, true, [{ item: 'virus scanner', ok: true }]],
    [
      'one that is enabled and does not run is for people',
      { 'clamav-daemon.service': 'enabled', 'clamav-freshclam.service': 'enabled' },
      false,
      [
        { item: 'service clamav-daemon.service', ok: true },
        { item: 'service clamav-freshclam.service', ok: true },
        { item: 'virus scanner', ok: false, seen: expect.stringContaining('journalctl -u clamav-daemon') },
      ],
    ],
  ])('%s', async (_, units, canRun, lines) => {
    const systemd = new PretendedSystemd(units);
    systemd.canRun = canRun;
    const capability = createAntivirus({ platform: 'linux', files: files(), commands: systemd });
    const observation = await capability.observe(desired);
    expect(observation.evidence).toMatchObject(lines);
    expect(capability.plan(desired, observation)).toEqual([]);
  });
});

/** Answers of Microsoft Defender as https://learn.microsoft.com/powershell/module/defender documents their properties. */
class PretendedDefender implements Commands {
  disabled = true;
  isTamperProof = false;
  otherProduct = false;

  async run(_path: string, args: readonly string[], options: { input?: string } = {}): Promise<CommandResult> {
    const script = options.input ?? args.at(-1) ?? '';
    const set = /Set-MpPreference -DisableRealtimeMonitoring \$(true|false)/.exec(script)?.[1];
    if (set !== undefined) {
      if (!this.isTamperProof) this.disabled = set === 'true';
      return done('');
    }
    if (script.includes('Get-MpPreference'))
      return done(JSON.stringify({ disabled: this.disabled ? 'True' : 'False' }));
    const realTime = this.disabled ? 'False' : 'True';
    const products = this.otherProduct ? [266240] : [];
    return done(JSON.stringify({ defender: { enabled: realTime, realTime }, products }));
  }
}

describe('antivirus on Windows, by what is documented of Defender', () => {
  const start = () => {
    const defender = new PretendedDefender();
    return { defender, capability: createAntivirus({ platform: 'win32', files: files(), commands: defender }) };
  };

  it('is switched on, put right after drift, and left as it was found', async () => {
    const { defender, capability } = start();
    const pass = async () => (await enforceOnce(capability, desired, keptLog())).changes.map(({ before }) => before);
    expect(await pass()).toEqual(['off']);
    expect(await pass()).toEqual([]);
    defender.disabled = true;
    expect(await pass()).toEqual(['off']);
    await removeOnce(capability, keptLog());
    expect(defender.disabled).toBe(true);
  });

  it('another product in its place is enough', async () => {
    const { defender, capability } = start();
    defender.otherProduct = true;
    const observation = await capability.observe(desired);
    expect(observation.evidence[0]).toMatchObject({ item: 'virus scanner', ok: true });
    expect(capability.plan(desired, observation)).toEqual([]);
  });

  it('what tamper protection holds fails, and says so', async () => {
    const { defender, capability } = start();
    defender.isTamperProof = true;
    const { evidence } = await enforceOnce(capability, desired, keptLog());
    expect(evidence).toMatchObject([{ ok: false, seen: 'off' }]);
  });

  it('an answer in another form is an error with its name', async () => {
    const commands: Commands = { run: () => Promise.resolve(done('"?"')) };
    const capability = createAntivirus({ platform: 'win32', files: files(), commands });
    await expect(capability.observe(desired)).rejects.toMatchObject({ code: 'powershell-failed' });
  });
});

describe('what is only looked at', () => {
  const evidenceOf = async (
    capability: { observe(settings: never): Promise<{ evidence: object[] }> },
    settings: object,
  ) => (await capability.observe(settings as never)).evidence;

  test.each<[string, CommandResult, object]>([
    ['Gatekeeper on', done('assessments enabled\n'), { ok: true }],
    [
      'Gatekeeper off',
      done('assessments disabled\n', 1),
      { ok: false, seen: expect.stringContaining('Gatekeeper is off') },
    ],
    ['an answer of another kind', done('', 1), { ok: false, seen: expect.stringContaining('spctl') }],
  ])('%s', async (_, answer, seen) => {
    const commands = recordedCommands({ '/usr/sbin/spctl': answer });
    const capability = createAntivirus({ platform: 'darwin', files: files(), commands });
    expect(await evidenceOf(capability, desired)).toMatchObject([seen]);
  });

  const variable = '/usr/bin/od';
  test.each<[string, Record<string, CommandResult>, object, object]>([
    ['secure boot on', { [variable]: done('   6   0   0   0   1\n') }, { required: true }, { ok: true, seen: 'on' }],
    [
      'secure boot off, and required',
      { [variable]: done('   6   0   0   0   0\n') },
      { required: true },
      { ok: false, seen: expect.stringContaining('a technician switches it on in the firmware') },
    ],
    ['secure boot off, and not required', { [variable]: done('   6   0   0   0   0\n') }, {}, { ok: true }],
    ['nothing known', {}, { required: true }, { ok: false }],
  ])('%s', async (_, answers, settings, seen) => {
    const commands = recordedCommands(answers);
    const capability = createSecureBoot({ platform: 'linux', files: files(), commands });
    expect(await evidenceOf(capability, { mode: 'enforce', ...settings })).toMatchObject([seen]);
  });

  it('in audit nothing of it is a failure', async () => {
    const commands = recordedCommands({ [variable]: done('   6   0   0   0   0\n') });
    const capability = createSecureBoot({ platform: 'linux', files: files(), commands });
    expect(await evidenceOf(capability, { mode: 'audit', required: true })).toMatchObject([{ ok: true }]);
  });
});
