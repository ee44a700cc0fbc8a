import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditKey } from '../../../../server/audit/audit-key.ts';
import { HeadKeeper } from '../../../../server/audit/head-keeper.ts';
import { HeadLog } from '../../../../server/audit/heads.ts';
import { verifyChain } from '../../../../server/audit/verify.ts';
import { systemRandom } from '../../../../server/clock.ts';
import { AuditDesk, districtId } from '../../../fakes/audit-desk.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const minute = 60_000;
let desk: AuditDesk;
let folder: string;
let path: string;
let clock: FakeClock;
let days: number;
let keeper: HeadKeeper;
beforeEach(async () => {
  desk = await AuditDesk.open();
  folder = mkdtempSync(join(tmpdir(), 'rollcall-heads-'));
  path = join(folder, 'audit-heads.log');
  clock = new FakeClock(Date.UTC(2026, 9, 5, 14));
  days = 0;
  keeper = new HeadKeeper({
    ...{
      store: desk.store,
      key: desk.key,
      log: new HeadLog(path),
      origin: new HeadLog(join(folder, 'origin.json')),
      district: districtId,
      clock,
    },
    onDaily: () => {
      days += 1;
    },
    onError: (error) => {
      throw error;
    },
  });
});
afterEach(async () => {
  await keeper.stop();
  await desk.close();
  rmSync(folder, { recursive: true });
});

const ids = async () => (await Array.fromAsync(new HeadLog(path).read())).map((head) => head?.id);
const problems = async () => {
  const { store, key } = desk;
  const check = await verifyChain({ store, key, logged: new HeadLog(path).read(), given: [] });
  return check.problems.map(({ kind, row }) => `${kind} ${row}`);
};

describe('heads beside the database', () => {
  it('are written at the start, when the log grew, and at the end; the first of a day is sent elsewhere', async () => {
    await desk.add(2);
    await keeper.start();
    clock.advance(minute);
    expect(await ids()).toEqual([2]);
    await desk.add(1);
    await expect.poll(() => clock.pending).toBe(1);
    clock.advance(minute);
    await expect.poll(ids).toEqual([2, 3]);
    expect([days, (await keeper.daily(9)).length]).toEqual([1, 1]);
    await expect.poll(() => clock.pending).toBe(1);
    clock.advance(24 * 60 * minute);
    await desk.add(1);
    await keeper.stop();
    expect(await ids()).toEqual([2, 3, 4]);
    expect((await keeper.daily(9)).map(({ id }) => id)).toEqual([4, 2]);
    expect(days).toBe(2);
    expect(await problems()).toEqual([]);
  });

  it('tell when the end of the log is gone, and when a line of theirs is damaged', async () => {
    await desk.add(3);
    await keeper.start();
    await desk.forge('delete from event where id = 3');
    expect(await problems()).toEqual(['truncated 3']);
    await appendFile(path, 'not a head\n');
    expect(await problems()).toContain('bad-head 0');
  });

  it('are not believed when somebody writes them who has not the key', async () => {
    await desk.add(3);
    await keeper.start();
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"hash":"[^"]+"/, '"hash":"another"'));
    expect(await problems()).toEqual(['bad-head 3']);
  });
});

describe('the key of the audit', () => {
  it('is the same after a restart, and another for another district', async () => {
    const one = await AuditKey.open(folder, systemRandom);
    expect((await AuditKey.open(folder, systemRandom)).seal('x')).toBe(one.seal('x'));
    expect(desk.key.seal('x')).not.toBe(one.seal('x'));
  });

  it('is not replaced in silence when its file is damaged', async () => {
    await AuditKey.open(folder, systemRandom);
    await writeFile(join(folder, 'pki', 'audit.key'), 'nothing');
    await expect(AuditKey.open(folder, systemRandom)).rejects.toThrow('Restore it from the backup');
  });
});
