import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { noChromium } from './chromium.ts';

/*
 * A host of its own: namespaces of mounts, network and processes, with all of /etc under an overlay that goes with it.
 * What runs there may point DNS at itself, load firewall rules and write machine-wide browser policies; the machine
 * underneath never sees any of it, and a ufw it has is out of the way. The network has a neighbour that never answers, so that programs see one.
 */
const setUp = `
  set -e
  mount --make-rprivate /
  mount -t tmpfs none /mnt
  mkdir /mnt/upper /mnt/work
  mount -t overlay overlay -o "lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work" /etc
  rm -f /etc/resolv.conf
  rm -rf /etc/chromium/policies
  printf 'nameserver 127.0.0.2\\noptions timeout:2 attempts:1\\n' > /etc/resolv.conf
  [ ! -e /usr/sbin/ufw ] || mount --bind /dev/null /usr/sbin/ufw
  ip link set lo up
  ip link add net0 type veth peer name net1
  ip address add 192.0.2.2/24 dev net0
  ip link set net0 up
  ip link set net1 up
  exec "$0" "$@"
`;

/** Why tests with Chromium on a host of their own are skipped here; undefined when they can run. */
export function noOwnHost(): string | undefined {
  return noChromium ?? noBareHost();
}

/** The same for tests that need no Chromium. */
export function noBareHost(): string | undefined {
  try {
    execFileSync('unshare', ['-m', '-n', '-p', '-f', 'sh', '-c', setUp, 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `no host of its own can be made (root, unshare, ip and overlay are needed): ${String(error).slice(0, 200)}`;
  }
}

/** Runs a script there; gives what it printed as JSON on its last line, and passes on what it said meanwhile. */
export async function onOwnHost<T>(script: string, ...args: string[]): Promise<T> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const all = ['-m', '-n', '-p', '-f', '--mount-proc', 'sh', '-c', setUp, process.execPath, path, ...args];
  const child = spawn('unshare', all, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (part: string) => {
      said[name] += part;
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0)
    throw new Error(`${script} ended with ${code}: ${said.stderr.slice(-4000)}${said.stdout.slice(-2000)}`);
  return JSON.parse(said.stdout.trimEnd().split('\n').at(-1) ?? '') as T;
}
