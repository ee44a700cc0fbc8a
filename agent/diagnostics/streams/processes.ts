import { type ProcessState, ProcFolder } from '../proc-folder.ts';
import { plainName } from '../processes.ts';
import type { SampleOf, StreamParts, StreamSource } from './stream-parts.ts';

type Sample = SampleOf<'processes'>;
type Process = Sample['processes'][number];

const shown = 50;
const longestCommand = 300;

/** Those that use most. Of what a person runs the name alone is told: no command line of it is ever read. */
export function processSource(parts: StreamParts): StreamSource<Sample> {
  return parts.platform === 'linux' ? linuxProcesses(parts) : portableProcesses(parts);
}

function linuxProcesses({ root, clock, redactor }: StreamParts): StreamSource<Sample> {
  const proc = new ProcFolder(root);
  const told = new Told(proc);
  let before: { at: number; states: Map<number, ProcessState> } = { at: clock.monotonic(), states: proc.processes() };
  return {
    take: async () => {
      const after = { at: clock.monotonic(), states: proc.processes() };
      const seconds = Math.max(0.001, (after.at - before.at) / 1000);
      const used = mostUsed(
        proc
          .usage(before.states, after.states, seconds)
          .map(({ cpuPercent, ...rest }) => ({ ...rest, cpu: cpuPercent / 100 })),
      );
      before = after;
      const processes = used.map(({ pid, name, cpu, memoryBytes }): Process => {
        const { isSystem, command } = told.of(pid, after.states.get(pid)?.started ?? '');
        return {
          ...{ pid, cpu, memoryBytes, isSystem, name: redactor.text(plainName(name), 100) },
          ...(command !== undefined && { command: redactor.text(command, longestCommand) }),
        };
      });
      return { sample: { kind: 'processes', processes } };
    },
  };
}

/** Whose a process is and how it was called, read once for each. */
class Told {
  readonly #proc: ProcFolder;
  #known = new Map<string, { isSystem: boolean; command: string | undefined }>();

  constructor(proc: ProcFolder) {
    this.#proc = proc;
  }

  of(pid: number, started: string): { isSystem: boolean; command: string | undefined } {
    const key = `${pid} ${started}`;
    const known = this.#known.get(key);
    if (known) return known;
    const isSystem = isSystemUid(uidOf(this.#proc.text(`${pid}/status`)));
    const command = isSystem ? commandOf(this.#proc.text(`${pid}/cmdline`)) : undefined;
    if (this.#known.size > 2_000) this.#known.clear();
    this.#known.set(key, { isSystem, command });
    return { isSystem, command };
  }
}

/** The real user of /proc/PID/status (proc_pid_status(5)). */
export function uidOf(status: string | undefined): number | undefined {
  const uid = /^Uid:\s+(\d+)/m.exec(status ?? '')?.[1];
  return uid === undefined ? undefined : Number(uid);
}

/**
 * Accounts of the system, of services that are made for their run, and nobody (systemd: Users, Groups, UIDs and GIDs on
 * systemd systems); all others, and what cannot be told, are people's.
 */
export function isSystemUid(uid: number | undefined): boolean {
  if (uid === undefined) return false;
  return uid < 1_000 || (uid >= 61_184 && uid <= 65_519) || uid === 65_534;
}

/** Parts are separated by noughts (proc_pid_cmdline(5)); empty for threads of the kernel. */
function commandOf(cmdline: string | undefined): string | undefined {
  const words = (cmdline ?? '')
    .split('\0')
    .filter((word) => word !== '')
    .join(' ');
  return words === '' ? undefined : words.slice(0, 1_000);
}

/** Starts a program (on Windows about a second of CPU), so it is done less often than the figures are shown. */
const listedEveryMs = 5_000;

/** By systeminformation: names only, for everybody's programs. */
function portableProcesses({ clock, redactor, platform }: StreamParts): StreamSource<Sample> {
  let listedAt = Number.NEGATIVE_INFINITY;
  return {
    take: async () => {
      if (clock.monotonic() - listedAt < listedEveryMs) return { sample: undefined };
      listedAt = clock.monotonic();
      const si = await import('systeminformation');
      const { list } = await si.processes();
      const used = mostUsed(
        list.map(({ pid, name, cpu, memRss, user, path }) => ({
          ...{ pid, name: redactor.text(plainName(name.split(/[\\/]/).at(-1) ?? name), 100) },
          ...{ cpu: Math.max(0, cpu) / 100, memoryBytes: Math.max(0, Math.round(memRss * 1024)) },
          isSystem: isSystemsOwn(platform, user, path),
        })),
      );
      return { sample: { kind: 'processes', processes: used } };
    },
  };
}

/** By its account on macOS; on Windows the account is not told, and the folder of the system must do. */
export function isSystemsOwn(platform: StreamParts['platform'], user: string, path: string): boolean {
  if (platform === 'darwin') return user === 'root' || user.startsWith('_');
  return /^C:\\Windows\\/i.test(path);
}

function mostUsed<P extends Pick<Process, 'pid' | 'cpu' | 'memoryBytes'>>(processes: readonly P[]): P[] {
  return processes
    .toSorted((a, b) => b.cpu - a.cpu || b.memoryBytes - a.memoryBytes || a.pid - b.pid)
    .slice(0, shown)
    .map((process) => ({ ...process, cpu: Math.min(1_024, Math.round(process.cpu * 1_000) / 1_000) }));
}
