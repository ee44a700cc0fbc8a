import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { parseList } from '../../../shared/filter/parse.ts';

describe('reading a list', () => {
  const read: [string, string, string[]][] = [
    ['a hosts file', '0.0.0.0 a.test\n127.0.0.1 b.test', ['a.test', 'b.test']],
    ['several names in a row of a hosts file', '0.0.0.0 a.test b.test\tc.test', ['a.test', 'b.test', 'c.test']],
    ['IPv6 sinks', ':: a.test\n::1 b.test', ['a.test', 'b.test']],
    [
      'names of the computer itself',
      '127.0.0.1 localhost\n::1 ip6-localhost\n0.0.0.0 0.0.0.0\n0.0.0.0 a.test',
      ['a.test'],
    ],
    ['plain domains', 'a.test\nb.test', ['a.test', 'b.test']],
    ['wildcards', '*.a.test\n*.b.test', ['a.test', 'b.test']],
    [
      'the DNS part of Adblock',
      '[Adblock Plus]\n! note\n||a.test^\n||b.test^$important\n||*.c.test^',
      ['a.test', 'b.test', 'c.test'],
    ],
    [
      'a policy zone',
      '$TTL 300\n@ IN SOA localhost. root.localhost. (\n  1 ; serial )\n  2 3 4\n 300 )\n  IN NS localhost.\n' +
        'a.test CNAME .\n*.a.test CNAME .\nb.test 60 IN CNAME *. ; why\nc.test IN 60 cname rpz-drop.',
      ['a.test', 'b.test', 'c.test'],
    ],
    [
      'a policy zone with its own name in each row',
      '$ORIGIN rpz.test.\na.test.rpz.test. CNAME .\n*.b.test CNAME .',
      ['a.test', 'b.test'],
    ],
    ['a policy zone named by its SOA', 'rpz.test. SOA a. b. 1 2 3 4 5\na.test.rpz.test. CNAME .', ['a.test']],
    ['rows ended as on old Macs', 'a.test\rb.test\r', ['a.test', 'b.test']],
    ['rows longer than a piece of the file', `a.test\n#${'x'.repeat(1_500_000)}\nb.test`, ['a.test', 'b.test']],
    ['what companies let people register below', 'duckdns.org\ngithub.io', ['duckdns.org', 'github.io']],
    ['comments of every kind', '# x\n! y\n; z\n\n  # w\na.test # why\n', ['a.test']],
    ['rows ended as on Windows', 'a.test\r\nb.test\r\n', ['a.test', 'b.test']],
    ['a byte order mark', '\ufeffa.test', ['a.test']],
    ['capitals and the dot of the root', 'A.Test.\nB.TEST', ['a.test', 'b.test']],
    ['the same name twice', 'a.test\n||a.test^\n0.0.0.0 A.TEST', ['a.test']],
    [
      'letters beyond ASCII as punycode',
      'münchen.test\n0.0.0.0 例え.test',
      ['xn--mnchen-3ya.test', 'xn--r8jz45g.test'],
    ],
    ['names with underscores', '_dmarc.a.test', ['_dmarc.a.test']],
    ['blanks around a name', '   a.test  \t', ['a.test']],
    ['a last row without an end', 'a.test', ['a.test']],
  ];
  it.each(read)('understands %s', (_what, text, names) => {
    expect(parseList(text)).toMatchObject({ names, problems: [], skipped: 0 });
  });

  const formats: [string, string][] = [
    ['0.0.0.0 a.test\n0.0.0.0 b.test\nc.test', 'hosts'],
    ['a.test\nb.test\n||c.test^', 'domains'],
    ['*.a.test', 'wildcard'],
    ['||a.test^', 'adblock'],
    ['a.test CNAME .\n*.a.test CNAME .\nb.test', 'rpz'],
  ];
  it.each(formats)('calls %j a list of the form %s', (text, format) => {
    expect(parseList(text).format).toBe(format);
  });

  const taken: [string, string, string[], string[]][] = [
    ['a name of the list', '||a.test^\n||b.test^\n@@||a.test^', ['b.test'], []],
    ['a name below one of the list', '||a.test^\n@@||ok.a.test^', ['a.test'], ['ok.a.test']],
    ['everything below a name', '||x.a.test^\n||b.test^\n@@||a.test^', ['b.test'], []],
    ['what is not listed', '||b.test^\n@@||a.test^', ['b.test'], []],
    ['nothing that is important', '||a.test^$important\n@@||a.test^\n@@||b.a.test^', ['a.test'], []],
    ['a name of a policy zone', 'a.test CNAME .\nok.a.test CNAME rpz-passthru.', ['a.test'], ['ok.a.test']],
    ['a name whatever the order', '@@||ok.a.test^|\n||a.test^', ['a.test'], ['ok.a.test']],
  ];
  it.each(taken)('lets an exception take out %s', (_what, text, names, exceptions) => {
    expect(parseList(text)).toMatchObject({ names, exceptions, problems: [], skipped: 0 });
  });

  it('does not let an open bracket swallow the list', () => {
    const { names, problems } = parseList(`@ SOA a. b. (\n${'x.test\n'.repeat(20)}a.test`);
    expect(names).toEqual(['a.test']);
    expect(problems).toEqual([expect.objectContaining({ row: 21, words: expect.stringMatching(/never closed/) })]);
  });

  const leftOut: [string, string, 'error' | 'warning', RegExp][] = [
    ['an exception that is a pattern', '@@/ads/', 'warning', /pattern/],
    ['an exception for some clients', '@@||a.test^$client=tv', 'warning', /client=tv/],
    ['a part of addresses', '|https://a.test', 'warning', /pattern/],
    ['a public suffix', 'co.uk', 'error', /"co\.uk" is a public suffix/],
    ['everything below a public suffix', '*.k12.ca.us', 'error', /public suffix/],
    ['a public suffix in a hosts file', '0.0.0.0 com.br', 'error', /public suffix/],
    ['a public suffix of a policy zone', 'co.uk CNAME .', 'error', /public suffix/],
    ['another answer of a policy zone', 'a.test CNAME garden.test.', 'warning', /CNAME garden\.test\..*not applied/],
    ['an address of a policy zone', 'a.test 300 IN A 192.0.2.7', 'warning', /answer of its own/],
    ['a trigger that is an address', '24.0.2.0.192.rpz-ip CNAME .', 'warning', /addresses or servers/],
    ['a record without a name', 'CNAME .', 'error', /no name of its own/],
    ['another directive', '$INCLUDE /etc/passwd', 'warning', /not followed/],
    ['a rule with another modifier', '||a.test^$third-party', 'warning', /third-party/],
    ['a regular expression', '/ads[0-9]+/', 'warning', /pattern/],
    ['an address pattern', '||a.test/path^', 'warning', /pattern/],
    ['a rule about parts of pages', 'a.test##.banner', 'warning', /parts of pages/],
    ['a real address', '192.0.2.7 printer.test', 'warning', /192\.0\.2\.7/],
    ['a bare address', '192.0.2.7', 'error', /is an address/],
    ['two words', 'a.test b.test', 'error', /not an address/],
    ['a web address', 'https://a.test/', 'error', /not a domain name/],
    ['a top-level domain', 'com', 'error', /top-level/],
    ['a top-level domain by Adblock', '||zip^', 'error', /top-level/],
    ['a label that is too long', `${'a'.repeat(64)}.test`, 'error', /not a domain name/],
    ['a name that is too long', `${'a.'.repeat(127)}test`, 'error', /not a domain name/],
    ['an empty label', 'a..test', 'error', /not a domain name/],
    ['a hyphen at the edge', '-a.test', 'error', /not a domain name/],
    ['markup', '<script>.test', 'error', /not a domain name/],
    ['a wrong byte', 'caf\ufffd.test', 'error', /not a domain name/],
    ['control characters, which are not shown', 'a\u0007b.test', 'error', /"a\?b\.test"/],
    ['a row that is far too long', 'a'.repeat(5000), 'error', /longer/],
  ];
  it.each(leftOut)('leaves out %s and says where', (_what, row, severity, words) => {
    const { names, problems, skipped } = parseList(`ok.test\n${row}\n`, { file: 'games.txt' });
    expect(names).toEqual(['ok.test']);
    expect(skipped).toBe(1);
    expect(problems).toEqual([
      { severity, file: 'games.txt', row: 2, column: null, words: expect.stringMatching(words) },
    ]);
  });

  it('keeps the good names of a hosts row that has a bad one', () => {
    const { names, problems } = parseList('0.0.0.0 a.test b..test c.test');
    expect(names).toEqual(['a.test', 'c.test']);
    expect(problems).toHaveLength(1);
  });

  it('shows the first 100 problems and counts the rest', () => {
    const { problems, skipped } = parseList(`ok.test\n${'a..b\n'.repeat(150)}`);
    expect(skipped).toBe(150);
    expect(problems).toHaveLength(101);
    expect(problems[100]).toMatchObject({ row: null, words: '50 more rows have problems.' });
  });

  const hostile: [string, Uint8Array | string, RegExp][] = [
    ['an empty file', '', /holds no names/],
    ['only comments', '# a\n# b', /holds no names/],
    ['only rubbish', 'a b c\n<x>\n', /holds no names, and 2 rows/],
    ['a web page', '<!DOCTYPE html>\n<html>a.test', /web page/],
    ['NUL bytes', new Uint8Array([97, 0, 98]), /NUL/],
    ['UTF-16', Buffer.from('a.test\n', 'utf16le'), /NUL/],
    ['a gzip file', new Uint8Array([0x1f, 0x8b, 8, 1]), /compressed/],
    ['an xz file', new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a]), /compressed/],
    ['JSON', '{"names": ["a.test"]}', /JSON/],
    ['a list in JSON', '[\n  "a.test"\n]', /JSON/],
    ['a zip file', new Uint8Array([0x50, 0x4b, 3, 4]), /compressed/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), /NUL/],
    ['a row of 17 MiB', 'a'.repeat(17_825_792), /longer than 16 MiB/],
    ['more than 5 million rows', '\n'.repeat(5_000_001), /more than 5000000 rows/],
  ];
  it.each(hostile)('refuses %s in one sentence', (_what, content, words) => {
    const refused = () => parseList(content);
    expect(refused).toThrow(CodedError);
    expect(refused).toThrow(words);
    expect(refused).toThrow(/The earlier one stays in force\.$/);
  });

  it('refuses more names than allowed', () => {
    expect(() => parseList('a.test\nb.test\nc.test', { maxNames: 2 })).toThrow(/more than 2 names/);
  });

  it('reads 300,000 names', () => {
    const text = Array.from({ length: 300_000 }, (_, i) => `0.0.0.0 host${i}.site${i % 997}.test`).join('\n');
    expect(parseList(new TextEncoder().encode(text)).names).toHaveLength(300_000);
  });
});

const folder = '../shared/data/lists';
describe.skipIf(!existsSync(folder))(`public lists (in ${folder})`, () => {
  const lists: [string, string, number, number][] = [
    ['bypass-encrypted-dns.txt', 'domains', 302, 0],
    ['bypass-proxies.txt', 'domains', 287, 0],
    ['bypass-vpn.txt', 'domains', 161, 0],
    ['gambling.hosts', 'hosts', 2642, 0],
    ['social.hosts', 'hosts', 3244, 1],
  ];
  it.each(lists)('reads %s as %s with %i names, %i rows left out', (file, format, names, skipped) => {
    const parsed = parseList(readFileSync(`${folder}/${file}`));
    expect({ format: parsed.format, names: parsed.names.length, skipped: parsed.skipped }).toEqual({
      format,
      names,
      skipped,
    });
  });
});
