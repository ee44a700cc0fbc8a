import { describe, expect, it } from 'vitest';
import { PastClock } from '../../../installers/past-clock.ts';

describe('a clock that is moved by hand', () => {
  it('runs what falls due on the way, each at its time, also what is set on the way', () => {
    const clock = new PastClock(1_000);
    const ran: string[] = [];
    clock.after(300, () => ran.push(`later at ${clock.now()}`));
    clock.after(100, () => {
      ran.push(`first at ${clock.now()}`);
      clock.after(100, () => ran.push(`its own at ${clock.now()}`));
    });
    clock.after(5_000, () => ran.push('never'));
    expect(clock.nextDue).toBe(1_100);
    clock.moveTo(2_000);
    expect(clock.nextDue).toBe(6_000);
    expect(ran).toEqual(['first at 1100', 'its own at 1200', 'later at 1300']);
    expect(clock.now()).toBe(2_000);
  });

  it('forgets what was cancelled, and never goes back', () => {
    const clock = new PastClock(1_000);
    const ran: string[] = [];
    clock.after(10, () => ran.push('cancelled'))();
    clock.moveTo(1_500);
    clock.moveTo(1_200);
    expect([ran, clock.now(), clock.monotonic()]).toEqual([[], 1_500, 1_500]);
  });

  it('has no timers shorter than it is told', () => {
    const clock = new PastClock(1_000, 600);
    const ran: number[] = [];
    for (const ms of [0, 60, 900]) clock.after(ms, () => ran.push(clock.now()));
    clock.moveTo(2_000);
    expect(ran).toEqual([1_600, 1_600, 1_900]);
  });
});
