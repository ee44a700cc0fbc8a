import { domainToASCII } from 'node:url';

/** One entry of a browser's block or allow list, taken apart. */
export interface UrlPattern {
  /** Absent: any. */
  scheme?: string;
  /** `*` for any host. */
  host: string;
  /** True: this host only, without the names below it. */
  exact: boolean;
  /** Absent: any. */
  port?: string;
  /** A prefix; empty for any. */
  path: string;
  /** Tokens a query must hold; empty for any. */
  query: string;
}

const schemeOnly = /^([a-z][a-z0-9+-]*):(?:\/\/)?\*$/i;
const filter =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\.?)(\*|\[[0-9a-f:.]+\]|[^/:?#[\]*@]*)(?::(\d{1,5}|\*))?(\/[^?#]*)?(?:\?([^#]*))?$/i;

/**
 * Reads Chrome's filter format; undefined when a browser would not understand the text.
 * Names and paths outside ASCII become what browsers compare: Punycode and percent-encoding.
 * https://support.google.com/chrome/a/answer/9942583
 */
export function parseUrlPattern(text: string): UrlPattern | undefined {
  const wildcard = schemeOnly.exec(text);
  if (wildcard?.[1]) return { scheme: wildcard[1].toLowerCase(), host: '*', exact: false, path: '', query: '' };
  const parts = filter.exec(text.toWellFormed());
  if (!parts) return undefined;
  const [, scheme, dot, name = '', port, path = '', query = ''] = parts;
  const isFile = scheme?.toLowerCase() === 'file';
  const host = name === '*' || (isFile && name === '') ? '*' : domainToASCII(name);
  if (host === '') return undefined;
  return {
    ...(scheme ? { scheme: scheme.toLowerCase() } : {}),
    host,
    exact: dot === '.',
    ...(port && port !== '*' ? { port } : {}),
    path: path === '/' ? '' : percentEncoded(path),
    query: percentEncoded(query),
  };
}

/** The text for Chrome's own lists: unchanged when it is ASCII already; undefined when it is no pattern. */
export function chromiumUrlPattern(text: string): string | undefined {
  const pattern = parseUrlPattern(text);
  if (!pattern || /^[\x21-\x7e]+$/.test(text)) return pattern && text;
  const { scheme, host, exact, port, path, query } = pattern;
  return [scheme && `${scheme}://`, exact && '.', host, port && `:${port}`, path, query && `?${query}`]
    .filter(Boolean)
    .join('');
}

/** True when every address that `narrow` names is named by `wide` too. */
export function covers(wide: UrlPattern, narrow: UrlPattern): boolean {
  const sameHost = wide.host === narrow.host && (!wide.exact || narrow.exact);
  return (
    (wide.scheme === undefined || wide.scheme === narrow.scheme) &&
    (wide.host === '*' || sameHost || (!wide.exact && narrow.host.endsWith(`.${wide.host}`))) &&
    (wide.port === undefined || wide.port === narrow.port) &&
    narrow.path.startsWith(wide.path) &&
    (wide.query === '' || wide.query === narrow.query)
  );
}

const firefoxSchemes = new Set(['http', 'https', 'ws', 'wss', 'ftp', 'file']);

/**
 * The nearest match pattern of Firefox; undefined when it has no such scheme. Ports are not part of Firefox's patterns
 * (bugs 1362809 and 1468162), so a pattern with a port means the host on every port.
 * https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/Match_patterns
 */
export function matchPattern({ scheme, host, exact, path, query }: UrlPattern): string | undefined {
  if (scheme !== undefined && !firefoxSchemes.has(scheme)) return undefined;
  if (scheme === undefined && host === '*' && path === '' && query === '') return '<all_urls>';
  const place = `${path === '' ? '/' : path}*${query === '' ? '' : `?*${query.replaceAll('&', '*')}*`}`;
  const rest = place.replace(/\*{2,}/g, '*');
  if (scheme === 'file') return `file://${rest}`;
  const isAddress = /^[0-9.]+$|^\[/.test(host);
  return `${scheme ?? '*'}://${host === '*' || exact || isAddress ? host : `*.${host}`}${rest}`;
}

function percentEncoded(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}
