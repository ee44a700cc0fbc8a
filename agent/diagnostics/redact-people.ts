const home = '[home folder]';
const user = '[user]';

/** Where the homes of people lie on the three systems, also as WSL, Cygwin and web addresses write them. */
const homes =
  '(?:/home/|/Users/|/var/home/|/export/home/|/(?:run/)?media/|/var/lib/AccountsService/(?:users|icons)/|/var/mail/|/var/spool/(?:mail|cron(?:/crontabs)?)/|/(?:mnt|cygdrive)/[a-z]/Users/|(?:%2F)(?:home|Users)%2F|[A-Z]:(?:\\\\{1,2}|/)(?:Users|Documents and Settings)(?:\\\\{1,2}|/))';
/**
 * To the closing quote, or to what ends a path in a message: names of files may hold blanks, so the rest of the line goes
 * but for what follows a colon and a blank.
 */
const rest = '(?:(?!: |["<>|\\n]).)*';
const paths = [
  new RegExp(`(?<=")(?:file://)?[^"\\n]*?${homes}[^"\\n]*(?=")`, 'gi'),
  new RegExp(`(?<=')(?:file://)?${homes}.*?(?='(?:\\W|$))`, 'gim'),
  new RegExp(`(?:file://)?\\\\{0,2}(?:\\?\\\\)?${homes}${rest}`, 'gi'),
  /** Shares, whose folders are named for people: `\\server\maria$\…`. */
  new RegExp(`(?<![\\w\\\\])\\\\\\\\[\\w.-]+\\\\${rest}`, 'g'),
  /~[\w.-]*\/(?:(?!: |["'<>|\n]).)*/g,
];

/** Home folders with whatever lies in them: names of files tell about people too. */
export function withoutHomes(text: string): string {
  return paths.reduce((words, path) => words.replace(path, home), text);
}

/** Units of systemd whose instance is a number or a terminal name nobody: `user@1000.service`, `getty@tty1.service`. */
const unit = /^[\w:.-]+@(?:\d{1,10}|tty\w{1,6}|)\.(?:service|socket|timer|slice|mount|target|device|scope|path|swap)$/;
const atSign = /(?:"[^"\n]{1,64}"|[^\s@"'<>()[\]{},;:=]{1,128})(?:@|%40)[^\s@"'<>()[\]{},;]*/g;

/** E-mail addresses, `user@host`, Kerberos principals, and units that are named for a person. */
export function withoutMail(text: string): string {
  return text.replace(atSign, (found) => (unit.test(found.replace(/[.:]+$/, '')) ? found : `${user}@[…]`));
}

/** How logs name accounts: `user=maria`, `uid=1000(maria)`, `for user maria`, `DOMAIN\maria`. */
const accounts: [RegExp, string][] = [
  [
    /\b((?:r?user(?:_?name)?|logname|acct|account(?: name)?|login|owner|luser|subject_?user_?name)["']?\s*[=:]\s*)(?:"[^"\n]*"|'[^'\n]*'|[^\s,;()]+)/gi,
    `$1${user}`,
  ],
  [/\b([ug]id=\d+)\([^)\n]*\)/gi, `$1(${user})`],
  [/\b((?:for|of|by|as|invalid|to) (?:invalid )?user )["']?[^\s,;:("'.]+(?:\.[^\s,;:("'.]+)*["']?/gi, `$1${user}`],
  [/\b((?:Accepted|Failed) \S+ for )\S+(?= from)/gi, `$1${user}`],
  [/(?<![\w\\:/])[A-Za-z0-9-]{2,15}\\[A-Za-z][\w.-]*/g, user],
];

/** Names of accounts, by how they are written and by the names this device has. */
export function withoutUsers(text: string, users: readonly string[]): string {
  const written = accounts.reduce((words, [pattern, instead]) => words.replace(pattern, instead), text);
  return [...users]
    .filter((name) => name.trim().length > 1)
    .sort((a, b) => b.length - a.length)
    .reduce((words, name) => words.replace(wholeWord(name.trim()), user), written);
}

function wholeWord(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(name)}(?![\\p{L}\\p{N}])`, 'giu');
}
