import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/*
 * A host whose /etc, /usr and /var are overlays in a namespace of mounts: real tools change accounts and packages there, and
 * everything goes with the last process. The machine underneath never sees any of it.
 */
const setUp = `
  set -e
  mount --make-rprivate /
  mount -t tmpfs none /mnt
  for name in etc usr var; do
    mkdir -p /mnt/$name/upper /mnt/$name/work
    mount -t overlay overlay -o "lowerdir=/$name,upperdir=/mnt/$name/upper,workdir=/mnt/$name/work" /$name
  done
  exec "$0" "$@"
`;

/** Why tests on such a host are skipped here; undefined when they can run. */
export function noOwnEtc(...programs: readonly string[]): string | undefined {
  try {
    for (const program of programs) execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    execFileSync('unshare', ['-m', '-n', 'sh', '-c', setUp, 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `needs root, overlays${programs.map((program) => `, ${program}`).join('')}: ${String(error).slice(0, 200)}`;
  }
}

/** Runs a script there, with a network of its own; what it printed as JSON. */
export async function onOwnEtc(script: string, ...args: string[]): Promise<Record<string, unknown>> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const all = ['-m', '-n', 'sh', '-c', setUp, process.execPath, path, ...args];
  const { stdout } = await promisify(execFile)('unshare', all);
  return JSON.parse(stdout);
}
