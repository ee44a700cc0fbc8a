import type { Html } from './html.ts';

/** What is sent back. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * On every answer. The referrer goes no further than this host; `no-referrer` would make browsers send our own forms with
 * the origin `null` (Fetch standard, "append a request Origin header"). The connection ends, so that a browser cannot reach
 * a site that was opened meanwhile through one that leads here.
 */
const always = {
  'cache-control': 'no-store',
  connection: 'close',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'rollcall-page': '1',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export function page(status: number, content: Html, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ...always, 'content-type': 'text/html; charset=utf-8', ...headers }, body: content.text };
}

export function asset(type: 'text/css' | 'text/javascript', body: string): Answer {
  return { status: 200, headers: { ...always, 'content-type': `${type}; charset=utf-8` }, body };
}

export function json(value: unknown): Answer {
  return { status: 200, headers: { ...always, 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** For programs: images, scripts and frames of other pages must not fill with words. */
export function empty(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ...always, ...headers }, body: '' };
}
