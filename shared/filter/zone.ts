import { bad, leftOut, oneException, oneName, type Row, shown } from './row.ts';

/** Few rows of other lists pass; those of hosts files, the most, do not. */
const recordRow = /(^|\s)[A-Za-z]+\s+\S/;
const types = /^(SOA|NS|CNAME|DNAME|A|AAAA|TXT|MX|SRV|PTR|HTTPS|SVCB|RRSIG|DNSKEY|DS|NSEC3?|CAA|SPF)$/i;
/** Labels at the end of a trigger that is no name: draft-vixie-dnsop-dns-rpz-00 section 4. */
const otherTrigger = /\.rpz-(ip|client-ip|nsdname|nsip)$/i;
/** An SOA in brackets has a handful of lines; a bracket that stays open must not swallow the list. */
const longestRecord = 20;

/**
 * Reads the rows of a response policy zone: a master file (RFC 1035 section 5) whose records say what becomes of names
 * (draft-vixie-dnsop-dns-rpz-00). Names that get NXDOMAIN (`CNAME .`), NODATA (`CNAME *.`) or no answer (`rpz-drop.`) are
 * blocked; `rpz-passthru.` is an exception; anything else is left out with a word.
 */
export class ZoneReader {
  #origin = '';
  /** Rows read since a bracket was opened; 0: none is open. */
  #open = 0;

  /** The row, trimmed, as a zone means it; `'other'` when it is no row of a zone. */
  read(text: string): Row | 'other' {
    if (this.#open > 0) return this.#continue(text);
    if (text.startsWith('$')) return this.#directive(text);
    if (!recordRow.test(text)) return 'other';
    const words = withoutComment(text).split(/\s+/);
    const at = words.findIndex((word) => types.test(word));
    if (at < 0 || at > 3 || !words.slice(1, at).every(isTtlOrClass)) return 'other';
    return this.#record(words[0] ?? '', at, words[at]?.toUpperCase() ?? '', words.slice(at + 1));
  }

  #record(owner: string, at: number, type: string, values: string[]): Row | 'other' {
    if (type === 'SOA' || type === 'NS') {
      const isOpen = values.includes('(') && !values.some((value) => value.endsWith(')'));
      if (isOpen) this.#open = 1;
      if (type === 'SOA' && owner.endsWith('.')) this.#origin ||= owner;
      return undefined;
    }
    if (values.length === 0) return 'other';
    if (at === 0) return bad('The record has no name of its own; write the name in every row.');
    return this.#policy(this.#relative(owner), type, values[0] ?? '');
  }

  #policy(name: string, type: string, value: string): Row {
    if (otherTrigger.test(name)) return leftOut(`"${shown(name)}" is about addresses or servers, not about names.`);
    if (type !== 'CNAME') return leftOut(`The record ${type} gives an answer of its own; it blocks nothing.`);
    const trigger = name.startsWith('*.') ? name.slice(2) : name;
    switch (value.toLowerCase()) {
      case '.':
      case '*.':
      case 'rpz-drop.':
        return oneName(trigger, 'rpz');
      case 'rpz-passthru.':
        return oneException(trigger, 'rpz');
      default:
        return leftOut(`The action "CNAME ${shown(value)}" is not applied; only blocking and rpz-passthru are.`);
    }
  }

  /** Names of a policy zone are written relative to it, or end in its name. */
  #relative(owner: string): string {
    if (!owner.endsWith('.')) return owner;
    const below = `.${this.#origin}`;
    return this.#origin !== '' && owner.endsWith(below) ? owner.slice(0, -below.length) : owner;
  }

  #directive(text: string): Row {
    const [name = '', value = ''] = text.split(/\s+/);
    if (name.toUpperCase() === '$ORIGIN') this.#origin = value;
    if (/^\$(ORIGIN|TTL)$/i.test(name)) return undefined;
    return leftOut(`The directive "${shown(name)}" is not followed.`);
  }

  #continue(text: string): Row {
    this.#open = withoutComment(text).includes(')') ? 0 : this.#open + 1;
    if (this.#open <= longestRecord) return undefined;
    this.#open = 0;
    return bad('A bracket that was opened further up is never closed.');
  }
}

function withoutComment(text: string): string {
  const at = text.indexOf(';');
  return at < 0 ? text : text.slice(0, at).trimEnd();
}

const isTtlOrClass = (word: string) => /^(\d+[smhdw]?|IN)$/i.test(word);
