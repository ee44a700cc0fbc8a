import { dconf } from '../../health/posture/screen-lock.ts';
import type { Host } from '../capability.ts';
import { type Line, line, refused } from './baseline.ts';
import { bring, type OwnFile, observeFile, onFile } from './own-file.ts';

/** What one capability wants of everybody's dconf: paths of keys with their values as GVariant text. */
export interface DconfKeys {
  keys: ReadonlyMap<string, string>;
  /** Locked keys are the same for everybody whatever they choose; others are where a person starts from. */
  locked: boolean;
}

export const keyFolder = '/etc/dconf/db/local.d';
export const profileFile = '/etc/dconf/profile/user';
/** What dconf compiles the folder of keys into. */
export const databaseFile = '/etc/dconf/db/local';
/** Every file of ours begins so; a later name wins over an earlier one, and ours over a site's own. */
const prefix = 'zz-rollcall';
/** Profile and compiled database serve every capability: they stay until the last file of keys is gone. */
const shared = 'dconf';

/**
 * GNOME's settings for everybody, of several capabilities: a file of keys each, one profile, one compiled database.
 * https://help.gnome.org/admin/system-admin-guide/stable/dconf.html
 */
export class Dconf {
  readonly #host: Host;
  #turn: Promise<void> = Promise.resolve();

  constructor(host: Host) {
    this.#host = host;
  }

  /** The files as they should be; what dconf makes of all files of everybody is asked on the host itself. */
  async observe(owner: string, wanted: DconfKeys): Promise<Line[]> {
    const { files } = this.#host;
    const own = ownFiles(owner, wanted).map((file) => observeFile(files, owner, file));
    const profile = observeFile(files, shared, await this.#profile(wanted.keys.size > 0));
    const lines = (await Promise.all([profile, ...own])).flat();
    if (!(await this.isInstalled())) return lines;
    // Not while the database is compiled for somebody else: it is not there for a moment.
    return [...lines, ...(await this.#inTurn(() => this.#inForce(wanted)))];
  }

  async bring(owner: string, wanted: DconfKeys): Promise<void> {
    await this.#inTurn(async () => {
      const { files } = this.#host;
      for (const file of ownFiles(owner, wanted)) await bring(files, owner, file);
      await this.#settle();
    });
  }

  /** Takes the owner's keys away; with the last of all owners goes what they shared. Idempotent, also after a crash. */
  async remove(owner: string): Promise<void> {
    const { files } = this.#host;
    if (!files.holds(owner) && !files.holds(shared)) return;
    await this.bring(owner, { keys: new Map(), locked: true });
  }

  watched(owner: string): string[] {
    return [...ownFiles(owner, { keys: new Map(), locked: true }).map(({ path }) => path), profileFile, databaseFile];
  }

  /** Below a trial root nothing is asked of the host's own dconf. */
  async isInstalled(): Promise<boolean> {
    const { files } = this.#host;
    return files.isHost && (await files.mode(dconf)) !== undefined;
  }

  /** Capabilities work side by side; what they share is changed by one at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async #settle(): Promise<void> {
    const { files } = this.#host;
    const isUsed = (await files.list(keyFolder)).some(isOurs);
    await bring(files, shared, await this.#profile(isUsed));
    await this.#compile();
  }

  async #profile(isUsed: boolean): Promise<OwnFile> {
    const { files } = this.#host;
    const needed = isUsed || (await files.list(keyFolder)).some(isOurs);
    const original = await onFile(profileFile, () => files.original(shared, profileFile));
    return { path: profileFile, content: needed ? profileText(original) : undefined };
  }

  /**
   * The compiled database is dconf's own. It is kept before our first change; while somebody else has keys in the folder it
   * stays theirs, compiled from what they wrote, else it goes back to what it was.
   */
  async #compile(): Promise<void> {
    const { files, commands } = this.#host;
    if (!(await this.isInstalled())) return;
    const sources = (await files.list(keyFolder)).filter((name) => name !== 'locks');
    if (sources.length === 0) return await onFile(databaseFile, () => files.restoreOne(shared, databaseFile));
    // dconf update leaves alone what is newer than its folder: without the file it compiles anew.
    await onFile(databaseFile, () => files.remove(shared, databaseFile));
    const { code, stderr } = await commands.run(dconf, ['update'], { timeoutMs: 30_000 });
    if (code !== 0)
      throw refused('dconf-not-updated', `dconf could not compile ${keyFolder}`, stderr, 'Mend the file it names.');
    if (!sources.some(isOurs)) files.adopt(shared, databaseFile);
  }

  /** What a program that asks dconf would get, with all files of everybody: dconf(1). */
  async #inForce({ keys, locked }: DconfKeys): Promise<Line[]> {
    const { commands } = this.#host;
    const locks = locked ? (await commands.run(dconf, ['list-locks', '/'])).stdout.split('\n') : [];
    const lines: Line[] = [];
    for (const [key, value] of keys) {
      const { stdout } = await commands.run(dconf, ['read', '-d', key]);
      const lock = locks.includes(key) ? ', locked' : ', not locked';
      const seen = `${stdout.trim() || 'not set'}${locked ? lock : ''}`;
      lines.push(line(`dconf ${key}`, `${value}${locked ? ', locked' : ''}`, seen));
    }
    return lines;
  }
}

export function dconfFile(owner: string): string {
  return `${keyFolder}/${prefix}-${owner}`;
}

function ownFiles(owner: string, { keys, locked }: DconfKeys): OwnFile[] {
  const name = `${prefix}-${owner}`;
  return [
    { path: `${keyFolder}/${name}`, content: keyFileText(keys) },
    { path: `${keyFolder}/locks/${name}`, content: locked ? lockFileText(keys) : undefined },
  ];
}

function isOurs(name: string): boolean {
  return name.startsWith(prefix);
}

/** A keyfile of dconf(7): groups are folders, the last name of a path is the key. */
export function keyFileText(keys: ReadonlyMap<string, string>): string | undefined {
  const groups = Map.groupBy(keys, ([path]) => path.slice(1, path.lastIndexOf('/')));
  const parts = [...groups].map(([group, entries]) => {
    const lines = entries.map(([path, value]) => `${path.slice(path.lastIndexOf('/') + 1)}=${value}`);
    return `[${group}]\n${lines.join('\n')}\n`;
  });
  return parts.length === 0 ? undefined : `# Set by Rollcall; a change is put right.\n${parts.join('\n')}`;
}

function lockFileText(keys: ReadonlyMap<string, string>): string | undefined {
  return keys.size === 0 ? undefined : `${[...keys.keys()].join('\n')}\n`;
}

const localDatabase = 'system-db:local';

/** The profile with our database in it, right after the person's own; undefined when it is in it already. */
export function profileText(original: string | undefined): string | undefined {
  const lines = (original ?? 'user-db:user\n').trimEnd().split('\n');
  if (lines.some((line) => line.trim() === localDatabase)) return undefined;
  const after = lines.findLastIndex((line) => line.trim().startsWith('user-db:'));
  return `${lines.toSpliced(after + 1, 0, localDatabase).join('\n')}\n`;
}
