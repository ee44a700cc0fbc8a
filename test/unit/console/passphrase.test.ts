import { describe, expect, it } from 'vitest';
import { passphraseAdvice, passphraseProblem } from '../../../server/console/src/passphrase.ts';

describe('advice on a passphrase', () => {
  it.each([
    ['', true, '16 characters more.'],
    ['fifteen letters', true, 'One character more.'],
    ['aaaaaaaaaaaaaaaaaaaa', true, 'over and over'],
    ['three words here', false, 'Enough.'],
    ['correct-horse-battery-staple-lamp', false, 'Strong'],
    ['correct horse battery staple lamp', false, 'Strong'],
    ['Xk29vLq8RmTz41bPwYe7Hn3c', false, 'Strong'],
  ])('“%s”: refused %s, %s', (typed, refused, words) => {
    const advice = passphraseAdvice(typed);
    expect([advice.refused, advice.words]).toEqual([refused, expect.stringContaining(words)]);
    expect(advice.strength).toBeLessThanOrEqual(100);
  });

  it('is sent only when it was typed twice alike', () => {
    expect(passphraseProblem('short', 'short')).toMatch(/16 characters/);
    expect(passphraseProblem('five words chosen by chance', 'five words')).toMatch(/twice/);
    expect(passphraseProblem('five words chosen by chance', 'five words chosen by chance')).toBeUndefined();
  });
});
