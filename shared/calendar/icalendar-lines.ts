import { CodedError } from '../errors/catalogue.ts';

/** One content line (RFC 5545 3.1), unfolded. */
export interface ContentLine {
  /** Upper case. */
  name: string;
  /** Names in upper case; of a parameter with several values the first. */
  params: ReadonlyMap<string, string>;
  /** Not unescaped: what `\\n` or a comma means depends on the property. */
  value: string;
  /** Of the first of the lines that were folded, 1-based. */
  line: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
/** Of a name with its parameters. */
const longestHead = 4000;
const isFold = (byte: number | undefined) => byte === 0x20 || byte === 0x09;

/**
 * The content lines of a file, one at a time. Lines are unfolded as bytes, since a fold may part the bytes of one
 * character. UTF-8 is the standard's encoding; UTF-16 with a mark and Windows-1252 are read too. Lines without a name
 * and a value are passed over. Throws `bad-file` for what is no text.
 */
export function* contentLines(bytes: Uint8Array): Generator<ContentLine> {
  const source = utf8Of(bytes);
  if (source.includes(0))
    throw new CodedError('bad-file', 'The file holds NUL characters, so it is no iCalendar text.');
  const decode = decoder();
  for (const { content, line } of unfolded(source)) {
    const parsed = contentLine(decode(content), line);
    if (parsed) yield parsed;
  }
}

/** The text of `\\n`, `\\,`, `\\;` and `\\\\` (RFC 5545 3.3.11). */
export function unescaped(value: string): string {
  return value.replace(/\\([nN,;\\])/g, (_, sign: string) => (sign === 'n' || sign === 'N' ? '\n' : sign));
}

/** A list of texts: commas part them unless they are escaped. */
export function textList(value: string): string[] {
  return value.split(/(?<!\\),/).map(unescaped);
}

function utf8Of(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return new TextEncoder().encode(new TextDecoder('utf-16le').decode(bytes));
  if (first === 0xfe && second === 0xff) return new TextEncoder().encode(new TextDecoder('utf-16be').decode(bytes));
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

/** Judged line by line: files are patched together from several programs. */
function decoder(): (bytes: Uint8Array) => string {
  const strict = new TextDecoder('utf-8', { fatal: true });
  const western = new TextDecoder('windows-1252');
  return (bytes) => {
    try {
      return strict.decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) return western.decode(bytes);
      throw error;
    }
  };
}

function* unfolded(source: Uint8Array): Generator<{ content: Uint8Array; line: number }> {
  // Each line is moved to the end of what it continues.
  const whole = new Uint8Array(source.length);
  let begun = { at: 0, end: 0, line: 1 };
  for (let at = 0, line = 1; at < source.length; line += 1) {
    const found = source.indexOf(newline, at);
    const last = found === -1 ? source.length : found;
    const end = last > at && source[last - 1] === carriageReturn ? last - 1 : last;
    const folded = line > 1 && isFold(source[at]);
    if (!folded) {
      if (begun.end > begun.at) yield { content: whole.subarray(begun.at, begun.end), line: begun.line };
      begun = { at: begun.end, end: begun.end, line };
    }
    const part = source.subarray(folded ? at + 1 : at, end);
    whole.set(part, begun.end);
    begun.end += part.length;
    at = last + 1;
  }
  if (begun.end > begun.at) yield { content: whole.subarray(begun.at, begun.end), line: begun.line };
}

/** Undefined for a line that has no name and value, such as an empty one: readers pass over what they do not know. */
function contentLine(text: string, line: number): ContentLine | undefined {
  const colon = unquotedAt(text, ':', 0);
  if (colon === -1 || colon > longestHead) return undefined;
  const [name = '', ...written] = partsOf(text.slice(0, colon), ';');
  if (!/^[A-Za-z0-9-]{1,60}$/.test(name)) return undefined;
  const params = new Map<string, string>();
  for (const param of written) {
    const [key = '', value = ''] = halves(param, '=');
    params.set(key.toUpperCase(), (partsOf(value, ',')[0] ?? '').replaceAll('"', ''));
  }
  return { name: name.toUpperCase(), params, value: text.slice(colon + 1), line };
}

function halves(text: string, sign: string): [string, string] {
  const at = text.indexOf(sign);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function partsOf(text: string, sign: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = unquotedAt(text, sign, from); at !== -1; at = unquotedAt(text, sign, from)) {
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}

function unquotedAt(text: string, sign: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === sign && !quoted) return at;
  }
  return -1;
}
