import { type Line, refused } from '../baseline/baseline.ts';
import type { Host } from '../capability.ts';
import type { AdminGroups } from './admins.ts';
import type { Member } from './choice.ts';

const dscl = '/usr/bin/dscl';
const dseditgroup = '/usr/sbin/dseditgroup';
const remedy = 'Run the agent as root.';

/** `dscl . -read /Groups/admin GroupMembership`: names on the same line or the next; a group without any has no such key. */
export function parseMembership(stdout: string): string[] | undefined {
  if (/^No such key: GroupMembership/m.test(stdout)) return [];
  const names = /^GroupMembership:([\s\S]*)$/m.exec(stdout)?.[1];
  return names?.split(/\s+/).filter((name) => name !== '');
}

/** `dscl . -list /Users UniqueID`: a name and a number on each line. */
export function parseNumbers(stdout: string): Map<string, number> {
  const found = [...stdout.matchAll(/^(\S+)\s+(-?\d+)$/gm)];
  return new Map(found.map(([, name = '', number]) => [name, Number(number)]));
}

/** Arguments of dseditgroup(8). */
export function editArguments(change: '-a' | '-d', name: string): string[] {
  return ['-o', 'edit', change, name, '-t', 'user', 'admin'];
}

/** macOS: the group admin. Written from the documentation, tested on documented output, not run on a real Mac. */
export class MacAdminGroups implements AdminGroups {
  readonly unsupportedWhy?: string;
  readonly keptPath = '/Library/Application Support/Rollcall/administrators.json';
  readonly ignoresCase = true;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost) this.unsupportedWhy = 'Groups are no files: a trial under a folder leaves them alone.';
  }

  async members(): Promise<Member[]> {
    const numbers = await this.#numbers();
    const names = parseMembership(await this.#dscl(['.', '-read', '/Groups/admin', 'GroupMembership']));
    if (!names) throw refused('administrators-not-read', 'The group admin could not be read', '', remedy);
    return names.flatMap((name) => {
      const number = numbers.get(name);
      return number === undefined ? [] : [{ id: name, name, role: roleOf(number), isUsable: true, number }];
    });
  }

  notes(): Promise<Line[]> {
    return Promise.resolve([]);
  }

  async remove(members: readonly Member[]): Promise<void> {
    for (const { name } of members) await this.#edit('-d', name);
  }

  async stillThere(members: readonly Member[]): Promise<Member[]> {
    const numbers = await this.#numbers();
    return members.filter(({ name, number }) => numbers.get(name) === number);
  }

  async putBack(members: readonly Member[]): Promise<void> {
    for (const { name } of members) await this.#edit('-a', name);
  }

  watched(): string[] {
    return ['/var/db/dslocal/nodes/Default/groups/admin.plist'];
  }

  async #numbers(): Promise<Map<string, number>> {
    return parseNumbers(await this.#dscl(['.', '-list', '/Users', 'UniqueID']));
  }

  async #dscl(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#host.commands.run(dscl, args);
    if (code === 0 && stdout.trim() !== '') return stdout;
    throw refused('administrators-not-read', 'Accounts and groups could not be read', stderr, remedy);
  }

  async #edit(change: '-a' | '-d', name: string): Promise<void> {
    const { code, failure } = await this.#host.commands.run(dseditgroup, editArguments(change, name));
    // What it prints names the account, which stays on the device.
    const answer = failure ?? `exit code ${code}`;
    if (code !== 0) throw refused('administrators-not-changed', 'The group admin could not be changed', answer, remedy);
  }
}

/** Apple's own accounts have numbers below 500. */
function roleOf(number: number): Member['role'] {
  if (number === 0) return 'root';
  return number < 500 ? 'system' : 'person';
}
