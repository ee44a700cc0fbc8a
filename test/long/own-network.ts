import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SystemCommands } from '../../agent/platform/commands.ts';

export const commands = new SystemCommands();

/** Runs a program of the booted host; gives what it printed. */
export async function run(line: string): Promise<string> {
  const [program = '', ...args] = line.split(' ');
  const { code, stdout, stderr } = await commands.run(program, args);
  if (code !== 0) throw new Error(`${line}: ${stderr}`);
  return stdout;
}

/** A network whose resolver answers on 192.0.2.53 and 192.0.2.54; this host is 192.0.2.2. */
export async function joinNetwork(): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('network-server.ts', import.meta.url));
  const network = spawn('/usr/bin/unshare', ['-n', process.execPath, script], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(network, 'message');
  await run('/usr/sbin/ip link set lo up');
  await run(`/usr/sbin/ip link add net0 type veth peer name net1 netns ${network.pid}`);
  for (const address of ['192.0.2.53', '192.0.2.54']) {
    await run(`/usr/bin/nsenter -t ${network.pid} -n /usr/sbin/ip address add ${address}/24 dev net1`);
  }
  await run(`/usr/bin/nsenter -t ${network.pid} -n /usr/sbin/ip link set net1 up`);
  await run('/usr/sbin/ip address add 192.0.2.2/24 dev net0');
  await run('/usr/sbin/ip link set net0 up');
  await run('/usr/bin/resolvectl dns net0 192.0.2.53');
  return network;
}
