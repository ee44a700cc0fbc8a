import { expect, it } from 'vitest';
import { Grouped } from '../../../server/grouped.ts';

/** Answers each with ten times itself, and keeps the groups; of a group with `bad` in it nothing is answered. */
function grouped(most: number, bad?: number) {
  const groups: number[][] = [];
  const asked = new Grouped<number, number>(async (items) => {
    groups.push([...items]);
    if (bad !== undefined && items.includes(bad)) throw new Error(`${bad} is bad`);
    return items.map((item) => item * 10);
  }, most);
  return { groups, asked };
}

it('answers what is asked at once by one piece of work, each its own', async () => {
  const { groups, asked } = grouped(10);
  expect(await Promise.all([1, 2, 3].map((item) => asked.ask(item)))).toEqual([10, 20, 30]);
  expect(groups).toEqual([[1, 2, 3]]);
  expect(await asked.ask(4)).toBe(40);
});

it('keeps groups small and in order, and what comes meanwhile goes into the next', async () => {
  const { groups, asked } = grouped(2);
  const late = asked.ask(1).then(() => asked.ask(4));
  expect(await Promise.all([asked.ask(2), asked.ask(3), late])).toEqual([20, 30, 40]);
  expect(groups).toEqual(
    [
      [1, 2],
      [3, 4],
    ].slice(0, groups.length),
  );
  expect(groups.flat()).toEqual([1, 2, 3, 4]);
});

it('lets nobody suffer for another', async () => {
  const { asked } = grouped(10, 2);
  const answers = await Promise.allSettled([1, 2, 3].map((item) => asked.ask(item)));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await asked.ask(5)).toBe(50);
});
