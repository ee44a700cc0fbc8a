import { expect, it } from 'vitest';
import { Room } from '../../../../server/gateway/room.ts';

it('is full above its limit, and has room again when half of it is free; both are told once', () => {
  const room = new Room(100);
  const turns: boolean[] = [];
  const unsubscribe = room.onTurn((isFull) => turns.push(isFull));
  room.take(100);
  expect(room.isFull).toBe(false);
  room.take(1);
  room.take(50);
  expect([room.isFull, turns]).toEqual([true, [true]]);
  room.release(100);
  expect(room.isFull).toBe(true);
  room.release(1);
  expect([room.isFull, room.taken, turns]).toEqual([false, 50, [true, false]]);
  unsubscribe();
  room.take(200);
  expect(turns).toEqual([true, false]);
});
