import { forPeople, type Line, line } from '../baseline/baseline.ts';

/** An account in a group of administrators. Its name leaves the device only when the settings name it. */
export interface Member {
  /** One per account and group. */
  id: string;
  name: string;
  /** `fixed`: built in, or put there by a directory; `root`: the superuser of Unix. Neither is ever removed. */
  role: 'person' | 'system' | 'fixed' | 'root';
  /** False: nobody can sign in with it. */
  isUsable: boolean;
  /** The system's number of the account; the smallest is the oldest. An account made anew has another. */
  number: number;
}

export interface Choice {
  leaving: Member[];
  /** Not named, but stays, as nobody else could administer the device. */
  lastOne: string | undefined;
}

/** Pure. Who leaves when only named accounts may be administrators; somebody who can sign in always remains. */
export function choose(members: readonly Member[], isNamed: (name: string) => boolean): Choice {
  const others = members.filter(({ role, name }) => (role === 'person' || role === 'system') && !isNamed(name));
  const remains = members.some(({ role, name, isUsable }) => isUsable && (role === 'fixed' || isNamed(name)));
  if (remains || others.length === 0) return { leaving: others, lastOne: undefined };
  const candidates = others.filter(({ isUsable }) => isUsable);
  const people = candidates.filter(({ role }) => role === 'person');
  const [oldest] = (people.length > 0 ? people : candidates).toSorted((a, b) => a.number - b.number);
  return { leaving: others.filter(({ name }) => name !== oldest?.name), lastOne: oldest?.name };
}

/** Counts and roles; names of none but those the settings name. */
export function membersLines(members: readonly Member[], isNamed: (name: string) => boolean): Line[] {
  const { leaving, lastOne } = choose(members, isNamed);
  const item = 'administrators';
  const expected = 'nobody but accounts named in the settings';
  const seen = inWords(members, isNamed);
  const stays = lastOne === undefined ? [] : [lastLine];
  return [
    line(item, expected, leaving.length === 0 && lastOne === undefined ? expected : seen, leaving.length === 0),
    ...stays,
  ];
}

const lastLine = forPeople(
  'last administrator',
  'an account named in the settings',
  'none of them is an administrator here who can sign in with a password, so the oldest account stays',
);

/** How many administrators there are, and which of the named ones. */
export function inWords(members: readonly Member[], isNamed: (name: string) => boolean): string {
  const named = unique(members.filter(({ name }) => isNamed(name)));
  const others = members.filter(({ name }) => !isNamed(name));
  const count = (role: Member['role'], what: string) => {
    const number = unique(others.filter((member) => member.role === role)).length;
    return number > 0 ? [`${number} ${what}`] : [];
  };
  const counts = [...count('person', 'of people'), ...count('system', 'of the system'), ...count('fixed', 'built in')];
  return `named: ${named.join(', ') || 'none'}; others: ${counts.join(', ') || 'none'}`;
}

function unique(members: readonly Member[]): string[] {
  return [...new Set(members.map(({ name }) => name))];
}
