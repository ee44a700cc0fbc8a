import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPublishing } from '../../../../server/changes/publishing-settings.ts';
import { freshCalendar } from '../../../../shared/calendar/fresh.ts';
import { reportedBy } from '../../../fakes/reported.ts';
import { halves, openRolloutDesk, type RolloutDesk } from '../../../fakes/rollout-desk.ts';

const hour = 60;

describe('a rollout', () => {
  let desk: RolloutDesk;
  let id: string;

  beforeEach(async () => {
    desk = await openRolloutDesk();
    await desk.furnish();
    id = await desk.publish();
  });
  afterEach(async () => {
    expect(desk.errors).toEqual([]);
    await desk.close();
  });

  const state = async () => (await desk.rollouts.read(id)).rollout;
  const decided = async () =>
    (await desk.rollouts.read(id)).decisions.map(({ from, to, ring }) => `${from} → ${to} ${ring}`);
  const rest = async () => (await desk.lockMinutes()).get(10) ?? [];
  const act = (action: 'pause' | 'resume' | 'stop' | 'finish' | 'roll-back') =>
    desk.rollouts.act(id, action, 'because of exams', 'staff:Kim');

  it('gives its first ring the new revision at once, and says so', async () => {
    expect(await desk.given()).toHaveLength(10);
    expect(await rest()).toHaveLength(90);
    expect(await state()).toMatchObject({
      state: 'running',
      ring: 1,
      rings: 3,
      devices: 100,
      given: 10,
      by: 'staff:Kim',
    });
    expect(await decided()).toEqual(['draft → running 1']);
    expect(desk.district.said.at(-1)).toMatchObject({ code: 'rollout-ring-opened', subject: { kind: 'rollout', id } });
  });

  it('goes from ring to ring while devices verify it, and arrives', async () => {
    const heard = desk.district.hear('rollouts-changed');
    for (const given of [50, 100]) {
      await desk.report(await desk.given());
      await desk.later(hour);
      expect(await desk.given()).toHaveLength(given);
    }
    await desk.report(desk.ids);
    await desk.later(hour);
    expect(await state()).toMatchObject({ state: 'completed', ring: 3, given: 100 });
    expect((await decided())[0]).toBe('running → completed 3');
    expect(await desk.given()).toHaveLength(100);
    expect(heard.length).toBeGreaterThanOrEqual(3);
  });

  it('does not go on before its soak is over, nor before enough have answered', async () => {
    await desk.report(await desk.given());
    await desk.later(hour - 1);
    expect(await state()).toMatchObject({ state: 'running', ring: 1 });
    expect(await desk.rollouts.read(id)).toMatchObject({
      nextAt: new Date(desk.clock.now() + 60_000).toISOString(),
      nextWords: expect.stringMatching(/watched for 0\.1 school hours? more/),
    });
  });

  it('waits for a person where too few answer, and goes on at a word', async () => {
    await desk.report((await desk.given()).slice(0, 4));
    await desk.later(hour);
    expect(await state()).toMatchObject({ state: 'running', ring: 1 });
    await desk.later(2 * hour);
    expect(await state()).toMatchObject({ state: 'paused', reason: expect.stringContaining('4 of at least 5') });
    await act('resume');
    expect(await state()).toMatchObject({ state: 'running', ring: 1, reason: null });
  });

  it('halts by itself when devices fail with it, and those who had it hold the earlier content again', async () => {
    await desk.report(await desk.given());
    await desk.later(hour);
    const halted = desk.district.hear('rollout-halted');
    const given = await desk.given();
    await desk.report(given.slice(0, 30), 'failed');
    await desk.report(given.slice(30));
    await desk.later(1);
    expect(await state()).toMatchObject({
      state: 'halted',
      ring: 2,
      given: 0,
      reason: expect.stringContaining('30 of 50'),
    });
    expect(halted).toEqual([{ rolloutId: id }]);
    expect(await rest()).toHaveLength(100);
    const view = await desk.rollouts.read(id);
    expect(view.gates.find(({ gate }) => gate === 'failed-sections')).toMatchObject({
      ...{ asked: 50, before: 0, after: 30, worsened: 30, verdict: 'bad', elsewhere: { asked: 50, after: 0 } },
    });
    expect(view.decisions[0]).toMatchObject({ by: 'server', from: 'running', to: 'halted', gates: view.gates });
    expect(view.nextWords).toContain('the earlier one again');
    await desk.later(100 * hour);
    expect(await state()).toMatchObject({ state: 'halted' });
  });

  it('does not halt for what failed before, nor for what fails everywhere', async () => {
    await desk.close();
    desk = await openRolloutDesk();
    await desk.furnish();
    await desk.report(desk.ids, 'failed');
    id = await desk.publish();
    await desk.report(await desk.given(), 'failed');
    await desk.later(hour);
    expect(await state()).toMatchObject({ state: 'running', ring: 2 });
  });

  it('halts when the agent crashes on devices that have it', async () => {
    await desk.health(desk.ids, {});
    await desk.report(await desk.given());
    await desk.later(hour);
    const given = await desk.given();
    await desk.report(given);
    desk.clock.advance(60_000);
    await desk.health(given.slice(0, 25), { crashedAt: desk.clock.now() });
    await desk.later(1);
    expect(await state()).toMatchObject({ state: 'halted', reason: expect.stringContaining('Crashes of the agent') });
  });

  it('goes on at a person’s word after a halt, judged anew from then on', async () => {
    await desk.report(await desk.given(), 'failed');
    await desk.later(1);
    expect(await state()).toMatchObject({ state: 'halted' });
    await act('resume');
    expect(await state()).toMatchObject({ state: 'running', ring: 1, given: 10 });
    expect(await desk.given()).toHaveLength(10);
    await desk.report(await desk.given());
    await desk.later(hour);
    expect(await state()).toMatchObject({ state: 'running', ring: 2 });
  });

  it('keeps what it has given where the plan says so, and accepts it when it goes on', async () => {
    await act('roll-back');
    desk.clock.advance(1);
    id = await desk.publish({ ...halves, onHalt: 'hold' });
    await desk.report(await desk.given(), 'failed');
    await desk.later(1);
    expect(await state()).toMatchObject({ state: 'halted', given: 10 });
    expect(await desk.given()).toHaveLength(10);
    const view = await desk.rollouts.read(id);
    expect(view.rings[0]).toMatchObject({ given: 10, failed: 10, verified: 0 });
    expect(view).toMatchObject({ nextAt: null, nextWords: expect.stringContaining('those who have it keep it') });
    await act('resume');
    await desk.later(hour);
    expect(await state()).toMatchObject({ state: 'running', ring: 2 });
  });

  it('is stopped by hand as by itself', async () => {
    await act('stop');
    expect(await state()).toMatchObject({ state: 'halted', reason: 'because of exams', given: 0 });
    expect(await rest()).toHaveLength(100);
    await expect(act('stop')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('pauses: no ring follows, and those who have it keep it', async () => {
    await act('pause');
    await desk.report(await desk.given());
    await desk.later(10 * hour);
    expect(await state()).toMatchObject({ state: 'paused', ring: 1, reason: 'because of exams' });
    expect(await desk.given()).toHaveLength(10);
    await act('resume');
    await desk.later(hour);
    expect(await state()).toMatchObject({ state: 'running', ring: 2 });
  });

  it('still halts while it is paused', async () => {
    await act('pause');
    await desk.report(await desk.given(), 'failed');
    await desk.later(1);
    expect(await state()).toMatchObject({ state: 'halted' });
  });

  it('is given to everybody at a word', async () => {
    await act('finish');
    expect(await state()).toMatchObject({ state: 'completed', given: 100 });
    expect(await desk.given()).toHaveLength(100);
    await expect(act('roll-back')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is rolled back for good: the earlier revision is the published one, and another may go out', async () => {
    await act('roll-back');
    expect(await state()).toMatchObject({ state: 'rolled-back', given: 0 });
    expect(await rest()).toHaveLength(100);
    expect((await desk.stores.profiles.findByName('Locks'))?.published?.number).toBe(1);
    expect((await desk.rollouts.read(id)).decisions[0]).toMatchObject({ by: 'staff:Kim', words: 'because of exams' });
    desk.clock.advance(1);
    await desk.publish();
    expect(await desk.given()).toHaveLength(10);
  });

  it('refuses a second one of the same profile while it is under way, and changes nothing', async () => {
    await expect(desk.publish()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Lock sooner'),
    });
    expect((await desk.stores.profiles.findByName('Locks'))?.published?.number).toBe(2);
  });

  it('that takes something away waits for its devices as any other', async () => {
    await act('roll-back');
    desk.clock.advance(1);
    const removal = await desk.publish(halves, {});
    expect((await desk.lockMinutes()).get(undefined)).toHaveLength(10);
    const ring = async () => (await desk.rollouts.read(removal)).rollout.ring;
    await desk.later(hour);
    expect(await ring()).toBe(1);
    await desk.report((await desk.lockMinutes()).get(undefined) ?? []);
    await desk.later(1);
    expect(await ring()).toBe(2);
  });

  it('pauses and says why when the calendar has no school hours to watch it in', async () => {
    await desk.district.stores.calendars.save(null, { ...freshCalendar('UTC'), bells: [] }, 1);
    await desk.report(await desk.given());
    await desk.later(1);
    expect(await state()).toMatchObject({
      ...{ state: 'paused', ring: 1, reason: expect.stringContaining('no school hours to watch it in') },
    });
  });

  it('opens no further ring in a freeze that began after it, and goes on when that is over', async () => {
    const [documents, now] = [desk.district.stores.documents, desk.district.clock.now()];
    const { settings, version } = await readPublishing(documents);
    const instant = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
    const freezes = [{ title: 'State testing', from: instant(1), to: instant(3 * hour) }];
    await documents.save('publishing', { ...settings, freezes }, version, now);
    await desk.report(await desk.given());
    await desk.later(2 * hour);
    expect(await desk.given()).toHaveLength(10);
    expect((await desk.rollouts.read(id)).nextWords).toBe('It waits for the freeze “State testing” to end.');
    await desk.later(1.5 * hour);
    expect(await desk.given()).toHaveLength(50);
  });

  it('is halted although another one cannot be looked at', async () => {
    await desk.report(await desk.given(), 'failed');
    const { district } = desk;
    const broken = { kind: 'policy', title: 'Broken', items: '[]', plan: JSON.stringify(halves), ring_sizes: '[1]' };
    const running = { state: 'running', ring: 1, since: 1, reason: null, returned: 0, started_at: 1, ended_at: null };
    await district.db
      .insertInto('rollout')
      .values({ id: 'broken', ...broken, ...running, by_actor: 'test', change_id: null })
      .execute();
    const [device_id = ''] = desk.ids;
    const place = { rollout_id: 'broken', device_id, ring: 1, given_at: 1, before: 'no JSON' };
    await district.db.insertInto('rollout_device').values(place).execute();
    await desk.later(1);
    expect(await state()).toMatchObject({ state: 'halted' });
    expect(desk.errors.splice(0)).toMatchObject([{ name: 'SyntaxError' }]);
  });

  it('forgets after a time which devices took part in what has ended, also while the server goes on', async () => {
    await act('finish');
    const places = async () => (await desk.stores.rollouts.places(id, '', 200)).length;
    await desk.later(1);
    await desk.district.db
      .updateTable('rollout')
      .set({ ended_at: desk.clock.now() - 91 * 24 * hour * 60_000 })
      .execute();
    await desk.later(1);
    expect(await places()).toBe(100);
    await desk.later(24 * hour);
    expect(await places()).toBe(0);
  });

  it('counts without a device that was revoked, and gives one that joined the last ring’s', async () => {
    await desk.report(await desk.given());
    const [first = ''] = await desk.given();
    await desk.district.db.updateTable('device').set({ status: 'revoked' }).where('id', '=', first).execute();
    await desk.district.addDevices(['newcomer']);
    desk.district.bus.publish('device-changed', { deviceIds: [first, 'newcomer'] });
    await desk.later(1);
    const view = await desk.rollouts.read(id);
    expect(view.rings[0]).toMatchObject({ devices: 9, given: 9, verified: 9, failed: 0, offline: 0 });
    const [locks] = await desk.stores.rollouts.underWay();
    expect([locks?.has('newcomer'), locks?.has(first)]).toEqual([false, true]);
    await act('finish');
    expect(await desk.stores.rollouts.underWay()).toEqual([]);
  });

  it('keeps its rings while people and devices move', async () => {
    const before = await desk.given();
    for (const one of before) await desk.district.give(one, 'ada');
    await desk.later(1);
    expect(await desk.given()).toEqual(before);
  });

  it('is shown ring by ring', async () => {
    await desk.report((await desk.given()).slice(0, 6));
    for (const one of (await desk.given()).slice(6)) desk.connected.delete(one);
    await desk.later(30);
    const view = await desk.rollouts.read(id);
    expect(view.rings).toMatchObject([
      { title: '10 % of the devices', devices: 10, given: 10, verified: 6, offline: 4, soakedHours: 0.5, soakHours: 1 },
      { title: '50 % of the devices', devices: 40, given: 0, openedAt: null, soakedHours: 0 },
      { title: 'All devices', devices: 50, given: 0 },
    ]);
    expect(await desk.rollouts.list({})).toMatchObject({ total: 1, items: [{ id, given: 10 }] });
    expect(await desk.rollouts.list({ live: false })).toMatchObject({ total: 0, items: [] });
  });

  it('is looked at each minute by itself, and soon when devices report', async () => {
    await desk.rollouts.start();
    await desk.report(await desk.given(), 'failed');
    const halted = desk.district.hear('rollout-halted');
    desk.district.bus.publish('reported', reportedBy(desk.ids[0] ?? '', ['reported']));
    desk.clock.advance(10_000);
    await expect.poll(() => halted.length, { timeout: 10_000 }).toBe(1);
  });
});

describe('pages of rollouts', () => {
  it('show those under way first, then the newest', async () => {
    const desk = await openRolloutDesk({ devices: 3 });
    await desk.furnish();
    const ended: string[] = [];
    for (let n = 0; n < 3; n++) {
      const id = await desk.publish(halves, { screenLock: { idleMinutes: 20 + n } });
      await desk.rollouts.act(id, 'finish', 'because', 'staff:Kim');
      ended.unshift(id);
      desk.clock.advance(1000);
    }
    const live = await desk.publish();
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await desk.rollouts.list({ limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      expect(page.total).toBe(4);
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual([live, ...ended]);
    await expect(desk.rollouts.read('nobody')).rejects.toMatchObject({ code: 'not-found' });
    await desk.close();
  });
});

describe('a server that is started again', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-rollouts-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('opens the first ring of what was published before it ended, and goes on with the next', async () => {
    const path = join(folder, 'rollcall.db');
    let desk = await openRolloutDesk({ path });
    await desk.furnish();
    const id = await desk.publishOnly(halves, { screenLock: { idleMinutes: 5 } });
    expect(await desk.given()).toEqual([]);
    const { clock } = desk;
    const again = async () => {
      await desk.close();
      desk = await openRolloutDesk({ path, clock });
      for (const one of desk.ids) desk.connected.add(one);
      await desk.district.desired.start();
      await desk.rollouts.start();
      await desk.rollouts.look();
    };
    await again();
    expect(await desk.given()).toHaveLength(10);
    await desk.report(await desk.given());
    await again();
    clock.advance(hour * 60_000);
    await desk.rollouts.look();
    expect((await desk.rollouts.read(id)).rollout).toMatchObject({ state: 'running', ring: 2, given: 50 });
    expect(desk.errors).toEqual([]);
    await desk.close();
  });
});
