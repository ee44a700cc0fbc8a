import type { HostFiles } from '../platform/host-files.ts';
import { browserWords, flatpakBrowsers, unreachedBrowsers } from './browsers.ts';
import { browsersInHome, homes } from './homes.ts';
import { judgeListeners, parseProcNet } from './listeners.ts';
import type { LookParts, Looks } from './look.ts';
import { judgeHosts, judgeNameServiceSwitch } from './name-service.ts';
import { proxyWords, setsDconfProxy, setsKdeProxy, setsProxyVariable } from './proxies.ts';
import { type Interface, judgeInterfaces } from './tunnels.ts';

/** Everything from files of the kernel and of /etc: no program is started. */
export function linuxLooks({ host, filter, isGuarded }: LookParts): Looks {
  const { files } = host;
  const text = async (path: string) => (await files.read(path)) ?? '';
  return {
    'second-resolver': async () => {
      const [tcp, tcp6, udp, udp6] = await Promise.all(
        ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => text(`/proc/net/${name}`)),
      );
      const found = [...parseProcNet(`${tcp}\n${tcp6}`, 'TCP'), ...parseProcNet(`${udp}\n${udp6}`, 'UDP')];
      return judgeListeners(found, filter);
    },
    'tunnel-up': async () => {
      const names = await files.list('/sys/class/net');
      return judgeInterfaces(await Promise.all(names.map((name) => readInterface(files, name))));
    },
    'unmanaged-browser': async () => {
      const inHomes = await Promise.all((await homes(host)).map((home) => browsersInHome(host, home)));
      return browserWords([
        ...inHomes.flat(),
        ...flatpakBrowsers(await files.list('/var/lib/flatpak/app')),
        ...unreachedBrowsers(await files.list('/snap'), 'as snap'),
        ...unreachedBrowsers(await files.list('/opt'), 'in /opt'),
      ]);
    },
    'proxy-set': async () => proxyWords([...(await systemProxies(files)), ...(await proxiesOfPeople({ host, files }))]),
    'hosts-file': async () => judgeHosts(await text('/etc/hosts'), isGuarded),
    'name-service': async () => judgeNameServiceSwitch(await text('/etc/nsswitch.conf')),
  };
}

async function readInterface(files: HostFiles, name: string): Promise<Interface> {
  const folder = `/sys/class/net/${name}`;
  const [flags, type, tunFlags, uevent, port] = await Promise.all(
    ['flags', 'type', 'tun_flags', 'uevent', 'brport/state'].map((file) => files.read(`${folder}/${file}`)),
  );
  return {
    name,
    flags: flags ?? '',
    type: type ?? '',
    tunFlags: tunFlags ?? '',
    uevent: uevent ?? '',
    isBridged: port !== undefined,
  };
}

async function systemProxies(files: HostFiles): Promise<string[]> {
  const scripts = (await files.list('/etc/profile.d')).map((name) => `/etc/profile.d/${name}`);
  const databases = (await files.list('/etc/dconf/db')).filter((name) => name.endsWith('.d'));
  const keyFiles = await Promise.all(
    databases.map(async (name) =>
      (await files.list(`/etc/dconf/db/${name}`)).map((file) => `/etc/dconf/db/${name}/${file}`),
    ),
  );
  return [
    ...(await those(files, ['/etc/environment', '/etc/profile', ...scripts], setsProxyVariable)),
    ...(await those(files, keyFiles.flat(), setsDconfProxy)),
    ...(await those(files, ['/etc/xdg/kioslaverc', '/etc/kde5rc'], setsKdeProxy)),
  ];
}

/** Named by what they are part of: a path would name the person. */
async function proxiesOfPeople({ host, files }: { host: LookParts['host']; files: HostFiles }): Promise<string[]> {
  const found: string[] = [];
  for (const home of await homes(host)) {
    const environment = (await files.list(`${home}/.config/environment.d`)).map(
      (name) => `${home}/.config/environment.d/${name}`,
    );
    const shells = ['.profile', '.bash_profile', '.bashrc', '.zshrc', '.pam_environment'].map(
      (name) => `${home}/${name}`,
    );
    if ((await those(files, [...shells, ...environment], setsProxyVariable)).length > 0)
      found.push("a person's environment");
    if ((await those(files, [`${home}/.config/kioslaverc`], setsKdeProxy)).length > 0)
      found.push("a person's KDE settings");
  }
  return found;
}

async function those(
  files: HostFiles,
  paths: readonly string[],
  says: (content: string) => boolean,
): Promise<string[]> {
  const contents = await Promise.all(paths.map((path) => unlessFolder(files, path)));
  return paths.filter((_, index) => says(contents[index] ?? ''));
}

async function unlessFolder(files: HostFiles, path: string): Promise<string | undefined> {
  try {
    return await files.read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return undefined;
    throw error;
  }
}
