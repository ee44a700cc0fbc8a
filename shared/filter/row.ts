import { looksLikeAddress, normaliseName } from './name.ts';
import { isPublicSuffix } from './public-suffix.ts';

/** How a row is written; a list is called by the form most of its rows have. */
export type RowFormat = 'hosts' | 'domains' | 'wildcard' | 'adblock' | 'rpz';

/** What one row of a list says: names, something left out on purpose, something unreadable, or nothing (a comment). */
export type Row = NamesRow | { kind: 'left-out'; words: string } | { kind: 'bad'; words: string } | undefined;

export type NamesRow = Names<'names'> | Names<'exceptions'>;

interface Names<Kind> {
  kind: Kind;
  format: RowFormat;
  names: string[];
  /** No exception lifts these. */
  important?: boolean;
  problem?: string;
}

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

/** Reads one row, trimmed and of bounded length, of a hosts file, a domain list, a wildcard list or the DNS part of Adblock syntax. */
export function readRow(text: string): Row {
  if (text === '' || isComment(text)) return undefined;
  if (text.startsWith('[') && text.endsWith(']')) return undefined;
  if (text.startsWith('@@')) return adblockRow(text.slice(2), 'exceptions');
  if (text.startsWith('||')) return adblockRow(text, 'names');
  if (text.startsWith('/') || text.startsWith('|')) return leftOut('A pattern that DNS cannot apply.');
  if (/#[@?$]{0,2}#/.test(text)) return leftOut('A rule about parts of pages; DNS cannot apply it.');
  const words = withoutComment(text).split(/\s+/);
  if (words.length > 1) return hostsRow(words);
  return words[0]?.startsWith('*.') ? oneName(words[0].slice(2), 'wildcard') : oneName(words[0] ?? '', 'domains');
}

export function isComment(text: string): boolean {
  return text.startsWith('#') || text.startsWith('!') || text.startsWith(';');
}

/** `||name^` with at most `$important`: https://adguard-dns.io/kb/general/dns-filtering-syntax/ */
function adblockRow(text: string, kind: NamesRow['kind']): Row {
  const [, pattern, modifiers] = /^\|\|([^$^|]*)\^?\|?(?:\$(.*))?$/.exec(text) ?? [];
  if (pattern === undefined) return leftOut('A pattern that DNS cannot apply.');
  if (modifiers !== undefined && modifiers !== 'important') {
    return leftOut(`The modifier "${shown(modifiers)}" is not applied by DNS.`);
  }
  const name = pattern.startsWith('*.') ? pattern.slice(2) : pattern;
  if (/[*/]/.test(name)) return leftOut('A pattern that DNS cannot apply.');
  const row = kind === 'names' ? oneName(name, 'adblock') : oneException(name, 'adblock');
  return modifiers !== undefined && row?.kind === 'names' ? { ...row, important: true } : row;
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
    else if (row && row.kind !== 'exceptions') problem = row.words;
  }
  if (found.length === 0) return problem === undefined ? undefined : bad(problem);
  return { kind: 'names', format: 'hosts', names: found, ...(problem === undefined ? {} : { problem }) };
}

/** A name that is blocked with everything below it. */
export function oneName(written: string, format: RowFormat): Row {
  if (ownNames.has(written)) return undefined;
  if (looksLikeAddress(written)) return bad(`"${shown(written)}" is an address; a DNS filter blocks names.`);
  const name = normaliseName(written);
  if (name === undefined) return bad(`"${shown(written)}" is not a domain name.`);
  if (!name.includes('.')) {
    return bad(`"${name}" would block a whole top-level domain; write it among the blocked domains if you mean it.`);
  }
  if (isPublicSuffix(name)) {
    return bad(`"${name}" is a public suffix: it would block every site that ends in it.`);
  }
  return { kind: 'names', format, names: [name] };
}

/** A name that the list takes out, with everything below it. */
export function oneException(written: string, format: RowFormat): Row {
  const name = looksLikeAddress(written) ? undefined : normaliseName(written);
  if (name === undefined) return bad(`"${shown(written)}" is not a domain name.`);
  return { kind: 'exceptions', format, names: [name] };
}

function withoutComment(text: string): string {
  const at = text.search(/\s#/);
  return at < 0 ? text : text.slice(0, at).trimEnd();
}

export function bad(words: string): Row {
  return { kind: 'bad', words };
}

export function leftOut(words: string): Row {
  return { kind: 'left-out', words };
}

/** Short and printable, because it is shown to people and comes from a stranger's file. */
export function shown(text: string): string {
  const printable = text.replace(/[^\x20-\x7e\u00a1-\uffff]/g, '?');
  return printable.length > 60 ? `${printable.slice(0, 60)}…` : printable;
}
