import { browserWords } from './browsers.ts';
import { browsersInHome, homes } from './homes.ts';
import { judgeListeners, parseNetstat } from './listeners.ts';
import type { LookParts, Looks } from './look.ts';
import { judgeHosts } from './name-service.ts';
import { proxiesOfScutil, proxyWords } from './proxies.ts';
import { tunnelsOfRoutes, tunnelWords } from './tunnels.ts';

const netstat = '/usr/sbin/netstat';

/** Tested from recorded output; never run on a real Mac. */
export function darwinLooks({ host, filter, isGuarded }: LookParts): Looks {
  const run = async (path: string, ...args: string[]) => {
    const { code, stdout, failure, stderr } = await host.commands.run(path, args);
    if (code !== 0) throw new Error(`${path} failed: ${failure ?? stderr.slice(0, 200)}`);
    return stdout;
  };
  return {
    'second-resolver': async () => {
      const udp = parseNetstat(await run(netstat, '-an', '-p', 'udp'), 'UDP');
      return judgeListeners([...udp, ...parseNetstat(await run(netstat, '-an', '-p', 'tcp'), 'TCP')], filter);
    },
    'tunnel-up': async () => tunnelWords(tunnelsOfRoutes(await run(netstat, '-rn'))),
    'unmanaged-browser': async () => {
      const found = await Promise.all((await homes(host)).map((home) => browsersInHome(host, home)));
      return browserWords(found.flat());
    },
    'proxy-set': async () => proxyWords(proxiesOfScutil(await run('/usr/sbin/scutil', '--proxy'))),
    'hosts-file': async () => judgeHosts((await host.files.read('/etc/hosts')) ?? '', isGuarded),
  };
}
