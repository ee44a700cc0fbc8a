import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HelpdeskDistrict, openHelpdesk, turn } from '../../../fakes/helpdesk-district.ts';
import { addDevice, addPerson } from '../../../fakes/rows.ts';

const dayMs = 86_400_000;
const kim = { actor: 'staff:Kim', staffId: 'kim' };

let desk: HelpdeskDistrict;

beforeEach(async () => {
  desk = await openHelpdesk();
});
afterEach(async () => {
  await desk.close();
  expect(desk.errors).toEqual([]);
});

const tickets = async (status: 'unsolved' | 'all' = 'unsolved') => (await desk.tickets.list({ status }, kim)).items;
const looked = async () => {
  await turn();
  await desk.automatic.settled();
};
const seen = async (id: string, at: number) =>
  await desk.db.updateTable('device').set({ last_seen_at: at }).where('id', '=', id).execute();
const drive = (smart: 'ok' | 'failing') => ({
  ...{ kind: 'health' as const, at: desk.clock.now(), collector: 'disks' as const },
  value: { volumes: [], drives: [{ name: 'nvme0n1', smart }] },
});
const tamper = (open: boolean) =>
  ({ kind: 'finding', at: desk.clock.now(), code: 'tamper', open, detail: 'firewall' }) as const;

describe('a device that is silent', () => {
  it('has one ticket after so many school days, which closes when it comes back', async () => {
    await seen('a', desk.clock.now());
    await desk.automatic.start();
    desk.clock.advance(13 * dayMs);
    await looked();
    expect(await tickets()).toEqual([]);
    // Ten school days after Monday the 5th end with the last bell of Monday the 19th.
    desk.clock.advance(dayMs + 8 * 3_600_000);
    await looked();
    expect(await tickets()).toMatchObject([
      { source: 'automatic', device: { id: 'a' }, person: { id: 'ada' }, firstReply: { state: 'none' } },
    ]);
    desk.clock.advance(2 * dayMs);
    await looked();
    expect(await tickets()).toHaveLength(1);
    desk.connected.add('a');
    desk.bus.publish('presence-changed', { deviceIds: ['a'], connected: true });
    await looked();
    const [closed] = await tickets('all');
    expect(closed?.status).toBe('closed');
    expect((await desk.tickets.read(closed?.id ?? '')).notes).toMatchObject([{ by: 'server', isToPerson: false }]);
  });

  it('has none while it is connected, in nobody’s hands, or where nobody wants it', async () => {
    await seen('a', 0);
    await seen('b', 0);
    await seen('c', 0);
    desk.connected.add('a');
    await desk.stores.custody.close('b', desk.clock.now(), 'returned');
    await desk.db.updateTable('device').set({ status: 'revoked' }).where('id', '=', 'c').execute();
    await desk.automatic.start();
    await looked();
    expect(await tickets()).toEqual([]);
    desk.connected.delete('a');
    await desk.configure((was) => ({ ...was, automatic: { ...was.automatic, silentDays: null } }));
    await looked();
    expect(await tickets()).toEqual([]);
  });

  it('has no second ticket when staff closed the first and it is still silent', async () => {
    await seen('a', 0);
    await desk.automatic.start();
    await looked();
    const [ticket] = await tickets();
    await desk.tickets.change(ticket?.id ?? '', { version: 1, status: 'closed' }, kim);
    desk.clock.advance(2 * dayMs);
    await looked();
    expect(await tickets('all')).toHaveLength(1);
  });

  it('is remembered over a restart of the server', async () => {
    await seen('a', 0);
    await desk.automatic.start();
    await looked();
    await desk.automatic.stop();
    const again = desk.anotherAutomatic();
    await again.start();
    await again.settled();
    await again.stop();
    expect(await tickets('all')).toHaveLength(1);
  });

  it('is not alone: a school that falls silent has one ticket for all', async () => {
    for (let index = 0; index < 30; index += 1) {
      await addPerson(desk.db, `p${index}`, { org_id: 'maple' });
      await addDevice(desk.db, `d${index}`, { last_seen_at: 0 });
      await desk.stores.custody.open({
        ...{ id: `c${index}`, deviceId: `d${index}`, personId: `p${index}`, kind: 'primary', at: 1, by: 'x' },
      });
    }
    await desk.automatic.start();
    await looked();
    expect(await tickets()).toMatchObject([{ device: null, person: null, org: { id: 'maple' }, category: 'network' }]);
    await desk.db.updateTable('device').set({ last_seen_at: desk.clock.now() }).where('id', '!=', 'd0').execute();
    desk.clock.advance(3_600_000);
    await looked();
    expect(await tickets()).toMatchObject([{ device: { id: 'd0' } }]);
  });
});

describe('what a device reports', () => {
  it('of a drive that will fail is one ticket, however often it is said', async () => {
    await desk.automatic.start();
    await looked();
    for (let count = 0; count < 3; count += 1) {
      await desk.report('a', [drive('failing')]);
      await looked();
    }
    expect(await tickets()).toMatchObject([{ device: { id: 'a' }, priority: 'high' }]);
    await desk.report('a', [drive('ok')]);
    await looked();
    expect(await tickets()).toEqual([]);
  });

  it('of tampering is a matter of security, and stays open once somebody works on it', async () => {
    await desk.automatic.start();
    await desk.report('b', [tamper(true)]);
    await looked();
    const [ticket] = await tickets();
    expect(ticket).toMatchObject({ category: 'security', device: { id: 'b' } });
    await desk.tickets.change(ticket?.id ?? '', { version: 1, assigneeId: 'lee' }, kim);
    await desk.report('b', [tamper(false)]);
    await looked();
    const after = await desk.tickets.read(ticket?.id ?? '');
    expect(after).toMatchObject({ status: 'open', notes: [{ by: 'server' }] });
    await desk.report('b', [tamper(true)]);
    await looked();
    expect(await tickets()).toHaveLength(1);
  });

  it('is nothing to a district that does not want such tickets', async () => {
    await desk.configure((was) => ({ ...was, automatic: { silentDays: null, failingDisk: false, tamper: false } }));
    await desk.automatic.start();
    await desk.report('a', [drive('failing'), tamper(true)]);
    await looked();
    expect(await tickets()).toEqual([]);
  });
});
