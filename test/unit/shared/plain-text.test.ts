import { describe, expect, it } from 'vitest';
import { plainJson, plainLines } from '../../../shared/plain-text.ts';

const steering = '\u001b[2J\u009b31m\r\u0007\u202e\u2028\ud800';

describe('what goes to a terminal', () => {
  it('keeps its lines and nothing that steers', () => {
    expect(plainLines(`one\n  two${steering}\n`)).toBe('one\n  two[2J31m\n');
  });

  it('is JSON that means the same and steers nothing', () => {
    const value = { [`a${steering}`]: [`b${steering}`, '😀 é', 1, null] };
    const text = plainJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(text).toContain('😀 é');
  });

  it('is null where there is no value', () => expect(plainJson(undefined)).toBe('null'));
});
