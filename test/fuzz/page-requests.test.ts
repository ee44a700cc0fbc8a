import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Head, readHead } from '../../agent/pages/request-head.ts';
import { normaliseName } from '../../shared/filter/name.ts';
import { sendBytes } from '../fakes/http.ts';
import { OwnPages } from '../fakes/own-pages.ts';

const runs = { numRuns: 1_000 };
const headerName = fc.constantFrom('host', 'origin', 'accept', 'sec-fetch-site', 'sec-fetch-dest', 'content-type', 'x');
const headerValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'chess.example',
    'rollcall.internal',
    '127.0.0.1',
    'http://chess.example',
    'text/html',
    'null',
    '',
    ':80',
    '[::1]',
  ),
);
const headers = fc.array(fc.tuple(headerName, headerValue), { maxLength: 8 });
const target = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.webPath(),
  fc.constantFrom('/', '//a', '/%', '/%00', '*', 'http://a/'),
);
const method = fc.oneof(fc.constantFrom('GET', 'HEAD', 'POST'), fc.string());

function headOf(method: string, url: string, lines: [string, string][]): Head {
  return { method, url, headers: Object.fromEntries(lines), rawHeaders: lines.flat() };
}

describe('the head of a request to the own pages', () => {
  test('whatever is sent is refused with a status, or is a request of which nothing is in doubt', () => {
    const property = fc.property(method, target, headers, (how, url, lines) => {
      const verdict = readHead(headOf(how, url, lines), '127.0.0.1');
      if (!verdict.ok) return void expect([400, 405, 414, 421]).toContain(verdict.status);
      const { asked } = verdict;
      expect(asked.name).toBe(normaliseName(asked.name));
      expect(asked.path).toMatch(/^\/[\x21-\x7e]*$/);
      expect(asked.target).toBe(url);
      if (asked.isOwn) expect(['rollcall.internal', '127.0.0.1']).toContain(asked.name);
    });
    fc.assert(property, runs);
  });

  test('a form is never taken for our own unless its origin is its host', () => {
    const property = fc.property(headerValue, headerValue, headers, (host, origin, lines) => {
      const all: [string, string][] = [
        ...lines.filter(([name]) => name !== 'host'),
        ['origin', origin],
        ['host', host],
      ];
      const verdict = readHead(headOf('POST', '/.rollcall/ask', all), '127.0.0.1');
      if (verdict.ok && !verdict.asked.isForeign) expect(origin.toLowerCase()).toBe(`http://${host.toLowerCase()}`);
    });
    fc.assert(property, runs);
  });
});

describe('the server of the own pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-pages-fuzz-'));
  const own = new OwnPages(folder);
  beforeAll(async () => void (await own.start()));
  afterAll(async () => {
    await own.stop();
    rmSync(folder, { recursive: true });
  });

  const whole =
    'POST /.rollcall/ask HTTP/1.1\r\nHost: chess.example\r\nOrigin: http://chess.example\r\nAccept: text/html\r\n' +
    'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 46\r\nConnection: close\r\n\r\n' +
    'name=chess.example&words=a+good+reason&token=0';
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 8,
  });

  test('survives requests with bytes changed, dropped or inserted, and takes none of them', async () => {
    const property = fc.asyncProperty(edits, async (changes) => {
      let bytes = [...Buffer.from(whole)];
      for (const [place, kind, value] of changes) {
        const at = place % bytes.length;
        bytes = [...bytes.slice(0, at), ...(kind === 1 ? [] : [value]), ...bytes.slice(kind === 2 ? at : at + 1)];
      }
      const heard = await sendBytes(own.port, Uint8Array.from(bytes), 150);
      expect(heard).toMatch(/^$|^HTTP\/1\.1 (200|303|4\d\d|503)/);
      expect(own.sent).toEqual([]);
    });
    await fc.assert(property, { numRuns: 150 });
    expect(own.log.errors).toEqual([]);
    expect(await sendBytes(own.port, 'GET / HTTP/1.1\r\nHost: rollcall.internal\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/);
  }, 60_000);
});
