import { describe, expect, it } from 'vitest';
import { type Job, Schedule } from '../../../../agent/health/schedule.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { keptLog, settle } from './recorded.ts';

interface Running {
  schedule: Schedule;
  clock: FakeClock;
  runs: { name: string; at: number }[];
  accepted: unknown[];
  log: ReturnType<typeof keptLog>;
  /** Moves on in small steps, letting promises settle. */
  pass(ms: number, step?: number): Promise<void>;
}

function running(jobs: (Partial<Job> & { name: string })[]): Running {
  const clock = new FakeClock();
  const start = clock.now();
  const [runs, accepted, log]: [Running['runs'], unknown[], Running['log']] = [[], [], keptLog()];
  const whole = jobs.map(
    (job): Job => ({
      everyMs: 60_000,
      firstWithinMs: 1_000,
      limitMs: 5_000,
      accept: (value) => void accepted.push(value),
      ...job,
      collect: async () => {
        runs.push({ name: job.name, at: clock.now() - start });
        return await (job.collect?.() ?? job.name);
      },
    }),
  );
  const schedule = new Schedule(whole, { clock, random: new SeededRandom(7), log });
  const pass = async (ms: number, step = 1_000) => {
    for (let left = ms; left > 0; left -= step) {
      clock.advance(Math.min(step, left));
      await settle(3);
    }
  };
  return { schedule, clock, runs, accepted, log, pass };
}

describe('Schedule', () => {
  it('runs everything within seconds of the start, then by cadence with a tenth of jitter', async () => {
    const { schedule, runs, pass } = running([{ name: 'a' }, { name: 'b', everyMs: 300_000 }]);
    schedule.start();
    await pass(3_000);
    expect(runs.map(({ name }) => name).sort()).toEqual(['a', 'b']);
    await pass(600_000);
    const gaps = runs.filter(({ name }) => name === 'a').map(({ at }, index, all) => at - (all[index - 1]?.at ?? at));
    expect(gaps.length).toBeGreaterThanOrEqual(9);
    for (const gap of gaps.slice(1)) {
      expect(gap).toBeGreaterThanOrEqual(54_000);
      expect(gap).toBeLessThanOrEqual(68_000);
    }
    expect(new Set(gaps.slice(1)).size).toBeGreaterThan(1);
    expect([2, 3]).toContain(runs.filter(({ name }) => name === 'b').length);
    schedule.stop();
  });

  it('one that fails or hangs does not stop the others, is logged once, and is tried again', async () => {
    let broken = true;
    const fails = async () => {
      if (broken) throw new Error('no such sensor');
      return 'well';
    };
    const { schedule, runs, accepted, log, pass } = running([
      { name: 'fails', collect: fails },
      { name: 'hangs', collect: () => new Promise(() => undefined) },
      { name: 'works' },
    ]);
    schedule.start();
    await pass(180_000);
    expect(accepted.slice(0, 3)).toEqual(['works', 'works', 'works']);
    expect(runs.filter(({ name }) => name === 'hangs')).toHaveLength(1);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
    broken = false;
    await pass(70_000);
    expect(accepted).toContain('well');
    schedule.stop();
  });

  it('a slow one of long cadence is tried again within minutes, not tomorrow', async () => {
    let times = 0;
    const collect = async () => {
      times++;
      if (times === 1) throw new Error('not yet');
      return 'later';
    };
    const { schedule, accepted, pass } = running([{ name: 'slow', everyMs: 86_400_000, collect }]);
    schedule.start();
    await pass(1_100_000);
    expect(accepted).toEqual(['later']);
    schedule.stop();
  });

  it('a value that cannot be handed on counts as failed and comes again', async () => {
    let refuse = true;
    const taken: unknown[] = [];
    const accept = (value: unknown) => {
      if (refuse) throw new Error('disk full');
      taken.push(value);
    };
    const { schedule, log, pass } = running([{ name: 'a', accept }]);
    schedule.start();
    await pass(5_000);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
    refuse = false;
    await pass(70_000);
    expect(taken).toEqual(['a']);
    schedule.stop();
  });

  it('after a night asleep each runs once, spread over half a minute, and not in a burst', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const { schedule, clock, runs, pass } = running(names.map((name) => ({ name })));
    schedule.start();
    await pass(3_000);
    clock.jump(8 * 3_600_000);
    const woke = runs.length;
    await pass(60_000, 500);
    await pass(35_000, 500);
    const after = runs.slice(woke);
    expect(new Set(after.map(({ name }) => name)).size).toBe(5);
    expect(after.length).toBeLessThanOrEqual(7);
    expect(new Set(after.map(({ at }) => at)).size).toBeGreaterThan(3);
    schedule.stop();
  });

  it('leaves no timer behind and drops what was under way when it stops', async () => {
    let finish: (value: unknown) => void = () => undefined;
    const collect = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const { schedule, clock, accepted, pass } = running([
      { name: 'a', collect, limitMs: 600_000 },
      { name: 'b', firstWithinMs: 60_000 },
    ]);
    schedule.start();
    await pass(2_000);
    schedule.stop();
    finish('too late');
    await settle();
    expect(accepted).not.toContain('too late');
    expect(clock.pending).toBe(0);
  });

  it('runs what is asked for at once, and then goes on by its cadence', async () => {
    const { schedule, runs, pass } = running([{ name: 'a' }, { name: 'b' }]);
    schedule.start();
    await pass(2_000);
    await schedule.runNow(['a']);
    expect(runs.filter(({ name }) => name === 'a')).toHaveLength(2);
    expect(runs.filter(({ name }) => name === 'b')).toHaveLength(1);
    await schedule.runNow();
    expect(runs).toHaveLength(5);
    await pass(53_000);
    expect(runs).toHaveLength(5);
    await pass(13_000);
    expect(runs).toHaveLength(7);
    schedule.stop();
  });

  it('runs what is under way once more when it is through, however often that is asked for', async () => {
    const reads: ((value: unknown) => void)[] = [];
    const collect = () => new Promise((resolve) => reads.push(resolve));
    const { schedule, accepted, pass } = running([{ name: 'a', collect }]);
    schedule.start();
    await pass(1_000);
    const asked = Promise.all([schedule.runNow(['a']), schedule.runNow(['a']), schedule.runNow()]);
    await settle();
    expect(reads).toHaveLength(1);
    reads[0]?.('before');
    await settle();
    expect(reads).toHaveLength(2);
    reads[1]?.('after');
    await asked;
    expect(accepted).toEqual(['before', 'after']);
    schedule.stop();
  });

  it('runs nothing on request before it starts and after it stopped', async () => {
    const { schedule, runs, clock } = running([{ name: 'a' }]);
    await schedule.runNow();
    schedule.start();
    schedule.stop();
    await schedule.runNow();
    expect(runs).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
