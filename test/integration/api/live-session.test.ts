import fastify from 'fastify';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ApiTokenService } from '../../../server/access/api-tokens.ts';
import { Authoriser } from '../../../server/access/authorise.ts';
import { Sessions } from '../../../server/access/sessions.ts';
import { Guard } from '../../../server/api/guard.ts';
import { LiveConsole } from '../../../server/api/live.ts';
import { LiveSight } from '../../../server/api/live-sight.ts';
import { LiveTickets } from '../../../server/api/live-tickets.ts';
import { Bus } from '../../../server/bus.ts';
import type { Diagnoses } from '../../../server/services.ts';
import { GrantStore } from '../../../server/store/grants.ts';
import { ObjectStore } from '../../../server/store/objects.ts';
import { openStore } from '../../../server/store/open.ts';
import { StaffStore } from '../../../server/store/staff.ts';
import { StaffSessionStore } from '../../../server/store/staff-sessions.ts';
import { FakeClock, SeededRandom } from '../../fakes/clock.ts';
import { add } from '../../fakes/two-schools.ts';

const origin = 'https://console.example';
const staff = { id: 's', name: 'Ada', email: 'ada@example.org', password_hash: 'x', created_at: 0, disabled_at: null };
const hour = 3_600_000;

describe('a live socket', () => {
  const clock = new FakeClock();
  const random = new SeededRandom(5);
  const ends: (() => unknown)[] = [];
  let sessions: Sessions;
  let token: string;
  let closed: number | undefined;
  let watched: number;
  let db: Awaited<ReturnType<typeof openStore>>;
  let bus: Bus;
  let open: (sessionToken: string) => WebSocket;

  beforeEach(async () => {
    db = await openStore(':memory:');
    const store = new StaffStore(db);
    await store.addFirst(staff);
    bus = new Bus(() => undefined);
    const events = { add: async () => undefined };
    const limits = { idleMs: hour, lifeMs: 12 * hour };
    sessions = new Sessions({ store: new StaffSessionStore(db), events, bus, clock, random, ...limits });
    token = await sessions.open(staff.id, 'passkey', { address: '', browser: '' }, true);
    const tickets = new LiveTickets(clock, random);
    const authoriser = new Authoriser(new GrantStore(db), new ObjectStore(db));
    const sight = new LiveSight(authoriser);
    watched = 0;
    const diagnoses: Pick<Diagnoses, 'watch'> = {
      watch: async () => {
        watched += 1;
        return () => {
          watched -= 1;
        };
      },
    };
    const live = new LiveConsole(bus, diagnoses, tickets, sessions, clock, sight);
    const app = fastify();
    await live.register(app, new Guard(sessions, {} as ApiTokenService, authoriser, 'key', [origin]));
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    live.start();
    open = (sessionToken) => {
      const url = `${address.replace('http', 'ws')}/api/live?ticket=${tickets.issue(sessionToken)}`;
      return new WebSocket(url, { origin });
    };
    const socket = open(token);
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
    clock.jump(hour / 2);
    clock.advance(30_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).toBeUndefined();
  });

  it('ends at once when its session was signed out', async () => {
    await sessions.signOut(token);
    await vi.waitFor(() => expect(closed).toBe(1008));
  });

  it('ends at once when every session of the account is ended', async () => {
    await sessions.endAll(staff.id, 'command line');
    await vi.waitFor(() => expect(closed).toBe(1008));
  });

  it('shows a device no longer to somebody who may not look at it any more', async () => {
    await add(db, 'staff', { id: 't', name: 'Tim', email: 'tim@example.org', signs_for: '[]' });
    await add(db, 'staff_grant', { staff_id: 't', role: 'helpdesk', org_id: '' });
    await add(db, 'ticket', { id: 'k', number: 1 });
    await add(db, 'device', { id: 'd', hardware_id: 'h' });
    await add(db, 'diagnosis', { id: 'g', ticket_id: 'k', device_id: 'd', by_staff: 't' });
    const tims = open(await sessions.open('t', 'passkey', { address: '', browser: '' }, true));
    const heard: string[] = [];
    tims.on('message', (frame) => heard.push(String(frame)));
    await new Promise((resolve) => tims.once('open', resolve));
    tims.send(JSON.stringify({ type: 'watch', diagnosisId: 'g', stream: 'processes' }));
    await vi.waitFor(() => expect(watched).toBe(1));
    bus.publish('staff-changed', { staffIds: ['t'] });
    await sql`delete from staff_grant where staff_id = 't'`.execute(db);
    bus.publish('staff-changed', { staffIds: ['t'] });
    await vi.waitFor(() => expect(watched).toBe(0));
    await vi.waitFor(() => expect(heard.join()).toContain('You may not look at this device any more.'));
    expect(tims.readyState).toBe(WebSocket.OPEN);
  });

  it('is refused to a session that lacks its second factor', async () => {
    const half = open(await sessions.open(staff.id, 'password', { address: '', browser: '' }, false));
    expect(await new Promise((resolve) => half.once('close', resolve))).toBe(1008);
  });

  it('ends when its session has run out', async () => {
    clock.jump(hour);
    clock.advance(30_000);
    await vi.waitFor(() => expect(closed).toBe(1008));
  });
});
