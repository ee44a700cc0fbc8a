import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { compileHashes, compileNames, openCompiled } from '../../../shared/filter/compiled.ts';
import { applyDelta, deltaCounts, makeDelta } from '../../../shared/filter/delta.ts';

const list = (...names: string[]) => compileNames(names);
const numbered = (count: number, word = 'name') => Array.from({ length: count }, (_, i) => `${word}-${i}.example`);
const names = fc.uniqueArray(
  fc.nat(200).map((i) => `n${i}.example`),
  { maxLength: 200 },
);

describe('a change of a compiled list', () => {
  const cases: [string, string[], string[], { removed: number; added: number }][] = [
    ['nothing to nothing', [], [], { removed: 0, added: 0 }],
    ['nothing to something', [], ['a.test', 'b.test'], { removed: 0, added: 2 }],
    ['something to nothing', ['a.test', 'b.test'], [], { removed: 2, added: 0 }],
    ['a list to itself', ['a.test', 'b.test'], ['b.test', 'a.test'], { removed: 0, added: 0 }],
    ['one name to another', ['a.test'], ['b.test'], { removed: 1, added: 1 }],
    [
      'a few names among others',
      ['a.test', 'b.test', 'c.test'],
      ['a.test', 'd.test', 'c.test'],
      { removed: 1, added: 1 },
    ],
  ];
  it.each(cases)('leads from %s', (_what, before, after, counts) => {
    const delta = makeDelta(list(...before), list(...after));
    expect(deltaCounts(delta)).toEqual(counts);
    expect(applyDelta(list(...before), delta)).toEqual(list(...after));
  });

  it('gives the same bytes as compiling the new list, whatever the lists', () => {
    fc.assert(
      fc.property(names, names, (before, after) => {
        const [from, to] = [list(...before), list(...after)];
        expect(applyDelta(from, makeDelta(from, to))).toEqual(to);
      }),
    );
  });

  it('gives hashes at both ends and with equal halves', () => {
    const pairs = (...hashes: [number, number][]) =>
      compileHashes(hashes.length, (high, low) => {
        for (const [i, [h, l]] of hashes.entries()) [high[i], low[i]] = [h, l];
      });
    const from = pairs([0, 0], [5, 1], [5, 9], [0xffff_ffff, 0xffff_ffff]);
    const to = pairs([0, 1], [5, 2], [5, 9], [0xffff_ffff, 0xffff_fffe]);
    expect(applyDelta(from, makeDelta(from, to))).toEqual(to);
    expect(applyDelta(to, makeDelta(to, from))).toEqual(from);
  });

  it('takes less than 16 KB for 1,000 changes in 100,000 names', () => {
    const kept = numbered(100_000);
    const from = compileNames(kept);
    const to = compileNames([...kept.slice(500), ...numbered(500, 'new')]);
    const delta = makeDelta(from, to);
    expect(delta.byteLength).toBeLessThan(16_384);
    expect(openCompiled(applyDelta(from, delta)).has('new-7.example')).toBe(true);
  });
});

describe('a change that is not to be trusted', () => {
  const from = compileNames(numbered(300));
  const to = compileNames(numbered(300).slice(20).concat(numbered(20, 'new')));
  const delta = makeDelta(from, to);
  const words = (change: (view: DataView) => void) => {
    const bytes = delta.slice();
    change(new DataView(bytes.buffer));
    return bytes;
  };

  const wrong: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(), /cut short/],
    ['something else', new TextEncoder().encode('<!doctype html>'.repeat(10)), /no change of a compiled list/],
    ['another version', words((view) => view.setUint32(4, 2, true)), /version 2/],
    ['counts beyond its bytes', words((view) => view.setUint32(28, 0xffff_ffff, true)), /counts/],
    ['more removed than there are', words((view) => view.setUint32(24, 301, true)), /counts/],
    ['the start of another list', words((view) => view.setUint32(12, 1, true)), /another list/],
    ['something behind it', Uint8Array.from([...delta, 0]), /follows/],
    ['another end', words((view) => view.setUint32(20, 1, true)), /does not lead/],
    ['numbers that never end', Uint8Array.from([...delta.slice(0, 32), ...Array(delta.length).fill(0xff)]), /too long/],
  ];
  it.each(wrong)('is refused with a sentence: %s', (_what, bytes, said) => {
    expect(() => applyDelta(from, bytes)).toThrow(CodedError);
    expect(() => applyDelta(from, bytes)).toThrow(said);
  });

  it('is refused when it starts from another list', () => {
    expect(() => applyDelta(to, delta)).toThrow(/another list/);
  });

  it('is refused wherever it was cut short', () => {
    for (let length = 0; length < delta.length; length++) {
      expect(() => applyDelta(from, delta.subarray(0, length))).toThrow(CodedError);
    }
  });

  it('never leads to a wrong list in silence, whatever byte was changed', () => {
    fc.assert(
      fc.property(fc.nat(delta.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = delta.slice();
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        expect(() => applyDelta(from, bytes)).toThrow(CodedError);
      }),
      { numRuns: 500 },
    );
  });

  it('ends in a refusal for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => applyDelta(from, Uint8Array.from([...delta.slice(0, 8), ...bytes]))).toThrow(CodedError);
      }),
    );
  });
});
