import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedTickets } from '../../../../server/demo/tickets.ts';
import { type HelpdeskDistrict, openHelpdesk } from '../../../fakes/helpdesk-district.ts';

const kim = { actor: 'staff:Kim', staffId: 'kim' };
const hourMs = 3_600_000;

let desk: HelpdeskDistrict;

beforeEach(async () => {
  desk = await openHelpdesk();
});
afterEach(async () => {
  await desk.close();
});

describe('what rollouts count', () => {
  it('is tickets of people since a device was given the new one, beside as long before', async () => {
    const given = desk.clock.now();
    await desk.db
      .insertInto('rollout')
      .values({
        ...{ id: 'r', kind: 'policy', title: 'R', items: '[]', plan: '{}', state: 'running', ring: 1, since: given },
        ...{ reason: null, returned: 0, ring_sizes: '[]', started_at: given, ended_at: null, by_actor: 'x' },
      })
      .execute();
    for (const device_id of ['a', 'b', 'c'])
      await desk.db
        .insertInto('rollout_device')
        .values({ rollout_id: 'r', device_id, ring: 1, given_at: given, before: null })
        .execute();
    const open = async (at: number, deviceId: string) =>
      await desk.ticketsAt(at).create({ subject: 'Slow', category: 'slow', deviceId }, kim);
    await open(given - hourMs, 'a');
    await open(given - 9 * hourMs, 'a');
    await open(given + hourMs, 'b');
    await open(given + 2 * hourMs, 'b');
    const automatic = {
      subject: 'Silent',
      words: '',
      category: 'other',
      priority: 'low',
      source: 'automatic',
    } as const;
    await desk.desk.open({ ...automatic, by: 'server', cause: 'silent c', deviceId: 'c', personId: null });
    expect(await desk.stores.rolloutFacts.tickets('r', given, given + 4 * hourMs)).toEqual(
      new Map([
        ['a', { since: 0, before: 1 }],
        ['b', { since: 2, before: 0 }],
      ]),
    );
  });
});

describe('the tickets of the sample district', () => {
  it('have a past: some solved, some waiting, some late, some fresh', async () => {
    const people = ['ada', 'bob', 'cy'].map((personId) => ({ personId }));
    await seedTickets(desk, people, desk.clock.now());
    const { items } = await desk.tickets.list({ status: 'all' }, kim);
    expect(items.map(({ status }) => status).sort()).toEqual([
      ...['new', 'new', 'new', 'new', 'resolved', 'resolved', 'resolved', 'waiting', 'waiting'],
    ]);
    expect(new Set(items.map(({ resolution }) => resolution.state))).toEqual(
      new Set(['late', 'met', 'paused', 'running']),
    );
    expect(Date.parse(items.at(-1)?.openedAt ?? '')).toBeLessThan(desk.clock.now() - 10 * 24 * hourMs);
  });
});
