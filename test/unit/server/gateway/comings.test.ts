import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Bus } from '../../../../server/bus.ts';
import { Comings } from '../../../../server/gateway/comings.ts';

function heardBy(bus: Bus): unknown[] {
  const heard: unknown[] = [];
  bus.subscribe('presence-changed', ({ deviceIds, connected }) => void heard.push([connected, ...deviceIds]));
  bus.subscribe('device-welcomed', ({ deviceIds }) => void heard.push(['welcomed', ...deviceIds]));
  return heard;
}

it('tells all of one turn at once, in the order it happened', async () => {
  const bus = new Bus((error) => expect.fail(String(error)));
  const heard = heardBy(bus);
  const comings = new Comings(bus);
  for (const id of ['a', 'b']) comings.moved(id, true);
  for (const id of ['a', 'b', 'c']) comings.welcomed(id);
  comings.moved('a', false);
  comings.moved('a', true);
  expect(heard).toEqual([]);
  await setImmediate();
  expect(heard).toEqual([
    [true, 'a', 'b'],
    [false, 'a'],
    [true, 'a'],
    ['welcomed', 'a', 'b', 'c'],
  ]);
  await setImmediate();
  expect(heard).toHaveLength(4);
});

it('tells what waits when it is asked to, and no second time', async () => {
  const bus = new Bus((error) => expect.fail(String(error)));
  const heard = heardBy(bus);
  const comings = new Comings(bus);
  comings.moved('a', false);
  comings.tell();
  await setImmediate();
  expect(heard).toEqual([[false, 'a']]);
});
