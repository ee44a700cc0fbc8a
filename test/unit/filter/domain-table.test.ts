import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainTable, domainTable } from '../../../shared/filter/domain-table.ts';
import { NameHashes } from '../../../shared/filter/hash.ts';

const find = (table: DomainTable<string>, name: string) => table.find(name, new NameHashes().of(name))?.value;
const tableOf = (...patterns: string[]) => domainTable(patterns, (pattern) => pattern);

/** The same by comparing every pattern: the longest domain that covers the name, of equal ones the first. */
function plainly(patterns: readonly string[], name: string): string | undefined {
  const covering = patterns.filter((pattern) => {
    const domain = pattern.replace(/^(=|\*\.)/, '');
    const below = name.endsWith(`.${domain}`);
    if (pattern.startsWith('=')) return name === domain;
    return below || (name === domain && !pattern.startsWith('*.'));
  });
  const specific = Math.max(...covering.map((pattern) => pattern.replace(/^(=|\*\.)/, '').length));
  return covering.find((pattern) => pattern.replace(/^(=|\*\.)/, '').length === specific);
}

describe('a table of domains', () => {
  it('finds what comparing every pattern finds', () => {
    const name = fc
      .array(fc.constantFrom('a', 'b', 'ab', 'ba'), { minLength: 1, maxLength: 4 })
      .map((labels) => labels.join('.'));
    const pattern = fc.tuple(fc.constantFrom('', '=', '*.'), name).map(([prefix, domain]) => prefix + domain);
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), name, (patterns, asked) => {
        expect(find(tableOf(...patterns), asked)).toBe(plainly(patterns, asked));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells domains apart whose hashes begin alike', () => {
    const [one, other] = ['n48247.test', 'n123995.test'];
    const high = [one, other].map((name) => new NameHashes().of(name).high[1]);
    expect(high[0]).toBe(high[1]);
    expect(find(tableOf(one), other)).toBeUndefined();
    const both = tableOf(one, other);
    expect([find(both, `x.${one}`), find(both, `x.${other}`)]).toEqual([one, other]);
  });

  it('keeps what was first, unless the later value beats it', () => {
    const table = new DomainTable<string>();
    table.add('a.test', 'first');
    table.add('a.test', 'second');
    expect(find(table, 'a.test')).toBe('first');
    table.add('=a.test', 'third', () => true);
    expect([find(table, 'a.test'), find(table, 'x.a.test')]).toEqual(['third', 'first']);
  });

  it('leaves out what is no name, and is empty without patterns', () => {
    expect(tableOf('a..test', '', '*.').empty).toBe(true);
    expect(tableOf('a.test').empty).toBe(false);
  });
});
