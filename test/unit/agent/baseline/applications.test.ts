import { describe, expect, it } from 'vitest';
import { unmanagedPackages } from '../../../../agent/capabilities/applications/browsers.ts';
import { parseSimulation, parseStatus } from '../../../../agent/capabilities/applications/dpkg.ts';
import { createApplications } from '../../../../agent/capabilities/applications/index.ts';
import { fits } from '../../../../agent/capabilities/applications/names.ts';
import { withoutNames } from '../../../../agent/capabilities/applications/portable.ts';
import { parseUninstall } from '../../../../agent/capabilities/applications/win32.ts';
import type { CommandResult } from '../../../../agent/platform/commands.ts';
import { enforceOnce } from '../../../../agent/reconcile/enforce.ts';
import { ApplicationsSettings } from '../../../../shared/profile/applications.ts';
import { validator } from '../../../../shared/schema.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, RecordedCommands, succeeded } from '../browser/recorded.ts';
import { keptLog } from '../health/recorded.ts';

describe('output of apt and dpkg (as apt 2.6 and dpkg 1.21 print it)', () => {
  it.each<[string, string, [string, string][]]>([
    ['an installed package', 'Package: gimp\nStatus: install ok installed\nVersion: 2.10-1\n', [['gimp', '2.10-1']]],
    ['one on hold is installed', 'Package: gimp\nStatus: hold ok installed\nVersion: 2\n', [['gimp', '2']]],
    ['only its settings are left', 'Package: gimp\nStatus: deinstall ok config-files\nVersion: 2\n', []],
    ['half installed', 'Package: gimp\nStatus: install reinstreq half-installed\nVersion: 2\n', []],
    ['never installed', 'Package: gimp\nStatus: unknown ok not-installed\n', []],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => expect([...parseStatus(text)]).toEqual(expected));

  it('a simulation names what is new and what goes, not what becomes newer', () => {
    const stdout =
      'Reading package lists...\nRemv demo-game [1.5]\nPurg demo-old [1.0]\nInst libc6:i386 (2.36-9 Debian:12 [i386])\nInst bash [5.2-1] (5.2-2 Debian:12 [amd64])\nInst demo-writer (2.0 localhost [all])\nConf demo-writer (2.0 localhost [all])\n';
    expect(parseSimulation(stdout)).toEqual({ installs: ['libc6', 'demo-writer'], removes: ['demo-game', 'demo-old'] });
  });
});

/** `reg query …\Uninstall /s` as documented; only names that no language translates are looked at. */
const uninstall = (end: string) =>
  [
    '',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{23170F69}',
    '    DisplayName    REG_SZ    LibreOffice 24.2.1.2',
    '    DisplayVersion    REG_SZ    24.2.1.2',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Brave',
    '    DisplayName    REG_SZ    Brave',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Part',
    '    SystemComponent    REG_DWORD    0x1',
    '    DisplayName    REG_SZ    Steam',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Nameless',
    '    NoModify    REG_DWORD    0x1',
    '',
    end,
  ].join('\r\n');

describe('Windows (values made up in the documented form of reg query; never run)', () => {
  it.each([
    'End of search: 6 match(es) found.',
    'Ende der Suche: 6 Übereinstimmungen gefunden.',
    'Fin de la recherche : 6 correspondance(s).',
  ])('names of applications, beside %j', (end) =>
    expect(parseUninstall(uninstall(end))).toEqual(['LibreOffice 24.2.1.2', 'Brave']),
  );

  const look = async (answer: CommandResult) => {
    const commands = new RecordedCommands(() => answer);
    const files = new PretendedHostFiles('/nowhere', new MemoryOriginals());
    const capability = createApplications({ platform: 'win32', files, commands });
    const settings: ApplicationsSettings = {
      mode: 'enforce',
      unmanagedBrowsers: true,
      windowsRequired: ['LibreOffice*', 'GeoGebra'],
      windowsForbidden: ['Steam'],
    };
    const { evidence, failure } = await enforceOnce(capability, settings, keptLog());
    return {
      wrong: evidence.filter(({ ok }) => !ok).map(({ item }) => item),
      failure: failure?.code,
      ran: commands.ran,
    };
  };

  it('what is missing and what is too many is said, and nothing is run but two questions', async () => {
    const { wrong, ran } = await look(succeeded(uninstall('')));
    expect(wrong).toEqual(['application GeoGebra', 'application Brave*']);
    expect(ran.map((words) => words.split(' ').at(-1))).toEqual(['/reg:64', '/reg:32']);
  });
  it('nothing installed is a list that is empty', async () => {
    expect((await look(succeeded(''))).wrong).toEqual(['application LibreOffice*', 'application GeoGebra']);
  });
  it.each(['ERROR: Access is denied.', 'FEHLER: Zugriff verweigert', 'ERREUR : Accès refusé.'])(
    '%j is a failure, not an empty list',
    async (words) => {
      expect(await look(failed(words))).toMatchObject({ wrong: [], failure: 'applications-not-read' });
    },
  );
});

describe('names', () => {
  it.each<[string, string, boolean]>([
    ['Brave', 'brave*', true],
    ['Opera Stable 109', 'Opera *', true],
    ['Operation Maths', 'Opera *', false],
    ['Steam', 'Steam', true],
    ['SteamVR', 'Steam', false],
  ])('%s fits %s: %s', (name, pattern, expected) => expect(fits(name, pattern)).toBe(expected));

  it.each([
    ['/home/ada/game', '~/game'],
    ['/run/media/ada/stick/game', '/run/media/…/stick/game'],
    ['/opt/game', '/opt/game'],
  ])('%s leaves the device as %s', (path, words) => expect(withoutNames(path)).toBe(words));

  const settings = validator(ApplicationsSettings);
  it.each<[object, boolean]>([
    [{ linuxRequired: ['g++', 'libreoffice-writer'] }, true],
    [{ linuxForbidden: [...unmanagedPackages] }, true],
    [{ linuxRequired: ['gimp-'] }, false],
    [{ linuxRequired: ['-o', 'x'] }, false],
    [{ linuxRequired: ['a b'] }, false],
    [{ linuxForbiddenPaths: ['~/Downloads/*/game', '/opt/game/run'] }, true],
    [{ linuxForbiddenPaths: ['game'] }, false],
    [{ linuxForbiddenPaths: ['/opt/../home//x'] }, false],
    [{ macForbidden: ['a/b'] }, false],
    [{ else: true }, false],
  ])('%j is taken: %s', (value, expected) => expect(settings.check(value)).toBe(expected));
});
