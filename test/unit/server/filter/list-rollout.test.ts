import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCompiled } from '../../../../shared/filter/compiled.ts';
import { applyDelta } from '../../../../shared/filter/delta.ts';
import { type ListDesk, openListDesk } from '../../../fakes/list-desk.ts';

const minute = 60_000;

describe('a new version of a list that many devices use', () => {
  let desk: ListDesk;
  let ids: string[];
  let first: string;
  let second: string;

  beforeEach(async () => {
    desk = await openListDesk();
    first = (await desk.take(desk.names(100))).list.hash;
    ids = await desk.useOn(200);
    await desk.report(ids, 'verified');
    await desk.take(`${desk.names(99)}\nnew.example`);
    second = (await desk.district.stores.lists.find('gambling'))?.hash ?? '';
  });
  afterEach(async () => {
    expect(desk.district.errors).toEqual([]);
    await desk.close();
  });

  const rollout = async () => (await desk.lists.list())[0]?.rollout;
  const given = async () => (await desk.hashesOf(ids)).get(second) ?? [];
  const later = async (minutes: number) => {
    desk.district.clock.advance(minutes * minute);
    await desk.look();
  };

  const toSecondRing = async () => {
    await desk.report(await given(), 'verified');
    await later(30);
    expect(await rollout()).toMatchObject({ percent: 10 });
  };

  it('is given to the first ring only, while the console shows both', async () => {
    expect(await given()).toHaveLength(2);
    expect((await desk.lists.list())[0]).toMatchObject({
      hash: first,
      names: 100,
      rollout: { state: 'running', percent: 1, names: 100, added: 1, removed: 1, reason: null },
    });
  });

  it('reaches the section of exactly those devices', async () => {
    await desk.district.desired.settled();
    const ring = await given();
    const inRing = ring[0] ?? '';
    const outside = ids.find((id) => !ring.includes(id)) ?? '';
    const sectionOf = async (id: string) => {
      const { signed } = await desk.district.desired.forDevice(id);
      const { sections } = JSON.parse(signed.manifest) as { sections: { webFilter: string } };
      return await desk.district.desired.section(sections.webFilter);
    };
    expect(await sectionOf(inRing)).toContain(second);
    expect(await sectionOf(outside)).toContain(first);
  });

  it('goes from ring to ring while devices verify it, and arrives', async () => {
    const heard = desk.district.hear('filter-changed');
    for (const [minutes, percent, devices] of [
      [30, 10, 20],
      [60, 50, 100],
      [120, 95, 190],
    ] as const) {
      await desk.report(await given(), 'verified');
      await later(minutes);
      expect(await rollout()).toMatchObject({ state: 'running', percent });
      expect(await given()).toHaveLength(devices);
    }
    await desk.report(ids, 'verified');
    await later(120);
    expect((await desk.lists.list())[0]).toMatchObject({ hash: second, rollout: null });
    expect(heard.length).toBe(4);
    expect(desk.district.said.at(-1)?.code).toBe('list-rollout-completed');
  });

  it('waits a day where devices of the ring do not answer, and then goes on: lists protect', async () => {
    await later(30);
    expect(await rollout()).toMatchObject({ percent: 1 });
    await later(24 * 60 - 1);
    expect(await rollout()).toMatchObject({ percent: 1 });
    await later(1);
    expect(await rollout()).toMatchObject({ percent: 10 });
  });

  it('halts by itself when devices fail with it, and says so', async () => {
    await toSecondRing();
    const ring = await given();
    await desk.report(ring.slice(0, 6), 'failed');
    await desk.report(ring.slice(6), 'verified');
    await later(1);
    expect(await rollout()).toMatchObject({
      state: 'halted',
      percent: 10,
      reason: expect.stringMatching(/worse than before on 6 of 20 devices.*elsewhere 0 of 180/),
    });
    await later(10_000);
    expect(await rollout()).toMatchObject({ state: 'halted', percent: 10 });
    expect(desk.district.said.at(-1)).toMatchObject({ actor: 'server', code: 'list-rollout-halted' });
  });

  it('does not halt for failures that were there before', async () => {
    await toSecondRing();
    await desk.report(ids, 'failed');
    await desk.report(await given(), 'failed');
    await later(1);
    expect(await rollout()).toMatchObject({ state: 'running', percent: 10 });
  });

  it('is taken back by a person: everybody has the earlier one, and a delta leads there', async () => {
    await desk.lists.decideRollout('gambling', 'roll-back', 'blocks the bus times', 'staff:Kim');
    expect((await desk.lists.list())[0]).toMatchObject({ hash: first, rollout: null });
    expect(await desk.hashesOf(ids)).toEqual(new Map([[first, ids]]));
    const delta = await readFile((await desk.lists.deltaPath(second, first)) ?? '');
    const [from, to] = [join(desk.artifacts, second), join(desk.artifacts, first)];
    expect(Buffer.from(applyDelta(await readFile(from), delta)).equals(await readFile(to))).toBe(true);
    expect(desk.district.said.at(-1)).toMatchObject({ code: 'list-rollout-rolled-back', actor: 'staff:Kim' });
  });

  it('is given to all at once when a person says so', async () => {
    await desk.lists.decideRollout('gambling', 'finish', 'phishing wave', 'staff:Kim');
    expect(await given()).toEqual(ids);
    await expect(desk.lists.decideRollout('gambling', 'resume', 'again', 'staff:Kim')).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('goes on at a person’s word after it was halted', async () => {
    await toSecondRing();
    await desk.report((await given()).slice(0, 8), 'failed');
    await later(1);
    const list = await desk.lists.decideRollout('gambling', 'resume', 'it was the network', 'staff:Kim');
    expect(list.rollout).toMatchObject({ state: 'running', percent: 10, reason: null });
  });

  it('gives way to a newer one, which starts from what the others have', async () => {
    await toSecondRing();
    const { list } = await desk.take(`${desk.names(98)}\nnewer.example`);
    expect(list).toMatchObject({ hash: first, rollout: { state: 'running', percent: 1, added: 1, removed: 2 } });
    const third = (await desk.district.stores.lists.find('gambling'))?.hash ?? '';
    expect([...(await desk.hashesOf(ids)).keys()].toSorted()).toEqual([first, third].toSorted());
    for (const from of [first, second]) expect(await desk.lists.deltaPath(from, third)).toBeDefined();
  });

  it('is over when the earlier list comes back', async () => {
    await desk.take(desk.names(100));
    expect((await desk.lists.list())[0]).toMatchObject({ hash: first, rollout: null });
  });

  it('survives a restart, with both artefacts kept however old they are', async () => {
    await toSecondRing();
    const longAgo = new Date(desk.district.clock.now() - 30 * 86_400_000);
    for (const hash of [first, second]) await utimes(join(desk.artifacts, hash), longAgo, longAgo);
    await desk.reopen();
    expect(await rollout()).toMatchObject({ percent: 10 });
    for (const hash of [first, second]) {
      expect(openCompiled(await readFile((await desk.lists.artifactPath(hash)) ?? '')).count).toBe(100);
    }
  });

  it('costs next to nothing per device: few maps serve all', async () => {
    const versionsOf = await desk.lists.versions();
    expect(new Set(ids.map(versionsOf)).size).toBe(2);
  });
});

describe('a new version of a list that few devices use', () => {
  it('goes to all at once', async () => {
    const desk = await openListDesk();
    await desk.take(desk.names(10));
    await desk.useOn(19);
    const { list } = await desk.take(desk.names(11));
    expect(list).toMatchObject({ names: 11, rollout: null });
    await desk.close();
  });
});

describe('several lists under way', () => {
  it('make as many kinds of devices as there are shares, not their product', async () => {
    const desk = await openListDesk();
    const categories = ['a', 'b', 'c'];
    for (const category of categories) await desk.take(desk.names(10), {}, category);
    const ids = await desk.useOn(400, categories);
    for (const [i, category] of categories.entries()) {
      await desk.take(desk.names(11), {}, category);
      for (let ring = 0; ring < i; ring++) {
        const lists = await desk.lists.versions();
        const hash = (await desk.district.stores.lists.find(category))?.hash;
        await desk.report(
          ids.filter((id) => lists(id).get(category)?.hash === hash),
          'verified',
        );
        desk.district.clock.advance(60 * minute);
        await desk.look();
      }
    }
    const versionsOf = await desk.lists.versions();
    const seen = new Set(ids.map((id) => categories.map((c) => versionsOf(id).get(c)?.names).join()));
    expect(seen.size).toBeGreaterThan(1);
    expect(seen.size).toBeLessThanOrEqual(4);
    expect(new Set(ids.map(versionsOf)).size).toBe(seen.size);
    await desk.close();
  });
});

describe('a list on its way', () => {
  it('is shown among the rollouts, with its evidence and decisions, and follows what is decided there', async () => {
    const desk = await openListDesk();
    const { hash } = (await desk.take(desk.names(100))).list;
    const ids = await desk.useOn(200);
    await desk.report(ids, 'verified');
    await desk.take(desk.names(101));
    const [summary] = (await desk.rollouts.list({})).items;
    expect(summary).toMatchObject({ kind: 'list', state: 'running', ring: 1, devices: 200, given: 2 });
    const id = summary?.id ?? '';
    const view = await desk.rollouts.act(id, 'roll-back', 'blocks the bus times', 'staff:Kim');
    expect(view.decisions.map(({ to }) => to)).toEqual(['rolled-back', 'running']);
    expect((await desk.lists.list())[0]).toMatchObject({ hash, rollout: null });
    await expect(desk.rollouts.act(id, 'resume', 'again', 'staff:Kim')).rejects.toMatchObject({ code: 'conflict' });
    await desk.close();
  });

  it('from before lists had rollouts begins again with the first ring', async () => {
    const desk = await openListDesk();
    await desk.take(desk.names(100));
    await desk.useOn(200);
    await desk.take(desk.names(101));
    await desk.district.db.deleteFrom('rollout').execute();
    await desk.district.db.updateTable('list_rollout').set({ rollout_id: null, ring: 3 }).execute();
    await desk.reopen();
    await desk.look();
    expect((await desk.lists.list())[0]?.rollout).toMatchObject({ state: 'running', percent: 1 });
    await desk.close();
  });
});
