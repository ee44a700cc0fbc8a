import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { send } from '../../fakes/http.ts';
import { monday, OwnPages } from '../../fakes/own-pages.ts';

let folder: string;
let own: OwnPages;
const host = 'rollcall.internal';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'looks-'));
  own = await new OwnPages(folder).start();
});
afterEach(async () => {
  await own.stop();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  send(own.port, path, { headers: { host: `${host}:${own.port}`, accept: 'text/html', ...headers } });
const tokenOf = (text: string) => /class="look[\s\S]*?name="token" value="([0-9a-f]+)"/.exec(text)?.[1] ?? '';
const bundleTokenOf = (text: string) =>
  /action="\/\.rollcall\/bundle"[\s\S]*?name="token" value="([0-9a-f]+)"/.exec(text)?.[1] ?? '';
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
  const origin = `http://${host}:${own.port}`;
  const type = 'application/x-www-form-urlencoded';
  return send(own.port, path, {
    method: 'POST',
    headers: { host: `${host}:${own.port}`, origin, 'content-type': type, ...headers },
    body: new URLSearchParams(form).toString(),
  });
};

describe('the banner', () => {
  it.each(['/', '/filter', '/blocked?name=bad.example', '/?lang=es'])('is on top of %s', async (path) => {
    expect((await get(path)).text).not.toContain('class="look');
    own.looks.begin('running');
    const { text } = await get(path);
    expect(text).toContain('Kim Ortiz');
    expect(text.indexOf('class="look')).toBeLessThan(text.indexOf('<main>'));
  });

  it('on the page of a blocked site leads to the device’s own page, and has no form', async () => {
    own.looks.begin('running');
    const { text } = await get('/', { host: 'bad.example' });
    expect(text).toMatch(/class="look[\s\S]*href="http:\/\/rollcall\.internal/);
    expect(text).not.toContain('action="/.rollcall/look"');
  });

  it('tells who, why and until when, as text', async () => {
    own.looks.begin('running', { by: '<script>alert(1)</script>', reason: '"><img src=x>' });
    const { text } = await get('/');
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/<script>alert|<img/);
    expect(text).toContain('09:15');
  });

  it('has another version when it says something else', async () => {
    const version = async () => (JSON.parse((await get('/.rollcall/look')).text) as { version: string }).version;
    const nobody = await version();
    own.looks.begin('asking');
    const asks = await version();
    own.looks.begin('running');
    expect(new Set([nobody, asks, await version()]).size).toBe(3);
    expect((await get('/')).text).toContain(`data-look="${await version()}"`);
  });
});

describe('the person’s answer', () => {
  it.each<[string, 'asking' | 'running', string]>([
    ['allow', 'asking', 'allow look-1'],
    ['refuse', 'asking', 'refuse look-1'],
    ['stop', 'running', 'stop look-1'],
  ])('%s is taken from the form of the page', async (act, state, said) => {
    own.looks.begin(state);
    const token = tokenOf((await get('/')).text);
    const answer = await post('/.rollcall/look', { token, id: 'look-1', act });
    expect([answer.status, answer.headers.location, own.looks.said]).toEqual([303, '/', [said]]);
  });

  it.each<[string, Record<string, string>, Record<string, string>, number]>([
    ['another site', {}, { origin: 'http://evil.example' }, 403],
    ['no site', {}, { origin: '' }, 403],
    ['a page without its token', { token: 'a'.repeat(64) }, {}, 403],
    ['the form of another look', { id: 'look-2' }, {}, 403],
    ['a form that asks for something else', { act: 'forever' }, {}, 400],
  ])('is not taken from %s', async (_name, form, headers, status) => {
    own.looks.begin('asking');
    const token = tokenOf((await get('/')).text);
    const answer = await post('/.rollcall/look', { token, id: 'look-1', act: 'allow', ...form }, headers);
    expect([answer.status, own.looks.said]).toEqual([status, []]);
  });

  it('cannot be given by a link, nor read by another site', async () => {
    own.looks.begin('asking');
    await get('/.rollcall/look?act=allow&id=look-1');
    expect((await get('/.rollcall/look', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await get('/.rollcall/bundle?act=send')).status).toBe(405);
    expect(own.looks.said).toEqual([]);
  });
});

describe('a support bundle', () => {
  const text = 'line one\nline <two> & "three"\n  {"indented": true}';

  it('is shown word for word, and sent or kept by its form', async () => {
    own.looks.begin('running', { bundle: [{ name: 'log.txt', text }] });
    const page = (await get('/bundle')).text;
    const shown = /<pre[^>]*>([\s\S]*?)\n<\/pre>/.exec(page)?.[1] ?? '';
    const read = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' } as Record<string, string>;
    expect(shown.replace(/&\w+;/g, (sign) => read[sign] ?? sign)).toBe(text);
    const token = bundleTokenOf(page);
    expect((await post('/.rollcall/bundle', { token, id: 'look-1', act: 'keep' })).status).toBe(303);
    expect(own.looks.said).toEqual(['keep look-1']);
  });

  it('is not sent by a page that shows another, nor by the form that stops a look', async () => {
    own.looks.begin('running', { bundle: [{ name: 'log.txt', text }] });
    const token = bundleTokenOf((await get('/bundle')).text);
    own.looks.begin('running', { bundle: [{ name: 'log.txt', text: `${text}\nmore` }] });
    for (const old of [token, tokenOf((await get('/')).text)]) {
      const answer = await post('/.rollcall/bundle', { token: old, id: 'look-1', act: 'send' });
      expect([answer.status, answer.headers.location]).toEqual([303, '/bundle']);
    }
    const origin = { origin: 'http://evil.example' };
    const fresh = bundleTokenOf((await get('/bundle')).text);
    expect((await post('/.rollcall/bundle', { token: fresh, id: 'look-1', act: 'send' }, origin)).status).toBe(403);
    expect(own.looks.said).toEqual([]);
  });

  it('is asked for on top of the page, and nothing is there when none waits', async () => {
    own.looks.begin('running', { bundle: [{ name: 'log.txt', text }] });
    expect((await get('/')).text).toContain('href="/bundle"');
    own.looks.begin('running');
    expect([(await get('/bundle')).status, (await get('/')).text.includes('/bundle')]).toEqual([303, false]);
  });
});

it('who looked, when and why stays on the page of the device', async () => {
  const look = { by: 'Kim Ortiz', ticket: 412, holder: 'student', bundles: 1 } as const;
  own.looks.past = [
    {
      ...{ ...look, id: 'b', at: monday - 3_600_000, beganAt: monday - 3_600_000, endedAt: monday - 3_000_000 },
      ...{ reason: 'It is slow.', state: 'ended', words: 'Its time was over.' },
    },
    { ...look, id: 'a', at: monday - 90_000_000, reason: 'Wi-Fi', state: 'refused', words: 'The person refused.' },
  ];
  const { text } = await get('/');
  const words = text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  expect(words).toContain('Kim Ortiz for ticket 412 over It is slow. from 08:00 to 08:10');
  expect(words).toContain('1 support bundle was sent.');
  expect(words).toContain('refused Wi-Fi');
});
