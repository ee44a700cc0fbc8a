import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createWifi } from '../../../../agent/capabilities/wifi/index.ts';
import {
  connectionFolder,
  connectionUuid,
  keyfilePath,
  keyfileText,
} from '../../../../agent/capabilities/wifi/keyfile.ts';
import { profileXml } from '../../../../agent/capabilities/wifi/profile-xml.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../../agent/reconcile/enforce.ts';
import type { WifiNetwork, WifiSettings } from '../../../../shared/profile/wifi.ts';
import { everythingBelow } from '../../../fakes/folder.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { PretendedHostFiles } from '../browser/recorded.ts';
import { done, keptLog } from '../health/recorded.ts';

const school: WifiNetwork = { name: 'School', security: 'wpa2', passphrase: 'only for laptops', hidden: false };
const staff: WifiNetwork = {
  name: 'Café \\ #2 ',
  security: 'wpa2-enterprise',
  identity: 'laptop\\district ',
  password: ' a;b\\c=d ',
  serverName: 'radius.lindenfield.example',
  hidden: true,
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-wifi-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('connections of NetworkManager', () => {
  it('have a UUID of RFC 9562, always the same for a name', () => {
    expect(connectionUuid('School')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(connectionUuid('School')).toBe(connectionUuid('School'));
    expect(connectionUuid('School')).not.toBe(connectionUuid('school'));
  });

  const nmcli = ['nmcli'].find((path) => {
    try {
      execFileSync(path, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });

  const asRead = (network: WifiNetwork) =>
    execFileSync(nmcli ?? '', ['--offline', 'connection', 'modify', 'connection.zone', 'school'], {
      input: keyfileText(network, 3),
      encoding: 'utf8',
    });

  describe.skipIf(!nmcli)(`as its own program reads them${nmcli ? '' : ' (skipped: nmcli is not installed)'}`, () => {
    test.each<[string, WifiNetwork, string[]]>([
      ['a passphrase', school, ['ssid=School', 'key-mgmt=wpa-psk', 'psk=only for laptops', 'autoconnect-priority=97']],
      ['WPA3', { ...school, security: 'wpa3' }, ['key-mgmt=sae', 'psk=only for laptops']],
      ['an open network', { name: 'Library', security: 'open', hidden: false }, ['ssid=Library']],
      [
        'signs that mean something in such a file',
        staff,
        [
          'id=Café \\\\ #2 ',
          'ssid=67;97;102;195;169;32;92;32;35;50;32;',
          'hidden=true',
          'key-mgmt=wpa-eap',
          'eap=peap;',
          'identity=laptop\\\\district ',
          'password=\\sa;b\\\\c=d ',
          'phase2-auth=mschapv2',
          'domain-suffix-match=radius.lindenfield.example',
          'system-ca-certs=true',
        ],
      ],
    ])('%s', (_, network, lines) => {
      expect(asRead(network).split('\n')).toEqual(expect.arrayContaining(lines));
    });
  });
});

describe('Wi-Fi below a trial root', () => {
  const nothingRuns: Commands = { run: (path) => Promise.reject(new Error(`${path} was run below a trial root`)) };
  const desired: WifiSettings = { mode: 'enforce', networks: [school, staff] };

  it('is applied, put right after each kind of drift, follows the list, and goes without a trace', async () => {
    const capability = createWifi({
      platform: 'linux',
      files: new HostFiles(root, new MemoryOriginals()),
      commands: nothingRuns,
    });
    const own = join(root, connectionFolder, 'home.nmconnection');
    await mkdir(join(root, connectionFolder), { recursive: true });
    await writeFile(own, '[connection]\nid=home\n', { mode: 0o600 });
    const before = everythingBelow(root);
    const pass = async (networks: readonly WifiNetwork[]) =>
      (await enforceOnce(capability, { ...desired, networks: [...networks] }, keptLog())).changes.map(
        ({ item }) => item,
      );
    const path = keyfilePath(school);

    expect(await pass([school, staff])).toEqual([path, keyfilePath(staff)]);
    expect(await pass([school, staff])).toEqual([]);
    await chmod(join(root, path), 0o644);
    expect(await pass([school, staff])).toEqual([path]);
    await writeFile(join(root, path), 'something else');
    expect(await pass([school, staff])).toEqual([path]);
    await rm(join(root, path));
    expect(await pass([school, staff])).toEqual([path]);
    expect(await pass([school])).toEqual([keyfilePath(staff)]);

    const { evidence } = await capability.observe(desired);
    expect(JSON.stringify(evidence)).not.toContain('only for laptops');
    await removeOnce(capability, keptLog());
    await capability.remove();
    expect(everythingBelow(root)).toEqual(before);
  });

  it('a network that lacks what its security needs is for people, and writes nothing', async () => {
    const capability = createWifi({
      platform: 'linux',
      files: new HostFiles(root, new MemoryOriginals()),
      commands: nothingRuns,
    });
    const { evidence } = await capability.observe({
      mode: 'enforce',
      networks: [{ ...school, passphrase: undefined } as never],
    });
    expect(evidence).toMatchObject([{ ok: false, seen: 'The network “School” needs a passphrase.' }]);
  });
});

/** A WLAN service that keeps profiles by the name in their XML; netsh speaks the language of Windows. */
class PretendedWlan implements Commands {
  readonly profiles = new Map<string, string>();
  readonly #read: (path: string) => Promise<string>;

  constructor(read: (path: string) => Promise<string>) {
    this.#read = read;
  }

  async run(_path: string, args: readonly string[]): Promise<CommandResult> {
    const [, verb, , argument = ''] = args;
    const value = argument.slice(argument.indexOf('=') + 1);
    if (verb === 'add') {
      const xml = await this.#read(value);
      this.profiles.set(/<name>([^<]*)<\/name>/.exec(xml)?.[1] ?? '', xml);
      return done('Das Profil wurde der Schnittstelle hinzugefügt.');
    }
    const isKnown = this.profiles.has(value);
    if (verb === 'delete') this.profiles.delete(value);
    return isKnown ? done('Profil') : done('Das Profil "x" wurde nicht gefunden.', 1);
  }
}

describe('Wi-Fi on Windows, by what netsh is documented to do', () => {
  it('adds, adds again what was deleted or changed, and takes away its own alone', async () => {
    const files = new PretendedHostFiles(root, new MemoryOriginals());
    const wlan = new PretendedWlan(async (path) => (await files.read(path)) ?? '');
    wlan.profiles.set('Home', 'the person’s own');
    const capability = createWifi({ platform: 'win32', files, commands: wlan });
    const pass = async (networks: WifiNetwork[]) =>
      (await enforceOnce(capability, { mode: 'enforce', networks }, keptLog())).changes.map(({ item }) => item);

    expect(await pass([school])).toEqual(['network School']);
    expect(wlan.profiles.get('School')).toBe(profileXml(school));
    expect(await pass([school])).toEqual([]);
    wlan.profiles.delete('School');
    expect(await pass([school])).toEqual(['network School']);
    expect(await pass([{ ...school, passphrase: 'another for laptops' }])).toEqual(['network School']);
    expect(wlan.profiles.get('School')).toContain('another for laptops');
    expect(JSON.stringify(everythingBelow(root))).not.toContain('another for laptops');
    expect(await pass([])).toEqual(['network School']);
    expect([...wlan.profiles.keys()]).toEqual(['Home']);
    await removeOnce(capability, keptLog());
    expect([...wlan.profiles.keys()]).toEqual(['Home']);
  });

  it('says that enterprise networks are not set', async () => {
    const files = new PretendedHostFiles(root, new MemoryOriginals());
    const capability = createWifi({ platform: 'win32', files, commands: new PretendedWlan(async () => '') });
    const { evidence } = await capability.observe({ mode: 'enforce', networks: [staff] });
    expect(evidence).toMatchObject([{ ok: false, seen: 'enterprise networks are not set on Windows: use MDM' }]);
  });

  it('writes XML in which a name stays a name', () => {
    const xml = profileXml({ ...school, name: 'A<b>&"c', passphrase: "it's <secret>" });
    expect(xml).toContain('<name>A&lt;b&gt;&amp;&quot;c</name>');
    expect(xml).toContain('<hex>413C623E262263</hex>');
    expect(xml).toContain('<keyMaterial>it&apos;s &lt;secret&gt;</keyMaterial>');
  });
});

it('a Mac says that networks for everybody come by MDM', () => {
  const capability = createWifi({
    platform: 'darwin',
    files: new HostFiles(root, new MemoryOriginals()),
    commands: { run: () => Promise.resolve(done('')) },
  });
  expect(capability).toMatchObject({ supported: false, unsupportedWhy: expect.stringContaining('MDM') });
});
