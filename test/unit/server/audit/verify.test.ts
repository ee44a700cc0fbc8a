import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, genesis, hashOf } from '../../../../server/audit/chain.ts';
import { EventChain } from '../../../../server/store/event-chain.ts';
import { EventStore } from '../../../../server/store/events.ts';
import { AuditDesk } from '../../../fakes/audit-desk.ts';

let desk: AuditDesk;
beforeEach(async () => {
  desk = await AuditDesk.open();
});
afterEach(() => desk.close());

const rows = async () => await desk.db.selectFrom('event').selectAll().orderBy('id').execute();

/** What somebody can do who knows all of this but the key: every row fits the one before again. */
async function relink(keepSeals: boolean): Promise<void> {
  let previous = genesis;
  for (const row of await rows()) {
    const digest = row.salt === null ? row.digest : digestOf(row.salt, row);
    previous = hashOf(previous, { ...row, digest });
    const seal = keepSeals ? row.seal : null;
    await desk.db.updateTable('event').set({ digest, hash: previous, seal }).where('id', '=', row.id).execute();
  }
}

describe('a log nobody touched', () => {
  it('is whole when it is empty', async () => {
    expect(await desk.verify()).toMatchObject({ rows: 0, problems: [] });
  });

  it('is whole with heads along the way', async () => {
    for (let day = 0; day < 3; day++) {
      await desk.add(4);
      await desk.sign();
    }
    expect(await desk.verify(desk.heads)).toMatchObject({ rows: 12, heads: 6, problems: [] });
  });

  it.each<[string, string]>([
    ['half of a pair, as where long words were cut', `${'a'.repeat(9)}\ud83d`],
    ['the other half', '\ude00 smile'],
    ['a zero', 'before\u0000after'],
  ])('is whole though a stranger wrote %s', async (_, words) => {
    await desk.add(1, { words, reason: words, actor: `token:${words}`, subject_id: words, ticket_id: words });
    expect(await desk.found()).toEqual([]);
  });

  it('cannot be changed or shortened by way of SQL', async () => {
    await desk.add(2);
    await expect(sql`update event set words = 'x' where id = 1`.execute(desk.db)).rejects.toThrow('never changed');
    await expect(sql`delete from event`.execute(desk.db)).rejects.toThrow('never deleted');
    await expect(sql`update event set actor = '', words = '', salt = null`.execute(desk.db)).rejects.toThrow('never');
  });
});

