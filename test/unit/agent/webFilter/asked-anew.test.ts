import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renewed, without } from '../../../../agent/capabilities/webFilter/asked-anew.ts';

const page = '127.82.67.1';

describe('the line of the hosts file that makes browsers ask anew', () => {
  it('names the device’s own pages, and another name each time', () => {
    const first = renewed('127.0.0.1 localhost\n', page);
    const second = renewed(first, page);
    expect(first).toMatch(
      /^127\.0\.0\.1 localhost\n127\.82\.67\.1 rollcall\.internal r1\.rollcall\.internal # rollcall: /,
    );
    expect(second).toMatch(
      /^127\.0\.0\.1 localhost\n127\.82\.67\.1 rollcall\.internal r2\.rollcall\.internal # rollcall: /,
    );
    expect(second.match(/rollcall\.internal/g)).toHaveLength(2);
  });

  const files: [string, string][] = [
    ['an empty file', ''],
    ['a file without a last line break', '127.0.0.1 localhost'],
    ['a file of one line break', '\n'],
    ['Windows line ends', '127.0.0.1 localhost\r\n::1 localhost\r\n'],
    ['comments of others', '# rollcall is fine\n127.0.0.1 localhost # rollcall-like\n'],
  ];
  it.each(files)('goes without a trace from %s', (_words, content) => {
    expect(without(renewed(renewed(content, page), page))).toBe(content);
  });

  it('goes without a trace from any file', () => {
    fc.assert(fc.property(fc.string(), (content) => without(renewed(content, page)) === content));
  });

  it('leaves what others add around it, before and after', () => {
    const content = `10.0.0.1 printer\n${renewed('127.0.0.1 localhost', page)}10.0.0.2 scanner\n`;
    expect(without(content)).toBe('10.0.0.1 printer\n127.0.0.1 localhost\n10.0.0.2 scanner\n');
  });
});
