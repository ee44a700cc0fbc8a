import { looksLikeAddress, normaliseName } from '../../shared/filter/name.ts';
import { ownPagesName } from '../filter/special-names.ts';

/** The part of an HTTP request that comes before its body, as Node's parser gives it. */
export interface Head {
  method?: string | undefined;
  url?: string | undefined;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Names and values in turn, repeated headers included. */
  rawHeaders: readonly string[];
}

/** What a request asks, once nothing of it is in doubt. */
export interface Asked {
  method: 'GET' | 'HEAD' | 'POST';
  /** The host it was sent to, in comparable form. */
  name: string;
  /** Sent to the device's own name or address, not to a site's. */
  isOwn: boolean;
  path: string;
  query: URLSearchParams;
  /** The path with its query, to come back to. */
  target: string;
  /** As the browser sent them; both come from outside. */
  acceptLanguage: string | undefined;
  cookie: string | undefined;
  /** A person looks at the answer: it is no image, script or frame of another page. */
  wantsPage: boolean;
  /** It may have been sent by the page of another site. */
  isForeign: boolean;
}

export type HeadVerdict = { ok: true; asked: Asked } | { ok: false; status: 400 | 405 | 414 | 421 };

const hostPattern = /^([a-z0-9._-]{1,254})(:\d{1,5})?$/i;
const longestTarget = 2_048;

/** Judges a head. Pure; never throws, whatever was sent. `ownAddress` is where the pages answer. */
export function readHead({ method, url = '', headers, rawHeaders }: Head, ownAddress: string): HeadVerdict {
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return { ok: false, status: 405 };
  const name = hostOf(headers, rawHeaders);
  if (name === undefined) return { ok: false, status: 400 };
  const isOwn = name === ownPagesName || name === ownAddress;
  if (!isOwn && looksLikeAddress(name)) return { ok: false, status: 421 };
  if (url.length > longestTarget) return { ok: false, status: 414 };
  const whole = `http://host${url}`;
  // Only a path: the form with a host of its own is for proxies.
  if (!/^\/[\x21-\x7e]*$/.test(url) || !URL.canParse(whole)) return { ok: false, status: 400 };
  const { pathname: path, searchParams: query } = new URL(whole);
  const isForeign = method === 'POST' ? !isFromHere(headers) : fetchSite(headers) === 'cross-site';
  const wantsPage = isForPerson(headers);
  const spoken = { acceptLanguage: oneOf(headers, 'accept-language'), cookie: oneOf(headers, 'cookie') };
  return { ok: true, asked: { method, name, isOwn, path, query, target: url, wantsPage, isForeign, ...spoken } };
}

/** The one host that was named; undefined when it is none, or two (RFC 9112 section 3.2). */
function hostOf(headers: Head['headers'], rawHeaders: readonly string[]): string | undefined {
  const named = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const { host } = headers;
  const found = named.length === 1 && typeof host === 'string' ? hostPattern.exec(host)?.[1] : undefined;
  return found === undefined ? undefined : normaliseName(found);
}

/** A form of our own page: both headers are set by the browser and no page can change them (Fetch, sections 3.2 and 5). */
function isFromHere(headers: Head['headers']): boolean {
  const { origin, host } = headers;
  const site = fetchSite(headers);
  const isSameOrigin = typeof origin === 'string' && origin.toLowerCase() === `http://${String(host).toLowerCase()}`;
  return isSameOrigin && (site === undefined || site === 'same-origin');
}

function oneOf(headers: Head['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function fetchSite(headers: Head['headers']): string | undefined {
  const site = headers['sec-fetch-site'];
  return typeof site === 'string' ? site : undefined;
}

/** Browsers say what they fetch for only to secure origins; elsewhere what they accept must do. */
function isForPerson({ accept, 'sec-fetch-dest': destination }: Head['headers']): boolean {
  if (destination !== undefined) return destination === 'document';
  return typeof accept === 'string' && accept.includes('text/html');
}