describe('a log that somebody changed', () => {
  beforeEach(async () => {
    await desk.add(9);
    await desk.sign();
  });

  it.each<[string, string, string[]]>([
    ['at', 'update event set at = at + 1 where id = 5', ['unlinked 5']],
    ['code', "update event set code = 'x' where id = 5", ['unlinked 5']],
    ['subject_kind', "update event set subject_kind = 'person' where id = 5", ['unlinked 5']],
    ['subject_id', "update event set subject_id = 'd2' where id = 5", ['unlinked 5']],
    ['erases', "update event set erases = '[]' where id = 5", ['unlinked 5']],
    ['digest', "update event set digest = 'x' where id = 5", ['unlinked 5', 'altered 5']],
    ['hash', "update event set hash = 'x' where id = 5", ['unlinked 5', 'unsealed 5', 'unlinked 6']],
    ['hash of the last', "update event set hash = 'x' where id = 9", ['unlinked 9', 'unsealed 9', 'rewritten 9']],
    ['seal', "update event set seal = 'x' where id = 5", ['unsealed 5']],
    ['seal, by taking it off', 'update event set seal = null where id = 5', ['unsealed 5']],
    ['seal of the first, by taking it off', 'update event set seal = null where id = 1', ['unsealed 1']],
    ['salt', "update event set salt = 'x' where id = 5", ['altered 5']],
    ['salt, by taking it off', 'update event set salt = null where id = 5', ['erased 5']],
    ...[
      ...['actor', 'actor_id', 'role', 'address', 'session', 'words', 'reason', 'ticket_id', 'changes', 'approver'],
    ].map((column): [string, string, string[]] => [
      column,
      `update event set ${column} = 'x' where id = 5`,
      ['altered 5'],
    ]),
    ['id of the last', 'update event set id = 12 where id = 9', ['gap 9', 'rewritten 9']],
    ['the first row, by deleting it', 'delete from event where id = 1', ['gap 1']],
    ['a row in the middle, by deleting it', 'delete from event where id = 5', ['gap 5']],
    ['the last row, by deleting it', 'delete from event where id = 9', ['truncated 9']],
    ['the end, by cutting it off', 'delete from event where id > 4', ['truncated 5']],
    ['everything, by deleting it', 'delete from event', ['truncated 1']],
  ])('is found out by %s', async (_, statement, problems) => {
    await desk.forge(statement);
    expect((await desk.found()).slice(0, problems.length)).toEqual(problems);
    expect((await desk.verify()).problems.length).toBeGreaterThan(0);
  });

  it('is found out by two rows that exchanged their numbers', async () => {
    await desk.forge('update event set id = id + 100 where id in (4, 5)');
    await desk.forge('update event set id = case id when 104 then 5 else 4 end where id in (104, 105)');
    expect(await desk.found()).toEqual(['unlinked 4', 'unlinked 5', 'unlinked 6']);
  });

  it('is found out by a row that was put in between, with all that follow renumbered', async () => {
    await desk.forge('update event set id = id + 1000 where id > 4');
    await desk.forge('update event set id = id - 999 where id > 1000');
    const [first] = await rows();
    await desk.db
      .insertInto('event')
      .values({ ...(first as NonNullable<typeof first>), id: 5, words: 'made up' })
      .execute();
    expect(await desk.found()).toContain('unlinked 5');
  });

  it('is found out by a row that was added at the end without the key, though it fits', async () => {
    await new EventStore(desk.db, new EventChain()).add({
      ...{ at: 1, actor: 'server', code: 'made-up', words: 'made up', subject_kind: null, subject_id: null },
    });
    expect(await desk.found()).toEqual(['unsealed 10']);
  });

  it.each<[string, boolean, string]>([
    ['with the old seals', true, 'unsealed 3'],
    ['with no seals at all', false, 'unsealed 1'],
  ])('is found out though every row was linked anew, %s', async (_, keepSeals, problem) => {
    await desk.forge("update event set words = 'nothing happened' where id = 3");
    await relink(keepSeals);
    expect(await desk.found()).toContain(problem);
  });

  it('is found out by heads kept elsewhere, though the server’s own are gone', async () => {
    const kept = desk.heads.splice(0);
    await desk.forge('delete from event where id > 7');
    expect(await desk.found()).toEqual([]);
    expect(await desk.found(kept)).toEqual(['truncated 8']);
  });

  it('is not excused by a head that another key signed', async () => {
    const stranger = await AuditDesk.open();
    const { id, hash } = await desk.store.head();
    const [own] = desk.heads;
    const forged = stranger.key.signHead({ district: 'd'.repeat(64), id, hash, at: own?.at ?? '' });
    await stranger.close();
    expect(await desk.found([forged])).toEqual(['bad-head 9']);
    expect(await desk.found([{ ...forged, key: own?.key ?? '' }])).toEqual(['bad-head 9']);
  });

  it('is found out by an emptied row, though a row that says so was put at the end', async () => {
    await desk.forge("update event set actor = '', words = '', actor_id = null, role = null where id = 5");
    await desk.forge('update event set address = null, session = null, reason = null, ticket_id = null where id = 5');
    await desk.forge('update event set changes = null, approver = null, salt = null where id = 5');
    expect(await desk.found()).toEqual(['erased 5']);
    await new EventStore(desk.db, new EventChain()).add({
      ...{ at: 1, actor: 'server', code: 'audit-erased', words: '', subject_kind: null, subject_id: null },
      erases: '[[5,5]]',
    });
    expect(await desk.found()).toEqual(['unsealed 10']);
  });

  it('is found out though the heads are gone with every seal', async () => {
    desk.heads.splice(0);
    await desk.forge("update event set words = 'nothing happened' where id = 3");
    await relink(false);
    expect(await desk.found()).toContain('unsealed 9');
  });

  it('lists a hundred problems and counts the others', async () => {
    await desk.add(120);
    await desk.forge("update event set words = 'x'");
    expect(await desk.verify()).toMatchObject({ rows: 129, moreProblems: 29, problems: { length: 100 } });
  });
});

