import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStore } from '../../server/store/events.ts';
import { openStore } from '../../server/store/open.ts';
import { lookCode } from '../../shared/audit/reads.ts';

describe('events of some devices', () => {
  let db: Awaited<ReturnType<typeof openStore>>;
  let events: EventStore;
  const told = (since: Record<string, number>, limit = 10) =>
    events
      .ofDevices('drift-corrected', new Map(Object.entries(since)), limit)
      .then((rows) => rows.map(({ words }) => words));

  beforeEach(async () => {
    db = await openStore(':memory:');
    events = new EventStore(db);
    const add = (subject_id: string, at: number, words: string, code = 'drift-corrected', subject_kind = 'device') =>
      events.add({ at, actor: `device:${subject_id}`, code, words, subject_kind, subject_id });
    await add('a', 10, 'of a, early');
    await add('a', 20, 'of a, late');
    await add('b', 20, 'of b');
    await add('a', 20, 'another matter of a', 'spool-dropped');
    await add('a', 20, 'of a person', 'drift-corrected', 'person');
    await add('c', 20, 'of c');
  });
  afterEach(() => db.destroy());

  it.each<[string, Record<string, number>, string[]]>([
    ['none of no device', {}, []],
    ['each since its own instant, newest first', { a: 15, b: 0 }, ['of b', 'of a, late']],
    ['from the very instant', { a: 10 }, ['of a, late', 'of a, early']],
    ['nothing that is still to come', { a: 21 }, []],
  ])('%s', async (_, since, words) => {
    expect(await told(since)).toEqual(words);
  });

  it('no more than asked for', async () => {
    expect(await told({ a: 0, b: 0, c: 0 }, 2)).toEqual(['of c', 'of b']);
  });

  it('are the latest of all as on the first page, without looks', async () => {
    await events.add({
      at: 30,
      actor: 'staff:Kim',
      code: lookCode,
      words: 'a look',
      subject_kind: 'person',
      subject_id: 'p',
    });
    const latest = await events.latest(2);
    expect(latest.map(({ words }) => words)).toEqual(['of c', 'of a person']);
    expect((await events.page(2)).rows).toEqual(latest);
  });
});
