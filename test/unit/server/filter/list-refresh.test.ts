import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../../shared/errors/catalogue.ts';
import { type ListDesk, openListDesk } from '../../../fakes/list-desk.ts';

const minute = 60_000;
const hour = 60 * minute;
const url = 'https://lists.example/gambling.txt';

describe('a list fetched from an address', () => {
  let desk: ListDesk;

  beforeEach(async () => {
    desk = await openListDesk();
    desk.source = desk.names(100);
    await desk.lists.subscribe('gambling', { url, licence: ' MIT ', refreshHours: 24 }, 'staff:Kim');
    desk.asked.length = 0;
  });
  afterEach(async () => {
    expect(desk.district.errors).toEqual([]);
    await desk.close();
  });

  const list = async () => (await desk.lists.list())[0];
  const later = async (ms: number) => {
    desk.district.clock.advance(ms);
    await desk.lists.look();
  };
  const silent = new CodedError('list-unreachable', 'The list could not be fetched: its server is silent.');

  it('says where it is from, under which licence, and when it was asked', async () => {
    expect(await list()).toMatchObject({
      ...{ url, source: url, licence: 'MIT', refreshHours: 24, refreshProblem: null, names: 100, format: 'domains' },
      refreshedAt: new Date(desk.district.clock.now()).toISOString(),
    });
  });

  it('needs a licence', async () => {
    const source = { url, licence: '  ', refreshHours: 24 };
    await expect(desk.lists.subscribe('other', source, 'staff:Kim')).rejects.toMatchObject({ code: 'bad-request' });
    expect(desk.asked).toEqual([]);
  });

  it('is not stored when it cannot be fetched', async () => {
    desk.source = silent;
    const source = { url, licence: 'MIT', refreshHours: 24 };
    await expect(desk.lists.subscribe('other', source, 'staff:Kim')).rejects.toMatchObject({
      code: 'list-unreachable',
    });
    expect(await desk.lists.list()).toHaveLength(1);
  });

  it('is asked again each day, a little later than the day before', async () => {
    await later(23.9 * hour);
    expect(desk.asked).toEqual([]);
    desk.source = desk.names(101);
    await later(2.6 * hour);
    expect(desk.asked).toEqual([url]);
    expect(await list()).toMatchObject({ names: 101 });
    await later(hour);
    expect(desk.asked).toHaveLength(1);
  });

  it('is asked after a restart when its time had come meanwhile', async () => {
    await desk.lists.stop();
    desk.district.clock.advance(48 * hour);
    await desk.reopen();
    await desk.lists.look();
    expect(desk.asked).toEqual([url]);
  });

  it('stays as it is while its source fails, which is said once, and is tried again ever more seldom', async () => {
    desk.source = silent;
    await later(27 * hour);
    expect(await list()).toMatchObject({ names: 100, refreshProblem: silent.message });
    const tries: number[] = [];
    for (let quarter = 1; quarter <= 40; quarter++) {
      const before = desk.asked.length;
      await later(15 * minute);
      if (desk.asked.length > before) tries.push(quarter);
    }
    const gaps = tries.map((at, i) => at - (tries[i - 1] ?? 0));
    expect(tries.length).toBeLessThan(7);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(desk.district.said.filter(({ code }) => code === 'list-refresh-failed')).toHaveLength(1);
    desk.source = desk.names(102);
    await later(24 * hour);
    expect(await list()).toMatchObject({ names: 102, refreshProblem: null });
  });

  it.each<[string, string, RegExp]>([
    ['no list', '<!doctype html><p>Moved</p>', /web page/],
    ['nothing', '', /no names/],
  ])('stays as it is when the source gives %s', async (_what, given, words) => {
    desk.source = given;
    await expect(desk.lists.refresh('gambling', 'staff:Kim')).rejects.toMatchObject({ code: 'bad-list' });
    expect(await list()).toMatchObject({ names: 100, refreshProblem: expect.stringMatching(words) });
  });

  it('answers that nothing changed when the source says so', async () => {
    desk.etag = '"1"';
    expect(await desk.lists.refresh('gambling', 'staff:Kim')).toMatchObject({ changed: false });
    desk.source = desk.names(3);
    expect(await desk.lists.refresh('gambling', 'staff:Kim')).toMatchObject({ changed: false, list: { names: 100 } });
  });

  it('is asked once for two who ask at the same time', async () => {
    await Promise.all([desk.lists.refresh('gambling', 'a'), desk.lists.refresh('gambling', 'b')]);
    expect(desk.asked).toEqual([url]);
  });

  it('is held back when it shrank to less than half, until a person or its source mends it', async () => {
    desk.source = desk.names(40);
    await desk.lists.refresh('gambling', 'staff:Kim');
    const held = { names: 100, rollout: { state: 'halted', percent: 0, names: 40, removed: 60 } };
    expect(await list()).toMatchObject({ ...held, refreshProblem: expect.stringMatching(/40 names.*100.*cut short/) });
    expect((await desk.hashesOf(['a', 'b'])).size).toBe(1);
    expect(desk.district.said.at(-1)).toMatchObject({ code: 'list-held-back' });
    desk.source = desk.names(100);
    await later(27 * hour);
    expect(await list()).toMatchObject({ names: 100, rollout: null, refreshProblem: null });
  });

  it('goes out although it shrank when a person says so', async () => {
    desk.source = desk.names(40);
    await desk.lists.refresh('gambling', 'staff:Kim');
    await desk.lists.decideRollout('gambling', 'resume', 'it was cleaned up', 'staff:Kim');
    expect(await list()).toMatchObject({ names: 40, rollout: null });
  });

  it('is held back when it would block an essential, and no word of a person lets it out', async () => {
    desk.essentials = ['=login.school.example'];
    desk.source = `${desk.names(100)}\nschool.example`;
    await desk.lists.refresh('gambling', 'server');
    expect(await list()).toMatchObject({
      names: 100,
      refreshProblem: expect.stringMatching(/would block login\.school\.example/),
      rollout: { state: 'halted', percent: 0, reason: expect.stringMatching(/login\.school\.example/) },
    });
    for (const action of ['resume', 'finish'] as const) {
      await expect(desk.lists.decideRollout('gambling', action, 'go on', 'staff:Kim')).rejects.toMatchObject({
        code: 'list-blocks-essentials',
      });
    }
    await desk.lists.setExceptions('gambling', ['school.example'], 'staff:Kim');
    await desk.lists.decideRollout('gambling', 'finish', 'taken out', 'staff:Kim');
    expect(await list()).toMatchObject({ names: 101, rollout: null });
  });

  it('does not come again after it was taken back, but its successor does', async () => {
    desk.source = desk.names(40);
    await desk.lists.refresh('gambling', 'server');
    await desk.lists.decideRollout('gambling', 'roll-back', 'it is broken', 'staff:Kim');
    await desk.lists.refresh('gambling', 'server');
    expect(await list()).toMatchObject({
      names: 100,
      rollout: null,
      refreshProblem: expect.stringMatching(/taken back/),
    });
    desk.source = desk.names(101);
    await desk.lists.refresh('gambling', 'server');
    expect(await list()).toMatchObject({ names: 101, rollout: null, refreshProblem: null });
  });

  it('is left alone while a version is on its way', async () => {
    await desk.useOn(30);
    desk.source = desk.names(101);
    await desk.lists.refresh('gambling', 'server');
    expect((await list())?.rollout).toMatchObject({ state: 'running' });
    desk.asked.length = 0;
    desk.source = desk.names(102);
    for (let hours = 0; hours < 26; hours++) await later(hour);
    expect(desk.asked).toEqual([]);
  });

  it('is no longer fetched once a person uploads another', async () => {
    const { problems } = await desk.take('a.example');
    expect(problems[0]?.words).toContain(`no longer fetched from ${url}`);
    expect(await list()).toMatchObject({ url: null, refreshedAt: null });
    await expect(desk.lists.refresh('gambling', 'staff:Kim')).rejects.toMatchObject({ code: 'conflict' });
    await later(48 * hour);
    expect(desk.asked).toEqual([]);
  });
});
