import { beforeEach, describe, expect, it } from 'vitest';
import { Hush } from '../../../../server/gateway/hush.ts';
import { FakeClock } from '../../../fakes/clock.ts';

let clock: FakeClock;
let hush: Hush;
let turns: boolean[];
beforeEach(() => {
  clock = new FakeClock();
  hush = new Hush(clock);
  turns = [];
  hush.onTurn((isOn) => turns.push(isOn));
});

describe('a hush', () => {
  it('is told once when it begins and once when it ends', () => {
    hush.end();
    hush.begin();
    hush.begin();
    expect(hush.isOn).toBe(true);
    hush.end();
    hush.end();
    expect([hush.isOn, turns, clock.pending]).toEqual([false, [true, false], 0]);
  });

  it('lets nobody wait for longer than ten seconds, however often it is begun meanwhile', () => {
    hush.begin();
    clock.advance(9_000);
    hush.begin();
    clock.advance(1_000);
    expect(turns).toEqual([true, false]);
    hush.begin();
    expect(turns).toEqual([true, false, true]);
  });
});
