import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApplications } from '../../../agent/capabilities/applications/index.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce } from '../../../agent/reconcile/enforce.ts';
import type { ApplicationsSettings } from '../../../shared/profile/applications.ts';
import { everythingBelow } from '../../fakes/folder.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog, recordedCommands } from '../../unit/agent/health/recorded.ts';
import { noOwnEtc, onOwnEtc } from './own-etc.ts';

const why = noOwnEtc('apt-get', 'dpkg-deb', 'dpkg-scanpackages');
const installed = ['brave-browser', 'demo-game', 'demo-needed', 'demo-needing'];
const desired = ['demo-library', 'demo-needed', 'demo-needing', 'demo-writer'];

describe.skipIf(why !== undefined)(`packages of a host, for real${why ? ` (skipped: ${why})` : ''}`, () => {
  let seen: Record<string, Record<string, unknown>>;
  beforeAll(async () => {
    seen = (await onOwnEtc('applications-run.ts')) as typeof seen;
  }, 120_000);

  it('are only looked at in audit', () => {
    expect(seen.audit).toMatchObject({ status: 'verified', changes: [], wrong: [], names: installed });
  });
  it('are installed and removed, and a second pass changes nothing', () => {
    expect(seen.applied).toMatchObject({ status: 'verified', wrong: [], names: desired });
    expect(seen.again).toMatchObject({ status: 'verified', changes: [], names: desired });
  });
  it('are put right after somebody installed and removed by hand', () => {
    const changes = ['package demo-writer', 'package demo-game'];
    expect(seen.drifted).toMatchObject({ status: 'verified', changes, wrong: [], names: desired });
  });
  it('stay when others, or the system, need them, which is said', () => {
    expect(seen.needed).toMatchObject({ status: 'failed', changes: [], names: desired });
    expect(seen.needed?.wrong).toEqual([
      expect.stringMatching(/^package demo-needed: .*by hand/),
      expect.stringMatching(/^package dpkg: .*by hand/),
    ]);
  });
  it('that no source has are a failure with its code, and nothing is changed', () => {
    expect(seen.unknown).toMatchObject({ status: 'failed', failure: 'packages-not-found', names: desired });
  });
  it('come back when they are forbidden no more', () => {
    expect(seen.relaxed).toMatchObject({ status: 'verified', names: ['demo-game', ...desired] });
  });
  it('are as before when the agent lets go, with the settings people had made', () => {
    expect(seen.removed).toMatchObject({ status: 'verified', names: installed, same: true });
    expect(seen.settings).toBe('changed by a person\n');
    expect(seen.left).toEqual([]);
    expect(seen.removedTwice).toMatchObject({ status: 'verified', names: installed });
  });
  it('lead to no fault of the agent', () => {
    expect(seen.faults).toEqual([]);
  });
});

describe('applications in a root of its own', () => {
  let root: string;
  let commands: ReturnType<typeof recordedCommands>;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rollcall-applications-'));
    commands = recordedCommands({});
    await put(
      '/var/lib/dpkg/status',
      'Package: gimp\nStatus: install ok installed\nVersion: 2.10-1\n\nPackage: old\nStatus: deinstall ok config-files\nVersion: 1\n',
    );
  });
  afterEach(async () => {
    expect(commands.calls, 'a trial runs nothing').toEqual([]);
    await rm(root, { recursive: true, force: true });
  });
  async function put(path: string, text = ''): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  async function look(settings: ApplicationsSettings, platform: 'linux' | 'darwin' = 'linux') {
    const host = { platform, files: new HostFiles(root, new MemoryOriginals()), commands };
    const { status, evidence } = await enforceOnce(
      createApplications(host),
      { mode: 'enforce', ...settings },
      keptLog(),
    );
    return { status, wrong: evidence.filter(({ ok }) => !ok).map(({ item, seen }) => `${item}: ${seen}`) };
  }

  it.each<[string, ApplicationsSettings, string[]]>([
    ['what is installed is there', { linuxRequired: ['gimp'] }, []],
    ['what is not, is missing', { linuxRequired: ['gimp', 'inkscape'] }, ['package inkscape: not installed']],
    ['what was removed but for its settings is not installed', { linuxForbidden: ['old'] }, []],
    ['what is forbidden is seen', { linuxForbidden: ['gimp', 'steam'] }, ['package gimp: installed']],
    [
      'what one profile requires and another forbids counts as forbidden',
      { linuxRequired: ['old'], linuxForbidden: ['old'] },
      [],
    ],
  ])('%s', async (_, settings, wrong) => {
    const before = everythingBelow(root);
    expect((await look(settings)).wrong).toEqual(wrong);
    expect(everythingBelow(root)).toEqual(before);
  });

  it('a system without dpkg is not known', async () => {
    await rm(join(root, 'var'), { recursive: true });
    expect((await look({ linuxRequired: ['gimp'] })).wrong).toEqual([expect.stringContaining('not known')]);
  });

  it('snaps, flatpaks and portable browsers are reported without the name of the person', async () => {
    await put('/var/lib/snapd/snaps/opera_342.snap');
    await put('/var/lib/snapd/snaps/firefox_1.snap');
    await put('/home/ada/.local/share/flatpak/app/com.brave.Browser/metadata');
    await put('/home/ada/Downloads/tor-browser/Browser/firefox');
    await put('/home/bob/Downloads/tor-browser/Browser/firefox');
    expect((await look({ unmanagedBrowsers: true })).wrong).toEqual([
      'snap opera: installed: remove it by hand',
      'flatpak com.brave.Browser: installed: remove it by hand',
      'program ~/Downloads/tor-browser/Browser/firefox: there: talk to the person',
    ]);
  });

  it.each<[string, string, string[]]>([
    ['a part of a name', '~/games/*.x86_64', ['program ~/games/maze.x86_64: there: talk to the person']],
    ['a stick that somebody put in', '/media/*/stick/game', ['program /media/…/stick/game: there: talk to the person']],
    ['a dot is a dot', '~/games/maze?x86_64', []],
    ['nothing there', '/opt/none/*', []],
  ])('paths: %s', async (_, pattern, wrong) => {
    await put('/home/ada/games/maze.x86_64');
    await put('/media/ada/stick/game');
    expect((await look({ linuxForbiddenPaths: [pattern] })).wrong).toEqual(wrong);
  });

  it('folders made to keep the agent out end nothing', async () => {
    await mkdir(join(root, 'home/ada'), { recursive: true });
    await symlink('circle', join(root, 'home/ada/circle'));
    await symlink('/', join(root, 'home/ada/out'));
    await put('/home/bob/circle/game');
    const { status, wrong } = await look({ linuxForbiddenPaths: ['~/circle/game', '~/out/etc/*'] });
    expect([status, wrong]).toEqual(['failed', ['program ~/circle/game: there: talk to the person']]);
  });

  it('a Mac: the folders of applications are looked at', async () => {
    await put('/Applications/Brave Browser.app/Contents/Info.plist');
    await put('/Applications/Keynote.app/Contents/Info.plist');
    const settings = { unmanagedBrowsers: true, macRequired: ['Keynote', 'Pages'], macForbidden: ['Steam'] };
    expect((await look(settings, 'darwin')).wrong).toEqual([
      'application Pages: not installed',
      'application Brave Browser*: installed',
    ]);
  });
});
