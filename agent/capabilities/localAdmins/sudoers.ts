/** What the rules of sudo allow beside the groups; counts only, as files and rules carry names of people. */
export interface SudoRules {
  /** Rules that allow everything without a password. */
  withoutPassword: number;
  /** Accounts that have everything by a rule of their own. */
  ownRules: number;
  /** Groups other than those that are looked at, with everything. */
  otherGroups: number;
}

const everything = /=\s*(\([^)]*\)\s*)?((?:[A-Z_]+\s*:\s*)*)ALL\s*(?:,|$)/;
const keywords = /^(Defaults|User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|@|#include)/;

/** Reads files of sudoers(5). Aliases are not followed. */
export function readSudoers(
  texts: readonly string[],
  isNamed: (name: string) => boolean,
  adminGroups: readonly string[],
): SudoRules {
  const rules = { withoutPassword: 0, ownRules: 0, otherGroups: 0 };
  for (const words of texts.flatMap(lines)) {
    if (/^Defaults\b.*!authenticate/.test(words)) rules.withoutPassword += 1;
    const match = keywords.test(words) ? null : everything.exec(words);
    if (!match) continue;
    if (/\bNOPASSWD\s*:/.test(match[2] ?? '')) rules.withoutPassword += 1;
    const who = /^\S+/.exec(words)?.[0] ?? '';
    if (who.startsWith('%')) rules.otherGroups += Number(!adminGroups.includes(who.slice(1)));
    else rules.ownRules += Number(who !== 'root' && !isNamed(who));
  }
  return rules;
}

/** Files of /etc/sudoers.d that sudo reads: names with a dot or a ~ at the end are left out. sudoers(5) */
export function isRead(name: string): boolean {
  return !name.includes('.') && !name.endsWith('~');
}

/** Lines joined where they go on, without comments; `#1000` names an account by its number. */
function lines(text: string): string[] {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((words) => words.replace(/(?<!\\)#(?!\d|include).*$/, '').trim())
    .filter((words) => words !== '');
}
