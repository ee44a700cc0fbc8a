import { beforeEach, expect, it } from 'vitest';
import { FreshLook } from '../../../agent/fresh-look.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { FakeLog } from '../../fakes/log.ts';

let clock: FakeClock;
let log: FakeLog;
let looks: PromiseWithResolvers<unknown>[];
let fresh: FreshLook;

beforeEach(() => {
  clock = new FakeClock();
  log = new FakeLog();
  looks = [];
  const look = () => {
    const begun = Promise.withResolvers<unknown>();
    looks.push(begun);
    return begun.promise;
  };
  fresh = new FreshLook({ look, clock, log });
});

const settled = () => new Promise((resolve) => setImmediate(resolve));
async function lookOnce(): Promise<void> {
  fresh.ask();
  looks.at(-1)?.resolve(undefined);
  await settled();
}

it('looks once for all who ask while it looks, and says when it was through', async () => {
  expect([fresh.ask(), fresh.ask()]).toEqual(['begun', 'begun']);
  expect([looks.length, fresh.isUnderWay, fresh.endedAt]).toEqual([1, true, undefined]);
  clock.advance(700);
  looks[0]?.resolve(undefined);
  await settled();
  expect([fresh.isUnderWay, fresh.endedAt]).toEqual([false, clock.now()]);
});

it('looks at most every five seconds, and thirty times an hour', async () => {
  await lookOnce();
  clock.advance(4_999);
  expect(fresh.ask()).toBe('tooSoon');
  clock.advance(1);
  for (let i = 0; i < 29; i += 1) {
    await lookOnce();
    clock.advance(6_000);
  }
  expect(fresh.ask()).toBe('tooOften');
  expect(looks).toHaveLength(30);
  clock.advance(3_600_000);
  expect(fresh.ask()).toBe('begun');
});

it('gives up a look that hangs after a minute, so that another may be asked for', async () => {
  fresh.ask();
  clock.advance(60_000);
  await settled();
  expect(fresh.isUnderWay).toBe(false);
  expect(fresh.ask()).toBe('begun');
});

it('waits for the look only as long as it is told', async () => {
  fresh.ask();
  const waited = fresh.through(3_500);
  clock.advance(3_500);
  await waited;
  expect(fresh.isUnderWay).toBe(true);
});

it('ends with a look that failed, and says so in the log', async () => {
  fresh.ask();
  looks[0]?.reject(new Error('no such program'));
  await settled();
  expect(fresh.isUnderWay).toBe(false);
  expect(log.errors).toHaveLength(1);
});
