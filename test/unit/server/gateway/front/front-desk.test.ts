import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../../../../server/gateway/connection.ts';
import { FrontDesk } from '../../../../../server/gateway/front/front-desk.ts';
import type { Identity } from '../../../../../server/store/certificates.ts';

const identity = {
  ...{ deviceId: 'd1', deviceName: 'Laptop', deviceStatus: 'active', certificateStatus: 'active' },
  ...{ serial: '01AB', fingerprint: 'f'.repeat(64), notAfter: 1_800_000_000_000 },
} satisfies Identity;

/** A desk with two connections, 1 and 2, that write down what is done to them. */
function deskOfTwo() {
  const done: string[] = [];
  const link = { send: vi.fn(), isFull: false };
  const desk = new FrontDesk(link, () => done.push('all go on'));
  for (const number of [1, 2]) {
    const connection = {
      send: (frame: Buffer) => done.push(`${number} ${frame}`),
      wait: () => done.push(`${number} waits`),
    };
    desk.open(connection as unknown as Connection, identity, undefined);
  }
  return { done, link, desk, heard: desk.hears() };
}

let two: ReturnType<typeof deskOfTwo>;
beforeEach(() => {
  two = deskOfTwo();
  two.heard.keep(1, Buffer.from('state'));
});

describe('the desk of a front', () => {
  it('lets wait whoever is given what many are given while it is to hush, and nobody else', () => {
    const { heard, done } = two;
    heard.hush(1);
    heard.fan(1, [2]);
    heard.send(4, Buffer.from('words'));
    expect(done).toEqual(['1 state', '1 waits', '2 words']);
    heard.hush(0);
    heard.fan(1, [4]);
    expect(done.slice(3)).toEqual(['all go on', '2 state']);
  });

  it('lets nobody go on while any reason to wait is left', () => {
    const { heard, done, desk, link } = two;
    heard.hush(1);
    expect(desk).toMatchObject({ isFull: false, mayGoOn: false });
    heard.full(1);
    heard.full(0);
    desk.room();
    heard.full(1);
    heard.hush(0);
    link.isFull = true;
    heard.full(0);
    expect(done).toEqual([]);
    link.isFull = false;
    desk.room();
    expect(done).toEqual(['all go on']);
  });
});
