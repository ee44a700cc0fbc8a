import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ApiTokenService } from '../../../server/access/api-tokens.ts';
import { SignIn, sessionMs } from '../../../server/access/sign-in.ts';
import { Guard } from '../../../server/api/guard.ts';
import { LiveConsole } from '../../../server/api/live.ts';
import { LiveTickets } from '../../../server/api/live-tickets.ts';
import { Bus } from '../../../server/bus.ts';
import type { Gateway } from '../../../server/services.ts';
import { openStore } from '../../../server/store/open.ts';
import { StaffStore } from '../../../server/store/staff.ts';
import { FakeClock, SeededRandom } from '../../fakes/clock.ts';

const origin = 'https://console.example';
const staff = { id: 's', name: 'Ada', email: 'ada@example.org', password_hash: 'x', created_at: 0, disabled_at: null };
const nobodyConnected: Gateway = {
  isConnected: () => false,
  connectedCount: () => 0,
  connectedIds: () => [],
  watch: () => () => undefined,
};

describe('a live socket', () => {
  const clock = new FakeClock();
  const random = new SeededRandom(5);
  const ends: (() => unknown)[] = [];
  let signIn: SignIn;
  let token: string;
  let closed: number | undefined;

  beforeEach(async () => {
    const db = await openStore(':memory:');
    const store = new StaffStore(db);
    await store.addFirst(staff);
    signIn = new SignIn(store, { add: async () => undefined }, clock, random);
    token = await signIn.openSession(staff.id);
    const tickets = new LiveTickets(clock, random);
    const live = new LiveConsole(new Bus(() => undefined), nobodyConnected, tickets, signIn, clock);
    const app = fastify();
    await live.register(app, new Guard(signIn, {} as ApiTokenService, 'key', [origin]));
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    live.start();
    const url = `${address.replace('http', 'ws')}/api/live?ticket=${tickets.issue(token)}`;
    const socket = new WebSocket(url, { origin });
    closed = undefined;
    socket.on('close', (code) => {
      closed = code;
    });
    await new Promise((resolve) => socket.once('open', resolve));
    await vi.waitFor(() => expect(live.count).toBe(1));
    ends.push(
      () => live.stop(),
      () => app.close(),
      () => db.destroy(),
    );
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it('stays while its session lasts', async () => {
    clock.advance(60_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).toBeUndefined();
  });

  it('ends within half a minute when its session was signed out', async () => {
    await signIn.endSession(token);
    clock.advance(30_000);
    await vi.waitFor(() => expect(closed).toBe(1008));
  });

  it('ends when its session has run out', async () => {
    clock.advance(sessionMs + 30_000);
    await vi.waitFor(() => expect(closed).toBe(1008));
  });
});
