import { describe, expect, it } from 'vitest';
import { decideRepair, tamperWords } from '../../../../agent/reconcile/tamper.ts';

const minute = 60_000;
const start = Date.UTC(2026, 9, 5, 14);
const at = (minutes: number) => start + minutes * minute;

describe('what becomes of a setting that is wrong', () => {
  it.each<[string, number[], number, boolean, number]>([
    ['at once, the first time', [], 0, false, 0],
    ['at once, the third time', [0, 1], 2, false, 2],
    ['three minutes after the third, as a fight', [0, 1, 2], 2, true, 5],
    ['at once when those three minutes are over', [0, 1, 2], 6, true, 5],
    ['at once where three took more than an hour', [0, 30, 61], 62, false, 62],
    ['as a fight still, when it has only become slower', [0, 1, 2, 40, 90], 120, true, 93],
    ['at once after a quiet hour', [0, 1, 2], 62, false, 62],
    ['at once where the three are before a quiet hour', [0, 1, 2, 70], 71, false, 71],
    ['at once where the clock was corrected to before them', [10, 11, 12], 0, false, 0],
  ])('it is put right %s', (_name, history, now, isTampered, notBefore) => {
    expect(decideRepair(history.map(at), at(now))).toEqual({ isTampered, notBefore: at(notBefore) });
  });
});

describe('the words of the finding', () => {
  const correction = (section: string, item: string, minutes: number) => ({ section, item, at: at(minutes) });
  const fight = [0, 1, 2, 5].map((minutes) => correction('firewall', 'nftables table', minutes));

  it('name the section, the item, how often and when', () => {
    expect(tamperWords(fight, at(6))).toBe(
      'firewall: nftables table was changed back 4 times between 2026-10-05T14:00Z and 2026-10-05T14:05Z. It is put right every 3 minutes at most.',
    );
  });

  it('name several settings, the latest first, and those alone that are tampered with', () => {
    const others = [3, 4, 7].map((minutes) => correction('browser', 'policy', minutes));
    const words = tamperWords([...fight, ...others, correction('firewall', 'another', 7)], at(8));
    expect(words).toMatch(/^browser: policy was changed back 3 times .*; firewall: nftables table was changed back 4/);
    expect(words).not.toContain('another');
  });

  it('are none while nothing is tampered with', () => {
    expect(tamperWords(fight.slice(2), at(6))).toBe('');
  });

  it('fit into a finding, however many settings there are', () => {
    const many = Array.from({ length: 20 }, (_, n) =>
      [0, 1, 2].map((m) => correction('browser', `${n} ${'x'.repeat(290)}`, m)),
    );
    expect(tamperWords(many.flat(), at(3)).length).toBeLessThanOrEqual(1000);
  });
});
