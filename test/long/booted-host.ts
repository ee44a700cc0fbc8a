import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Where the booted host finds this repository and its Node, both read-only. */
const repositoryThere = '/opt/rollcall';
const nodeThere = '/usr/local/bin/node';
const packages = 'systemd,systemd-sysv,systemd-resolved,libnss-resolve,dbus,iproute2,nftables';
const buildMs = 480_000;
const bootMs = 60_000;
const runMs = 120_000;

/**
 * Turns a folder into the root of a host in namespaces of its own, and becomes its first process. `pivot_root`, because
 * systemd gives its services mounts below the real root. Arguments: the root, the repository, Node.
 */
const boot = `
  set -e
  mount --bind "$0" "$0"
  cd "$0"
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs tmpfs run
  mount -t tmpfs tmpfs tmp
  mount -t tmpfs -o mode=755 tmpfs dev
  mkdir dev/pts dev/shm
  ln -s pts/ptmx dev/ptmx
  for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
  mount --bind -o ro "$1" .${repositoryThere}
  mount --bind -o ro "$2" .${nodeThere}
  pivot_root . mnt
  umount -l /mnt
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=rollcall-test /sbin/init
`;

/** Why no host can be booted on this machine; undefined when one can. */
export function whyNoHost(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = ['debootstrap', 'unshare', 'nsenter', 'pivot_root'].filter((program) => !isInstalled(program));
  return missing.length > 0 ? `needs ${missing.join(', ')}` : undefined;
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return error === undefined;
  }
}

/** A small Debian with a running systemd, in namespaces of its own: nothing of this machine is changed. */
export class BootedHost {
  readonly #folder: string;
  #outer: ChildProcess | undefined;
  #init = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Fetches packages, which takes a minute. Rejects with the last words of debootstrap when it cannot. */
  static async build(): Promise<BootedHost> {
    const host = new BootedHost(await mkdtemp(join(tmpdir(), 'rollcall-host-')));
    try {
      const args = ['--variant=minbase', `--include=${packages}`, 'bookworm', host.#root];
      await run('debootstrap', args, { timeout: buildMs, maxBuffer: 16_777_216 });
      await mkdir(join(host.#root, repositoryThere), { recursive: true });
      await writeFile(join(host.#root, nodeThere), '');
      return host;
    } catch (error) {
      await host.stop();
      const { stdout = '', message } = error as Error & { stdout?: string };
      throw new Error(`no Debian could be made: ${stdout.trim().split('\n').at(-1) || message}`, { cause: error });
    }
  }

  async start(): Promise<void> {
    const own = ['-m', '-p', '-n', '-u', '-i', '-C', '--fork', '--propagation', 'private'];
    const args = [...own, 'sh', '-c', boot, this.#root, repository, process.execPath];
    this.#outer = spawn('unshare', args, { stdio: 'ignore' });
    const deadline = Date.now() + bootMs;
    while (!(await this.#isUp())) {
      if (Date.now() > deadline) throw new Error('systemd-resolved of the booted host did not start');
      await sleep(200);
    }
  }

  /** Runs a program of the host; gives what it printed. */
  async run(program: string, args: readonly string[]): Promise<string> {
    const inside = ['-t', String(this.#init), '-m', '-p', '-n', '-u', '-i', '-C', '-r', '-w', program, ...args];
    return (await run('nsenter', inside, { timeout: runMs })).stdout;
  }

  /** Runs a script of this repository with its own Node. */
  async runScript(path: string): Promise<string> {
    return await this.run(nodeThere, [join(repositoryThere, path)]);
  }

  /** The first process takes all others, the namespaces and their mounts with it. */
  async stop(): Promise<void> {
    const outer = this.#outer;
    if (outer && outer.exitCode === null && outer.signalCode === null) {
      const ended = new Promise((resolve) => outer.once('exit', resolve));
      process.kill(this.#init || (outer.pid ?? 0), 'SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #root(): string {
    return join(this.#folder, 'root');
  }

  async #isUp(): Promise<boolean> {
    const pid = this.#outer?.pid;
    if (this.#outer?.exitCode !== null) throw new Error('the first process of the booted host ended');
    this.#init = Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim());
    if (this.#init === 0) return false;
    const state = await this.run('/usr/bin/systemctl', ['is-active', 'systemd-resolved']).catch(
      (error: Error) => error.message,
    );
    return state.trim() === 'active';
  }
}
