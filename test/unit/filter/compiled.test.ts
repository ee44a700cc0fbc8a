import { describe, expect, it } from 'vitest';
import { compileHashes, compileNames, openCompiled, openSigned } from '../../../shared/filter/compiled.ts';
import { NameHashes } from '../../../shared/filter/hash.ts';
import { SeededRandom } from '../../fakes/clock.ts';

const names = ['example.test', 'a.b.c.test', 'other.example', 'x.test'];

describe('a compiled list', () => {
  const cases: [string, boolean][] = [
    ['example.test', true],
    ['www.example.test', true],
    ['a.b.www.example.test', true],
    ['notexample.test', false],
    ['example.test.evil', false],
    ['test', false],
    ['', false],
    ['b.c.test', false],
    ['a.b.c.test', true],
    ['z.a.b.c.test', true],
    ['.example.test', true],
  ];
  it.each(cases)('holds %s: %s', (name, expected) => {
    expect(openCompiled(compileNames(names)).has(name)).toBe(expected);
  });

  it('is the same for the same names in any order, each once', () => {
    const again = compileNames([...names].reverse().concat(names));
    expect(again).toEqual(compileNames(names));
    expect(openCompiled(again).count).toBe(4);
  });

  it('takes 8 bytes a name and a header', () => {
    expect(compileNames(names)).toHaveLength(16 + 8 * 4);
  });

  it('opens at any offset of a buffer', () => {
    const bytes = compileNames(names);
    for (let shift = 0; shift < 4; shift++) {
      const shifted = new Uint8Array(bytes.length + 8);
      shifted.set(bytes, shift);
      expect(openCompiled(shifted.subarray(shift, shift + bytes.length)).has('example.test')).toBe(true);
    }
  });

  it('may be empty', () => {
    expect(openCompiled(compileNames([])).has('example.test')).toBe(false);
  });

  it('is refused when any one bit is changed', () => {
    const bytes = compileNames(names);
    for (let at = 0; at < bytes.length * 8; at++) {
      const changed = bytes.slice();
      changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(() => openCompiled(changed)).toThrow(/cannot be used/);
    }
  });

  it('is refused when it was cut or lengthened anywhere', () => {
    const bytes = compileNames(names);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => openCompiled(bytes.subarray(0, length))).toThrow(/cannot be used/);
    }
    expect(() => openCompiled(new Uint8Array([...bytes, 0, 0, 0, 0]))).toThrow(/length/);
  });

  it('agrees with a plain set over 200,000 names, with no collision', () => {
    const random = new SeededRandom(7);
    const word = () => Math.floor(random.unit() * 2 ** 32).toString(36);
    const many = Array.from({ length: 200_000 }, () => `${word()}.${word()}.test`);
    const list = openCompiled(compileNames(many));
    expect(list.count).toBe(new Set(many).size);
    expect(many.every((name) => list.has(`www.${name}`))).toBe(true);
    expect(many.some((name) => list.has(`x${name}`))).toBe(false);
  });

  it('finds every hash and no other where they crowd instead of spreading evenly', () => {
    const crowded = [
      ...Array.from({ length: 5_000 }, (_, i) => i),
      ...Array.from({ length: 50 }, (_, i) => 2 ** 32 - 100 + 2 * i),
    ];
    const list = openCompiled(
      compileHashes(crowded.length, (high, low) => {
        high.set(crowded);
        low.fill(7);
      }),
    );
    const holds = (value: number, low: number) => {
      const hashes = new NameHashes();
      hashes.count = 1;
      hashes.high[0] = value;
      hashes.low[0] = low;
      return list.find(hashes) === 0;
    };
    expect(crowded.every((value) => holds(value, 7))).toBe(true);
    expect(crowded.some((value) => holds(value, 8))).toBe(false);
    expect([5_000, 2 ** 31, 2 ** 32 - 101, 2 ** 32 - 1].some((value) => holds(value, 7))).toBe(false);
  });

  it('whose hash was signed is opened by its header, and refused when that does not fit', () => {
    const bytes = compileNames(names);
    expect(openSigned(bytes).has('www.example.test')).toBe(true);
    const refused: [Uint8Array, RegExp][] = [
      [bytes.subarray(0, bytes.length - 8), /length/],
      [bytes.subarray(0, 10), /cut short/],
      [new Uint8Array(bytes.length), /not a compiled list/],
    ];
    for (const [changed, why] of refused) expect(() => openSigned(changed)).toThrow(why);
  });
});