describe('a log of which something was erased', () => {
  const empty = `update event set actor = '', words = '', actor_id = null, role = null, address = null, session = null,
    reason = null, ticket_id = null, changes = null, approver = null, salt = null`;
  beforeEach(() => desk.add(3));

  it.each([["words = 'made up'"], ["actor = 'staff:Bo'"], ["approver = 'staff:Bo'"]])(
    'is found out by an erased row that says something again: %s',
    async (change) => {
      await desk.erasures.olderThan(2_500, 1);
      expect(await desk.found()).toEqual([]);
      await desk.forge(`update event set ${change} where id = 2`);
      expect(await desk.found()).toEqual(['erased 2']);
    },
  );

  it('is found out by an erased row that was put back as it was', async () => {
    const { salt, words, actor, ...row } = (await rows())[1] as NonNullable<Awaited<ReturnType<typeof rows>>[number]>;
    await desk.erasures.olderThan(2_500, 1);
    await desk.forge('update event set id = id');
    await desk.db
      .updateTable('event')
      .set({ ...row, salt, words, actor })
      .where('id', '=', 2)
      .execute();
    expect(await desk.found()).toEqual(['erased 2']);
  });

  it('is found out by a row that was emptied after the row that is said to have done it', async () => {
    await desk.add(1, { erases: '[[5,5]]' });
    await desk.add(1);
    await desk.forge(`${empty} where id = 5`);
    expect(await desk.found()).toEqual(['erased 5']);
  });
});

describe('rows from before there was a key', () => {
  beforeEach(async () => {
    const old = new EventStore(desk.db, new EventChain());
    const row = { actor: 'server', code: 'old', words: 'old', subject_kind: null, subject_id: null };
    for (const at of [1, 2, 3]) await old.add({ at, ...row });
    await desk.signOrigin();
    await desk.add(3);
  });

  it('need no seal, and those after them do', async () => {
    expect(await desk.found()).toEqual([]);
    await desk.forge('update event set seal = null where id = 4');
    expect(await desk.found()).toEqual(['unsealed 4']);
  });

  it('are no licence to write everything anew without seals', async () => {
    await desk.forge("update event set words = 'nothing happened' where id = 2");
    await relink(false);
    expect(await desk.found()).toEqual(['rewritten 3', 'unsealed 4', 'unsealed 5', 'unsealed 6']);
  });

  it('are only as many as the key signed', async () => {
    const stranger = await AuditDesk.open();
    const { id, hash } = await desk.store.head();
    desk.origin = stranger.key.signHead({ district: 'd'.repeat(64), id, hash, at: '2026-11-22T08:00:00.000Z' });
    await stranger.close();
    expect(await desk.found()).toEqual(['unsealed 1', 'unsealed 2', 'unsealed 3']);
  });
});

describe('any single change', () => {
  it('of any row and column is found', async () => {
    await desk.add(12);
    await desk.sign();
    await desk.forge('create table kept as select * from event');
    const columns = Object.keys((await rows())[0] ?? {}).filter((column) => column !== 'id');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(...columns),
        fc.oneof(fc.constant('null'), fc.integer({ min: 0, max: 99 }).map(String)),
        async (id, column, value) => {
          const before = (await rows())[id - 1];
          const isText = value !== 'null' && column !== 'at';
          const set =
            value === 'null' && ['at', 'code', 'actor', 'words', 'digest', 'hash'].includes(column)
              ? "''"
              : isText
                ? `'${value}'`
                : value;
          await desk.forge(`update event set ${column} = ${set} where id = ${id}`);
          const after = (await rows())[id - 1];
          const isChanged = JSON.stringify(before) !== JSON.stringify(after);
          expect((await desk.found()).length > 0).toBe(isChanged);
          await desk.forge(`delete from event where id = ${id}`);
          await desk.forge(`insert into event select * from kept where id = ${id}`);
        },
      ),
      { numRuns: 60 },
    );
  });
});
