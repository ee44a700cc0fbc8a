const command = '[command line]';
const elsewhere = '[web address]';

/** What people ran, as sudo, cron and the kernel's audit write it down with the rights of the system. */
const ran: [RegExp, string][] = [
  [/\b(COMMAND=)[^\n]+/g, `$1${command}`],
  [/\((?!root\))[^()\s]+\) CMD \([^\n]+/g, `([user]) CMD (${command})`],
  [/\b(argc=\d+ )[^\n]+/g, `$1${command}`],
  [/\b((?:proctitle|cmdline)=)[^\n]+/g, `$1${command}`],
];

/** Programs that look names up write them down: systemd-resolved, dnsmasq, unbound. */
const lookedUp: [RegExp, string][] = [
  [/\b((?:for|resolving) question )\S+/gi, `$1${elsewhere}`],
  [/\b(query\[\w+\] )\S+/gi, `$1${elsewhere}`],
  [/\b((?:reply|cached|forwarded|validation(?: result)?) )[\w-]+(?:\.[\w-]+)+(?= (?:is|to)\b)/gi, `$1${elsewhere}`],
];

/** Names that can be nothing but a site's; files and interfaces of the bus end otherwise. */
const sites =
  /(?<![\w.@/-])(?:www\.[\w-]{1,63}(?:\.[\w-]{1,63})+|(?:[a-z0-9_-]{1,63}\.)+(?:com|net|org|edu|gov|info|biz|tv|xyz|online|site|club|shop|live|chat|porn|xxx))(?![\w-])(?:\/[^\s"'<>]*)?/gi;

/** What people call their own things, and what these are known by. */
const things: [RegExp, string][] = [
  [/\b(SerialNumber: )\S[^\n]*/g, '$1[serial number]'],
  [/\b(input: )[^\n]+(?= as \/devices\/virtual\/)/g, '$1[device]'],
];

/** What people did, as logs of the system tell it: command lines, names they looked up, devices of their own. */
export function withoutActs(text: string, hosts: ReadonlySet<string>): string {
  return [...ran, ...lookedUp, ...things]
    .reduce((words, [pattern, instead]) => words.replace(pattern, instead), text)
    .replace(sites, (site) => (hosts.has(site.replace(/\/.*$/, '').toLowerCase()) ? site : elsewhere));
}
