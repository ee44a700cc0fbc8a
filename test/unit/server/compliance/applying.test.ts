import { beforeEach, describe, expect, it } from 'vitest';
import { Applying } from '../../../../server/compliance/applying.ts';
import { FakeClock } from '../../../fakes/clock.ts';

let clock: FakeClock;
let due: string[][];
let applying: Applying;

beforeEach(() => {
  clock = new FakeClock();
  due = [];
  applying = new Applying(clock, (ids) => due.push(ids));
});

describe('devices that were given a new state', () => {
  it('are due when none of them has reported for a second', () => {
    applying.given(['a', 'b', 'c']);
    clock.advance(500);
    expect(applying.reported(['a'])).toEqual([]);
    clock.advance(999);
    expect(applying.reported(['b'])).toEqual([]);
    clock.advance(999);
    expect(due).toEqual([]);
    clock.advance(1);
    expect(due).toEqual([['a', 'b']]);
  });

  it('are due ten seconds after they were given it, whoever reports', () => {
    applying.given(['a']);
    clock.advance(4_000);
    applying.given(['a', 'b']);
    for (let second = 4; second < 10; second += 0.5) {
      applying.reported(['b']);
      clock.advance(500);
    }
    expect(due).toEqual([['a']]);
    expect(applying.take(['a'])).toEqual(['a']);
    for (let second = 10; second < 14; second += 0.5) {
      applying.reported(['b']);
      clock.advance(500);
    }
    expect(due).toEqual([['a'], ['b']]);
  });

  it('hold up nobody else', () => {
    applying.given(['a']);
    expect(applying.reported(['x', 'a', 'y'])).toEqual(['x', 'y']);
    expect(applying.reported(['x'])).toEqual(['x']);
  });

  it('are applying until they are taken, and nothing is waited for then', () => {
    applying.given(['a', 'b']);
    applying.reported(['a']);
    expect(applying.take(['a', 'x'])).toEqual(['a']);
    expect(applying.reported(['a'])).toEqual(['a']);
    expect(applying.take('all')).toEqual(['b']);
    expect([clock.pending, applying.ids()]).toEqual([0, []]);
  });

  it('are waited for anew when they are given another state after they were judged', () => {
    applying.given(['a']);
    clock.advance(9_000);
    applying.take(['a']);
    applying.given(['a']);
    clock.advance(9_999);
    expect(due).toEqual([]);
    clock.advance(1);
    expect(due).toEqual([['a']]);
  });
});
