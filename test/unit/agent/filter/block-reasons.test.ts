import { describe, expect, it } from 'vitest';
import { BlockReasons, withoutPolicy } from '../../../../agent/filter/block-reasons.ts';
import type { Decision } from '../../../../shared/filter/decision.ts';

const categories = [{ id: 'games', title: 'Games' }];
const until = new Date(2030, 0, 2, 4, 5).getTime();
const help = { contact: 'it@school.test', page: true };

describe('the words of a block', () => {
  const cases: [Omit<Decision, 'action'>, string][] = [
    [{ layer: 'category', category: 'games', rule: 'a.test' }, 'category Games'],
    [{ layer: 'category', category: 'unknown', rule: 'a.test' }, 'category unknown'],
    [{ layer: 'locked-minimum', category: 'games', rule: 'a.test' }, 'category Games, which nobody can open'],
    [{ layer: 'district-block', rule: '*.a.test' }, 'blocked domain *.a.test'],
    [{ layer: 'override', assignment: 'Ms Lee', rule: 'a.test', until }, 'closed by Ms Lee, until 2030-01-02 04:05'],
    [{ layer: 'schedule', rule: 'Lessons', category: 'games', until }, 'schedule Lessons, until 2030-01-02 04:05'],
    [withoutPolicy, 'this device has no usable policy, so only essentials pass'],
  ];
  it.each(cases)('of %j: %s', (decision, why) => {
    const error = new BlockReasons(help, categories).of({ action: 'block', ...decision });
    expect(error.toString('utf8', 6)).toBe(
      `Blocked by the web filter (${why}). Ask: http://rollcall.internal/ or it@school.test`,
    );
    expect([error.readUInt16BE(0), error.readUInt16BE(2), error.readUInt16BE(4)]).toEqual([15, error.length - 4, 15]);
  });

  it('name only the ways to ask that there are', () => {
    const words = [
      { contact: '', page: true },
      { contact: 'it@school.test', page: false },
      { contact: '', page: false },
    ].map((some) => new BlockReasons(some, []).of(withoutPolicy).toString('utf8').split(').')[1]);
    expect(words).toEqual([' Ask: http://rollcall.internal/', ' Ask: it@school.test', '']);
  });

  it('are made once for each category of each layer, and once for each rule', () => {
    const reasons = new BlockReasons(help, categories);
    const of = (layer: Decision['layer'], rule: string) =>
      reasons.of({ action: 'block', layer, category: 'games', rule });
    expect(of('category', 'a.test')).toBe(of('category', 'b.test'));
    expect(of('locked-minimum', 'a.test')).toBe(of('locked-minimum', 'b.test'));
    expect(of('locked-minimum', 'a.test')).not.toBe(of('category', 'a.test'));
    const rule: Decision = { action: 'block', layer: 'district-block', rule: 'a.test' };
    expect(reasons.of(rule)).toBe(reasons.of(rule));
  });
});
