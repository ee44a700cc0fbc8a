import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one program printed when it was really run. */
export interface Printed {
  /** Undefined when there is no such program. */
  code: number | undefined;
  stdout: Buffer;
  stderr: Buffer;
}

/** What is run, and by whom, in a Debian root of its own. */
export interface Run {
  setup?: string;
  /** An ordinary account instead of root. */
  asNobody?: boolean;
  commands: readonly (readonly string[])[];
  locales: readonly string[];
  /** With systemd as the first process. */
  booted?: boolean;
  /** On the file system of this machine instead of a layer over it; for what changes nothing. */
  bare?: boolean;
}

/** Mounts a throw-away layer over the root, so that no set-up outlives its run. Arguments: the root, the folder of results. */
const mounts = `
  set -e
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/new
  mount -t overlay overlay -o "lowerdir=$0,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/new
  mkdir -p /mnt/new/results
  mount --bind "$1" /mnt/new/results
  cd /mnt/new
  mount -t proc proc proc
`;
const chrooted = `${mounts}
  mount -t sysfs -o ro sysfs sys
  mount --rbind /dev dev
  exec chroot . /bin/sh /results/script
`;
const bare = `
  set -e
  mount --bind "$0" "$0"
  cd "$0"
  mkdir -p results
  mount -t tmpfs tmpfs results
  cp "$1/script" results/
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount --rbind /dev dev
  chroot . /bin/sh /results/script
  cp -a results/. "$1/"
`;
const booted = `${mounts}
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs tmpfs run
  mount -t tmpfs tmpfs tmp
  mount -t tmpfs -o mode=755 tmpfs dev
  mkdir dev/pts dev/shm
  ln -s pts/ptmx dev/ptmx
  for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
  cat > etc/systemd/system/record.service <<UNIT
[Service]
Type=oneshot
ExecStart=/bin/sh /results/script
ExecStopPost=/bin/systemctl --force --force poweroff
[Install]
WantedBy=multi-user.target
UNIT
  ln -sf /etc/systemd/system/record.service etc/systemd/system/multi-user.target.wants/
  mkdir old
  pivot_root . old
  umount -l /old
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=recorder /sbin/init
`;
const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs the commands in every locale, in namespaces of their own; results by locale and command. */
export function run(root: string, work: string, task: Run): Map<string, Printed[]> {
  const results = mkdtempSync(join(work, 'run-'));
  writeFileSync(join(results, 'script'), scriptOf(task));
  const own = ['-m', '-p', '-n', '-u', '-i', '-C', '--fork', '--propagation', 'private'];
  const args = [...own, 'sh', '-c', task.booted ? booted : task.bare ? bare : chrooted, root, results];
  const { status, stderr } = spawnSync('unshare', args, { timeout: 180_000, killSignal: 'SIGKILL' });
  const isDone = readable(join(results, 'done')) !== undefined;
  if (!isDone) throw new Error(`no results (${status}): ${stderr}`);
  const printed = (locale: string, index: number): Printed => {
    const part = (end: string) => readFileSync(join(results, `${locale}.${index}.${end}`));
    const code = part('code').toString().trim();
    return { code: code === 'missing' ? undefined : Number(code), stdout: part('out'), stderr: part('err') };
  };
  return new Map(
    task.locales.map((locale) => [locale, task.commands.map((_, index) => printed(locale, index))] as const),
  );
}

function readable(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The agent gives programs nothing but a path and a locale; the recording does the same. */
function scriptOf({ setup = '', asNobody = false, commands, locales }: Run): string {
  const who = asNobody ? 'setpriv --reuid 65534 --regid 65534 --clear-groups ' : '';
  const lines = locales.flatMap((locale) =>
    commands.map((command, index) => {
      const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
      const file = `/results/${locale}.${index}`;
      const asked = `env -i ${path} LC_ALL=${locale} LANG=${locale} ${who}${words} >${file}.out 2>${file}.err </dev/null`;
      const missing = `: >${file}.out; : >${file}.err; echo missing >${file}.code`;
      return `if [ -x ${command[0]} ]; then ${asked}; echo $? >${file}.code; else ${missing}; fi`;
    }),
  );
  return `export ${path} DEBIAN_FRONTEND=noninteractive LC_ALL=C\n( ${setup || ':'}\n) >/results/setup.log 2>&1\n${lines.join('\n')}\ntouch /results/done\n`;
}
