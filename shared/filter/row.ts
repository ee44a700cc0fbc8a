import { looksLikeAddress, normaliseName } from './name.ts';

/** How a row is written; a list is called by the form most of its rows have. */
export type RowFormat = 'hosts' | 'domains' | 'wildcard' | 'adblock';

/** What one row of a list says: names, something left out on purpose, something unreadable, or nothing (a comment). */
export type Row =
  | { kind: 'names'; format: RowFormat; names: string[]; problem?: string }
  | { kind: 'left-out'; words: string }
  | { kind: 'bad'; words: string }
  | undefined;

const rowLimit = 4096;
/** Names of the computer itself in hosts files. */
const ownNames = new Set([
  'localhost',
  'localhost.localdomain',
  'localhost4',
  'localhost6',
  'local',
  'broadcasthost',
  'ip6-localhost',
  'ip6-loopback',
  'ip6-localnet',
  'ip6-mcastprefix',
  'ip6-allnodes',
  'ip6-allrouters',
  'ip6-allhosts',
  '0.0.0.0',
]);
/** Addresses by which hosts files block; any other address is a real host. */
const sink = /^(0\.0\.0\.0|127\.\d+\.\d+\.\d+|::[01]?|(0:){7}[01])$/;

/** Reads one row, trimmed, of a hosts file, a domain list, a wildcard list or the DNS part of Adblock syntax. */
export function readRow(text: string): Row {
  if (text === '' || text.startsWith('#') || text.startsWith('!') || text.startsWith(';')) return undefined;
  if (text.length > rowLimit) return bad(`The row is longer than ${rowLimit} characters.`);
  if (text.startsWith('[') && text.endsWith(']')) return undefined;
  if (text.startsWith('@@')) return leftOut('An exception rule; add the name to the allowed domains instead.');
  if (text.startsWith('||')) return adblockRow(text);
  if (text.startsWith('/') || text.startsWith('|')) return leftOut('A pattern that DNS cannot apply.');
  if (/#[@?$]{0,2}#/.test(text)) return leftOut('A rule about parts of pages; DNS cannot apply it.');
  const words = withoutComment(text).split(/\s+/);
  if (words.length > 1) return hostsRow(words);
  return words[0]?.startsWith('*.') ? oneName(words[0].slice(2), 'wildcard') : oneName(words[0] ?? '', 'domains');
}

/** `||name^` with at most `$important`: https://adguard-dns.io/kb/general/dns-filtering-syntax/ */
function adblockRow(text: string): Row {
  const [, pattern = '', modifiers] = /^\|\|([^$^]*)\^?(?:\$(.*))?$/.exec(text) ?? [];
  if (modifiers !== undefined && modifiers !== 'important') {
    return leftOut(`The modifier "${shown(modifiers)}" is not applied by DNS.`);
  }
  const name = pattern.startsWith('*.') ? pattern.slice(2) : pattern;
  if (/[*/]/.test(name)) return leftOut('A pattern that DNS cannot apply.');
  return oneName(name, 'adblock');
}

function hostsRow([address = '', ...names]: string[]): Row {
  if (!looksLikeAddress(address)) return bad(`"${shown(address)}" is not an address, and a row holds one name.`);
  if (!sink.test(address)) return leftOut(`The row gives a name the address ${shown(address)}; it blocks nothing.`);
  const found: string[] = [];
  let problem: string | undefined;
  for (const written of names) {
    if (ownNames.has(written.toLowerCase())) continue;
    const row = oneName(written, 'hosts');
    if (row?.kind === 'names') found.push(...row.names);
    else if (row) problem = row.words;
  }
  if (found.length === 0) return problem === undefined ? undefined : bad(problem);
  return { kind: 'names', format: 'hosts', names: found, ...(problem === undefined ? {} : { problem }) };
}

function oneName(written: string, format: RowFormat): Row {
  if (ownNames.has(written)) return undefined;
  if (looksLikeAddress(written)) return bad(`"${shown(written)}" is an address; a DNS filter blocks names.`);
  const name = normaliseName(written);
  if (name === undefined) return bad(`"${shown(written)}" is not a domain name.`);
  if (!name.includes('.')) {
    return bad(`"${name}" would block a whole top-level domain; write it among the blocked domains if you mean it.`);
  }
  return { kind: 'names', format, names: [name] };
}

function withoutComment(text: string): string {
  const at = text.search(/\s#/);
  return at < 0 ? text : text.slice(0, at).trimEnd();
}

function bad(words: string): Row {
  return { kind: 'bad', words };
}

function leftOut(words: string): Row {
  return { kind: 'left-out', words };
}

/** Short and printable, because it is shown to people and comes from a stranger's file. */
function shown(text: string): string {
  const printable = text.replace(/[^\x20-\x7e\u00a1-\uffff]/g, '?');
  return printable.length > 60 ? `${printable.slice(0, 60)}…` : printable;
}
