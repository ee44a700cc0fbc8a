import type { HostFiles } from '../../platform/host-files.ts';
import { forPeople, type Line, refused } from '../baseline/baseline.ts';
import { onFile } from '../baseline/own-file.ts';
import { CapabilityError, type Host } from '../capability.ts';
import type { AdminGroups } from './admins.ts';
import type { Member } from './choice.ts';
import { adminGroups, groupMembers, inOrder, linuxMembers, parsePasswd, withMembers } from './group-file.ts';
import { isRead, readSudoers } from './sudoers.ts';

const owner = 'localAdmins';
const gpasswd = '/usr/bin/gpasswd';
const getent = '/usr/bin/getent';
const remedy = 'Run the agent as root, and see whether another program holds /etc/group.lock.';

/**
 * Linux: members by gpasswd(1), which locks the files against other programs. Below a trial root the files themselves are
 * written.
 */
export class LinuxAdminGroups implements AdminGroups {
  readonly keptPath = '/var/lib/rollcall-agent/administrators.json';
  readonly ignoresCase = false;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async members(): Promise<Member[]> {
    const passwd = await this.#read('/etc/passwd');
    if (passwd === undefined) throw new CapabilityError('accounts-not-read', 'There is no /etc/passwd to read.');
    const shadow = (await this.#read('/etc/shadow')) ?? '';
    return linuxMembers({ passwd, shadow, group: await this.#groups() });
  }

  async remove(members: readonly Member[]): Promise<void> {
    const names = new Set(members.map(({ id }) => id));
    for (const group of adminGroups) {
      const present = groupMembers(await this.#groups(), group)?.names ?? [];
      const leaving = present.filter((name) => names.has(`${group}:${name}`));
      if (leaving.length === 0) continue;
      const kept = present.filter((name) => !leaving.includes(name));
      if (this.#files.isHost) for (const name of leaving) await this.#gpasswd(['-d', name, group]);
      else await this.#write(group, kept);
    }
  }

  async stillThere(members: readonly Member[]): Promise<Member[]> {
    const accounts = parsePasswd((await this.#read('/etc/passwd')) ?? '');
    return members.filter(({ name, number }) => accounts.some((one) => one.name === name && one.uid === number));
  }

  async putBack(members: readonly Member[], before: readonly Member[]): Promise<void> {
    for (const group of adminGroups) {
      const back = namesIn(group, members);
      const present = groupMembers(await this.#groups(), group)?.names;
      if (back.length === 0 || !present) continue;
      const names = inOrder(present, back, namesIn(group, before));
      if (this.#files.isHost) await this.#setMembers(group, names, back);
      else await this.#write(group, names);
    }
  }

  async notes(isNamed: (name: string) => boolean): Promise<Line[]> {
    const accounts = parsePasswd((await this.#read('/etc/passwd')) ?? '');
    const groups = await this.#groups();
    const gids = adminGroups.map((group) => groupMembers(groups, group)?.gid);
    const primary = accounts.filter(({ gid, name }) => gids.includes(gid) && !isNamed(name)).length;
    const superusers = accounts.filter(({ uid, name }) => uid === 0 && name !== 'root').length;
    const strangers = await this.#strangers(
      accounts.map(({ name }) => name),
      isNamed,
    );
    return [
      ...note('accounts whose main group makes them administrators', primary, 'give them another with usermod -g'),
      ...note('accounts with the number of root', superusers, 'give them another with usermod -u'),
      ...note(
        'administrators that are no accounts of this device',
        strangers,
        'see to it in the directory, or in /etc/group',
      ),
      ...(await this.#sudoNotes(isNamed)),
    ];
  }

  watched(): string[] {
    return ['/etc/group', '/etc/sudoers', '/etc/sudoers.d/'];
  }

  get #files(): HostFiles {
    return this.#host.files;
  }

  async #sudoNotes(isNamed: (name: string) => boolean): Promise<Line[]> {
    const names = (await this.#files.list('/etc/sudoers.d')).filter(isRead);
    const paths = ['/etc/sudoers', ...names.map((name) => `/etc/sudoers.d/${name}`)];
    const texts = await Promise.all(paths.map((path) => this.#read(path)));
    const rules = readSudoers(
      texts.filter((text) => text !== undefined),
      isNamed,
      adminGroups,
    );
    const where = 'see /etc/sudoers and /etc/sudoers.d';
    return [
      ...note('rules of sudo that allow everything without a password', rules.withoutPassword, where),
      ...note('accounts with everything by a rule of their own', rules.ownRules, where),
      ...note('other groups that may do everything', rules.otherGroups, where),
    ];
  }

  /** Members whose account is in a directory, or gone; on the host itself the directory is asked too. */
  async #strangers(local: readonly string[], isNamed: (name: string) => boolean): Promise<number> {
    const own = await this.#groups();
    const asked = this.#files.isHost ? await this.#host.commands.run(getent, ['group', ...adminGroups]) : undefined;
    const names = [own, asked?.stdout ?? ''].flatMap((text) =>
      adminGroups.flatMap((group) => groupMembers(text, group)?.names ?? []),
    );
    return new Set(names.filter((name) => !local.includes(name) && !isNamed(name))).size;
  }

  /** In their order when every member has an account; gpasswd refuses a list with a name that has none. */
  async #setMembers(group: string, names: readonly string[], back: readonly string[]): Promise<void> {
    const { code } = await this.#host.commands.run(gpasswd, ['-M', names.join(','), group]);
    if (code !== 0) for (const name of back) await this.#gpasswd(['-a', name, group]);
  }

  async #gpasswd(args: readonly string[]): Promise<void> {
    const { code, failure } = await this.#host.commands.run(gpasswd, args);
    if (code !== 0)
      throw refused(
        'administrators-not-changed',
        'The group of administrators could not be changed',
        failure ?? `exit code ${code}`,
        remedy,
      );
  }

  async #write(group: string, names: readonly string[]): Promise<void> {
    for (const path of ['/etc/group', '/etc/gshadow']) {
      const text = await this.#read(path);
      const mode = await this.#files.mode(path);
      if (text !== undefined) await this.#files.write(owner, path, withMembers(text, group, names), mode);
    }
  }

  async #groups(): Promise<string> {
    return (await this.#read('/etc/group')) ?? '';
  }

  #read(path: string): Promise<string | undefined> {
    return onFile(path, () => this.#files.read(path));
  }
}

function namesIn(group: string, members: readonly Member[]): string[] {
  return members.filter(({ id, name }) => id === `${group}:${name}`).map(({ name }) => name);
}

function note(item: string, count: number, remedy: string): Line[] {
  return count === 0 ? [] : [forPeople(item, 'none', `${count}: ${remedy}`)];
}
