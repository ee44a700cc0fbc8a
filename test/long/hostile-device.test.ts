import { expect, it } from 'vitest';
import { HostileRun } from '../fakes/hostile-run.ts';

/** Of each of twelve kinds, and three times as many of two: more than a million in all. */
const keysOfEach = 64_000;

it('a million distinct keys of one device fill nothing, and another device is served all the time', {
  timeout: 900_000,
}, async () => {
  const run = await HostileRun.start();
  try {
    const before = run.rowsOfOthers();
    await run.invent(keysOfEach);
    run.expectBounded();
    expect(run.rowsOfOthers()).toEqual(before);
    await run.expectPages();
  } finally {
    await run.stop();
  }
});
