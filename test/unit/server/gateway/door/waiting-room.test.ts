import { expect, it } from 'vitest';
import { WaitingRoom } from '../../../../../server/gateway/door/waiting-room.ts';

const limits = { places: 4, waitMs: 8_000 };

it('serves whoever came first', () => {
  const room = new WaitingRoom<string>(limits);
  for (const name of ['a', 'b', 'c']) room.add(name, 0, false);
  expect([...room.empty()]).toEqual(['a', 'b', 'c']);
  expect(room.next()).toBeUndefined();
});

it('serves those from suspect addresses after the others, but for one turn in sixteen', () => {
  const room = new WaitingRoom<string>({ ...limits, places: 100 });
  for (let n = 0; n < 20; n++) room.add(`usual ${n}`, 0, false);
  for (let n = 0; n < 3; n++) room.add(`last ${n}`, 0, true);
  const order = [...room.empty()];
  expect(order).toHaveLength(23);
  expect(order.indexOf('last 0')).toBe(15);
  expect(order.slice(-2)).toEqual(['last 1', 'last 2']);
});

it('that is full sends away one of those served last, else whoever comes', () => {
  const room = new WaitingRoom<string>(limits);
  for (const name of ['a', 'b']) room.add(name, 0, false);
  for (const name of ['x', 'y']) room.add(name, 0, true);
  expect(room.add('z', 0, true)).toBe('z');
  expect(room.add('c', 0, false)).toBe('x');
  expect(room.add('d', 0, false)).toBe('y');
  expect(room.add('e', 0, false)).toBe('e');
  expect([...room.empty()]).toEqual(['a', 'b', 'c', 'd']);
});

it('sends away those that waited too long, of both kinds', () => {
  const room = new WaitingRoom<string>(limits);
  room.add('a', 0, false);
  room.add('x', 500, true);
  room.add('b', 1_000, false);
  expect([...room.overdue(7_999)]).toEqual([]);
  expect([...room.overdue(8_500)]).toEqual(['a', 'x']);
  expect(room.size).toBe(1);
});
