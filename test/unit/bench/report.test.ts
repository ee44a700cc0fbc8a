import { describe, expect, it } from 'vitest';
import { percentile, Report } from '../../bench/report.ts';

describe('percentile', () => {
  it.each([
    ['the middle of an odd number of values', [3, 1, 2], 0.5, 2],
    ['the last value, never one beyond it', [3, 1, 2], 1, 3],
    ['the only value', [7], 0.99, 7],
  ])('gives %s', (_words, values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });
});

describe('a report', () => {
  it('prints what was measured, the floor of the same run, and the ratio', () => {
    const lines: string[] = [];
    new Report((line) => lines.push(line)).compare('memory', 90, 'MB', 'empty process', 45);
    expect(lines[0]?.split(/ {2,}/).filter(Boolean)).toEqual(['memory', '90 MB', 'empty process 45 MB', '2 ×']);
  });

  it('names the machine, the date and the sizes', () => {
    const lines: string[] = [];
    new Report((line) => lines.push(line)).head('dns', { names: 5 });
    expect(lines[0]).toBe('dns --names 5');
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT.* cores, .* Node \d+\.\d+\.\d+, load /);
  });
});
