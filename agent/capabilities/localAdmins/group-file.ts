import type { Member } from './choice.ts';

/** Groups whose members sudo lets become root: Debian's, everybody else's, and Ubuntu's of before 12.04. */
export const adminGroups = ['sudo', 'wheel', 'admin'] as const;

export interface Account {
  name: string;
  uid: number;
  gid: number;
  /** False: its shell lets nobody in. */
  hasShell: boolean;
}

/** passwd(5); lines that are none are left out. */
export function parsePasswd(text: string): Account[] {
  return text.split('\n').flatMap((words) => {
    const [name, , uid = '', gid = '', , , shell = ''] = words.split(':');
    if (!name || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), hasShell: !/\/(nologin|false|sync)$/.test(shell) }];
  });
}

/** Names of accounts whose password cannot be right, by shadow(5). */
export function lockedAccounts(text: string): Set<string> {
  const locked = text.split('\n').flatMap((words) => {
    const [name = '', password = ''] = words.split(':');
    return /^[!*]/.test(password) ? [name] : [];
  });
  return new Set(locked);
}

/** Members of a group by group(5), in their order; undefined when there is no such group. */
export function groupMembers(text: string, group: string): { gid: number; names: string[] } | undefined {
  const [, , gid = '', names = ''] = groupLine(text, group)?.split(':') ?? [];
  return /^\d+$/.test(gid) ? { gid: Number(gid), names: names.split(',').filter((name) => name !== '') } : undefined;
}

/** The same text with other members: the last field of group(5) and of gshadow(5). */
export function withMembers(text: string, group: string, names: readonly string[]): string {
  const found = groupLine(text, group);
  if (found === undefined) return text;
  const fields = found.split(':').with(3, names.join(','));
  return text
    .split('\n')
    .map((words) => (words === found ? fields.join(':') : words))
    .join('\n');
}

/** Members of now and those who come back, in the order of before; whoever came since stands last. */
export function inOrder(present: readonly string[], back: readonly string[], before: readonly string[]): string[] {
  const all = new Set([...present, ...back]);
  return [...before.filter((name) => all.has(name)), ...present.filter((name) => !before.includes(name))];
}

/** Pure. Root counts as somebody who can administer when it has a password. */
export function linuxMembers(files: { passwd: string; shadow: string; group: string }): Member[] {
  const accounts = parsePasswd(files.passwd);
  const locked = lockedAccounts(files.shadow);
  const memberOf = (group: string, name: string): Member[] => {
    const account = accounts.find((one) => one.name === name);
    if (!account) return [];
    const isUsable = account.hasShell && !locked.has(name);
    return [{ id: `${group}:${name}`, name, role: roleOf(account.uid), isUsable, number: account.uid }];
  };
  const inGroups = adminGroups.flatMap((group) =>
    (groupMembers(files.group, group)?.names ?? []).flatMap((name) => memberOf(group, name)),
  );
  return [...inGroups, ...memberOf('', 'root')];
}

function roleOf(uid: number): Member['role'] {
  if (uid === 0) return 'root';
  return uid < 1000 ? 'system' : 'person';
}

function groupLine(text: string, group: string): string | undefined {
  return text.split('\n').find((words) => words.startsWith(`${group}:`));
}
