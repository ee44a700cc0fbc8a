import { describe, expect, it } from 'vitest';
import { type Head, readHead } from '../../../../agent/pages/request-head.ts';

const own = '127.82.67.1';

function head(method: string, url: string, headers: Record<string, string> = {}): Head {
  const all = { host: 'chess.example', ...headers };
  return { method, url, headers: all, rawHeaders: Object.entries(all).flat() };
}

const asked = (given: Head) => {
  const verdict = readHead(given, own);
  if (!verdict.ok) throw new Error(`refused with ${verdict.status}`);
  return verdict.asked;
};
const form = { origin: 'http://chess.example' };

describe('the head of a request', () => {
  it.each<[string, Head, object]>([
    ['a host in any case with a port', head('GET', '/', { host: 'CHESS.Example.:8080' }), { name: 'chess.example' }],
    ['the own name', head('GET', '/', { host: 'rollcall.internal' }), { isOwn: true }],
    ['the own address', head('GET', '/', { host: own }), { isOwn: true }],
    ['a site', head('GET', '/a?b=c'), { isOwn: false, path: '/a', target: '/a?b=c' }],
    ['two slashes as a path', head('GET', '//evil.example/x'), { path: '//evil.example/x', name: 'chess.example' }],
    ['a browser', head('GET', '/', { accept: 'text/html,*/*' }), { wantsPage: true }],
    ['an image', head('GET', '/', { accept: 'image/*' }), { wantsPage: false }],
    ['a program', head('GET', '/'), { wantsPage: false }],
    [
      'a script that accepts all',
      head('GET', '/', { accept: 'text/html', 'sec-fetch-dest': 'script' }),
      { wantsPage: false },
    ],
    ['a frame', head('GET', '/', { accept: 'text/html', 'sec-fetch-dest': 'iframe' }), { wantsPage: false }],
    ['a page where the browser says so', head('GET', '/', { 'sec-fetch-dest': 'document' }), { wantsPage: true }],
  ])('tells %s', (_name, given, expected) => {
    expect(asked(given)).toMatchObject(expected);
  });

  it.each<[string, Head, boolean]>([
    ['a form with the same origin', head('POST', '/', form), false],
    ['one that the browser calls same-origin', head('POST', '/', { ...form, 'sec-fetch-site': 'same-origin' }), false],
    [
      'one with the port in both',
      head('POST', '/', { host: 'chess.example:81', origin: 'http://chess.example:81' }),
      false,
    ],
    ['a form without an origin', head('POST', '/'), true],
    ['a form with the origin null', head('POST', '/', { origin: 'null' }), true],
    ['a form of another site', head('POST', '/', { origin: 'http://evil.example' }), true],
    ['a form of another port', head('POST', '/', { origin: 'http://chess.example:81' }), true],
    ['a form of the secure site', head('POST', '/', { origin: 'https://chess.example' }), true],
    ['one that the browser calls cross-site', head('POST', '/', { ...form, 'sec-fetch-site': 'cross-site' }), true],
    ['one that the browser calls same-site', head('POST', '/', { ...form, 'sec-fetch-site': 'same-site' }), true],
    ['a question of another site', head('GET', '/', { 'sec-fetch-site': 'cross-site' }), true],
    ['an address typed in', head('GET', '/', { 'sec-fetch-site': 'none' }), false],
  ])('tells whether %s is foreign', (_name, given, isForeign) => {
    expect(asked(given).isForeign).toBe(isForeign);
  });

  it.each<[string, Head, number]>([
    ['another method', head('PUT', '/'), 405],
    ['OPTIONS, so that no other origin is let in', head('OPTIONS', '/'), 405],
    ['no host', { method: 'GET', url: '/', headers: {}, rawHeaders: [] }, 400],
    ['an empty host', head('GET', '/', { host: '' }), 400],
    ['two hosts', { ...head('GET', '/'), rawHeaders: ['Host', 'chess.example', 'host', 'evil.example'] }, 400],
    ['a host with a path', head('GET', '/', { host: 'a/b' }), 400],
    ['a host with a user', head('GET', '/', { host: 'a@b' }), 400],
    ['a host with a tag', head('GET', '/', { host: '<b>' }), 400],
    ['another address', head('GET', '/', { host: '10.0.0.1' }), 421],
    ['an IPv6 address', head('GET', '/', { host: '[::1]' }), 400],
    ['the form for proxies', head('GET', 'http://evil.example/'), 400],
    ['a star', head('GET', '*'), 400],
    ['a path with a control', head('GET', '/a\u0001'), 400],
    ['a path with a blank', head('GET', '/a b'), 400],
    ['a path beyond 2 KB', head('GET', `/${'a'.repeat(2_048)}`), 414],
  ])('refuses %s', (_name, given, status) => {
    expect(readHead(given, own)).toEqual({ ok: false, status });
  });
});
