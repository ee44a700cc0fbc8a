import { ownPagesName } from '../../filter/special-names.ts';

/*
 * Browsers remember for a minute what a name led to, whatever its lifetime, and would show the block page that long after
 * a name was opened. Chromium forgets all of it when the hosts file says something else than before (it watches the file;
 * net/dns/dns_config_service_posix.cc; measured: 0.1 s). So the file carries one line of ours whose last name changes.
 */

const mark = '# rollcall: changes when the filter opens or closes names, so that browsers ask anew';
const line = /^.* # rollcall: changes when the filter[^\n]*(\n|$)/m;
/** The end of a file that had no line break there: it gets one for our line, and loses it again with the line. */
const joined = ' (joined)';

/** The hosts file with the next number in our line; the line is added where there is none. */
export function renewed(content: string, address: string): string {
  const bare = without(content);
  const number = Number(/ r(\d+)\./.exec(line.exec(content)?.[0] ?? '')?.[1] ?? 0) + 1;
  const needsBreak = bare !== '' && !bare.endsWith('\n');
  const entry = `${address} ${ownPagesName} r${number}.${ownPagesName} ${mark}${needsBreak ? joined : ''}\n`;
  return `${bare}${needsBreak ? '\n' : ''}${entry}`;
}

/** The hosts file as it is without us; what others changed meanwhile stays. */
export function without(content: string): string {
  const found = line.exec(content);
  if (!found) return content;
  const before = content.slice(0, found.index);
  const rest = content.slice(found.index + found[0].length);
  return (found[0].includes(joined) && rest === '' ? before.replace(/\n$/, '') : before) + rest;
}
