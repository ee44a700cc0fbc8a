import type { LocalAdminsSettings } from '../../../shared/profile/local-admins.ts';
import { member as field } from '../../health/json.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { type HostPart, type Line, line } from '../baseline/baseline.ts';
import { KeptSettings } from '../browser/kept-settings.ts';
import { choose, inWords, type Member, membersLines } from './choice.ts';

const owner = 'localAdmins';

/** The groups of administrators of one operating system. */
export interface AdminGroups {
  readonly unsupportedWhy?: string;
  /** Where the members of before are kept. */
  readonly keptPath: string;
  /** True where the system takes `Ada` and `ada` for the same account. */
  readonly ignoresCase: boolean;
  members(): Promise<Member[]>;
  /** What else makes administrators, and only people can put right. */
  notes(isNamed: (name: string) => boolean): Promise<Line[]>;
  remove(members: readonly Member[]): Promise<void>;
  /** Those whose account is still the same. */
  stillThere(members: readonly Member[]): Promise<Member[]>;
  /** Puts members back where they stood among `before`, which are in their order. */
  putBack(members: readonly Member[], before: readonly Member[]): Promise<void>;
  watched(): string[];
}

/** A member of before the first change. */
interface Held extends Member {
  isRemoved: boolean;
}
type IsNamed = (name: string) => boolean;

/** Only named accounts are administrators; whoever was one before the first change is one again afterwards. */
export class LocalAdmins implements HostPart<LocalAdminsSettings> {
  readonly unsupportedWhy?: string;
  readonly #files: HostFiles;
  readonly #groups: AdminGroups;
  /** By id, in the order of the groups. */
  readonly #kept: KeptSettings<Held>;

  constructor(files: HostFiles, groups: AdminGroups) {
    this.#files = files;
    this.#groups = groups;
    if (groups.unsupportedWhy) this.unsupportedWhy = groups.unsupportedWhy;
    this.#kept = new KeptSettings(files, groups.keptPath, isHeld, owner);
  }

  async observe(settings: LocalAdminsSettings): Promise<Line[]> {
    const isNamed = this.#isNamed(settings);
    const members = await this.#groups.members();
    const notes = await this.#groups.notes(isNamed);
    const looked = line('administrators', 'looked at', inWords(members, isNamed), true);
    if (!settings.onlyNamed) {
      const left = (await this.holds())
        ? [line('administrators', 'as before', 'set by an earlier profile', false)]
        : [];
      return [looked, ...left];
    }
    const back = await this.#returning(await this.#held(), members, isNamed);
    const missing =
      back.length > 0 ? [line('named administrators of before', 'administrators', 'removed earlier')] : [];
    return [...membersLines(members, isNamed), ...missing, ...notes];
  }

  async apply(settings: LocalAdminsSettings): Promise<void> {
    if (!settings.onlyNamed) return await this.remove();
    const isNamed = this.#isNamed(settings);
    const held = await this.#held();
    const members = await this.#groups.members();
    const before = held.length > 0 ? held : members.map((one) => ({ ...one, isRemoved: false }));
    const back = await this.#returning(before, members, isNamed);
    if (back.length > 0) await this.#groups.putBack(back, before);
    const { leaving } = choose([...members, ...back], isNamed);
    const after = before.map((one) => ({ ...one, isRemoved: has(leaving, one) || (one.isRemoved && !has(back, one)) }));
    await this.#keep(after);
    if (leaving.length > 0) await this.#groups.remove(leaving);
  }

  async holds(): Promise<boolean> {
    return (await this.#kept.read()).size > 0;
  }

  async remove(): Promise<void> {
    const held = await this.#held();
    if (held.length > 0) {
      const back = await this.#returning(held, await this.#groups.members(), () => true);
      if (back.length > 0) await this.#groups.putBack(back, held);
    }
    await this.#files.restore(owner);
  }

  watched(): string[] {
    return this.#groups.watched();
  }

  /** Whom we removed, who has the account still, and is asked for. */
  #returning(held: readonly Held[], members: readonly Member[], isNamed: IsNamed): Promise<Member[]> {
    const missing = held.filter((one) => one.isRemoved && isNamed(one.name) && !has(members, one));
    return missing.length > 0 ? this.#groups.stillThere(missing) : Promise.resolve([]);
  }

  async #held(): Promise<Held[]> {
    return [...(await this.#kept.read()).values()].filter((one) => one !== null);
  }

  #keep(held: readonly Held[]): Promise<void> {
    return this.#kept.write(new Map(held.map((one) => [one.id, one])));
  }

  #isNamed({ named = [] }: LocalAdminsSettings): IsNamed {
    const plain = (name: string) => (this.#groups.ignoresCase ? name.toLowerCase() : name);
    const names = new Set(named.map(plain));
    return (name) => names.has(plain(name));
  }
}

function has(members: readonly Member[], { id }: Member): boolean {
  return members.some((one) => one.id === id);
}

function isHeld(value: unknown): value is Held {
  const texts = ['id', 'name', 'role'].every((name) => typeof field(value, name) === 'string');
  return texts && typeof field(value, 'number') === 'number' && typeof field(value, 'isRemoved') === 'boolean';
}
