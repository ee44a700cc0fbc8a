import type { CommandResult, Commands } from '../../platform/commands.ts';
import { done, type Executor, failed } from '../executor.ts';
import type { ActParts } from '../parts.ts';

const timeoutMs = 60_000;

/** Asks for an address anew, by whatever looks after the network here. */
export function renewNetworkAct({
  commands,
  platform,
}: Pick<ActParts, 'commands' | 'platform'>): Executor<'renew-network'> {
  const run = async () => {
    const renewed = await renew[platform](commands);
    if (renewed.length === 0) return failed('no-network', 'No network of this device could be renewed by the agent.');
    return done(`The network was renewed: ${renewed.join(', ')}.`);
  };
  return { run, resume: run };
}

const renew = {
  /** nmcli(1), networkctl(1), dhclient(8): the first that has connected networks. */
  async linux(commands: Commands): Promise<string[]> {
    for (const way of [byNetworkManager, byNetworkd, byDhclient]) {
      const renewed = await way(commands);
      if (renewed.length > 0) return renewed;
    }
    return [];
  },
  async win32(commands: Commands): Promise<string[]> {
    const path = 'C:\\Windows\\System32\\ipconfig.exe';
    await commands.run(path, ['/flushdns'], { timeoutMs });
    return isDone(await commands.run(path, ['/renew'], { timeoutMs })) ? ['every adapter'] : [];
  },
  /** networksetup(8) */
  async darwin(commands: Commands): Promise<string[]> {
    const path = '/usr/sbin/networksetup';
    const services = await commands.run(path, ['-listallnetworkservices'], { timeoutMs });
    const names = services.stdout
      .split('\n')
      .slice(1)
      .filter((name) => name !== '' && !name.startsWith('*'));
    const renewed: string[] = [];
    for (const name of names.slice(0, 10)) {
      const { stdout } = await commands.run(path, ['-getinfo', name], { timeoutMs });
      if (!stdout.startsWith('DHCP')) continue;
      if (isDone(await commands.run(path, ['-setdhcp', name], { timeoutMs }))) renewed.push(name);
    }
    return renewed;
  },
};

const interfaceName = /^[A-Za-z0-9_.-]{1,15}$/;

async function byNetworkManager(commands: Commands): Promise<string[]> {
  const fields = ['-t', '-f', 'DEVICE,TYPE,STATE', 'device'];
  const { stdout } = await commands.run('/usr/bin/nmcli', fields, { timeoutMs });
  const links = stdout.split('\n').flatMap((line) => {
    const [name = '', type = '', state = ''] = line.split(':');
    return ['wifi', 'ethernet'].includes(type) && state === 'connected' && interfaceName.test(name) ? [name] : [];
  });
  return await each(links, (name) =>
    commands.run('/usr/bin/nmcli', ['--wait', '30', 'device', 'connect', name], { timeoutMs }),
  );
}

async function byNetworkd(commands: Commands): Promise<string[]> {
  const { stdout } = await commands.run('/usr/bin/networkctl', ['list', '--no-legend', '--no-pager'], { timeoutMs });
  const links = stdout.split('\n').flatMap((line) => {
    const [, name = '', type = '', operational = '', setup = ''] = line.trim().split(/\s+/);
    const isUp = operational === 'routable' && setup === 'configured';
    return isUp && type !== 'loopback' && interfaceName.test(name) ? [name] : [];
  });
  return await each(links, (name) => commands.run('/usr/bin/networkctl', ['renew', name], { timeoutMs }));
}

async function byDhclient(commands: Commands): Promise<string[]> {
  return isDone(await commands.run('/usr/sbin/dhclient', ['-1'], { timeoutMs })) ? ['every network'] : [];
}

async function each(links: readonly string[], run: (name: string) => Promise<CommandResult>): Promise<string[]> {
  const renewed: string[] = [];
  for (const name of links) if (isDone(await run(name))) renewed.push(name);
  return renewed;
}

function isDone({ code }: CommandResult): boolean {
  return code === 0;
}
