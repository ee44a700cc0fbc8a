import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { cutAgent, cutServer } from '../fakes/power-cuts.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);

describe(`a power cut (ROLLCALL_SEED=${seed})`, () => {
  it('at the server leaves whole reports in order, and each acknowledged one when its log was written', async () => {
    await cutServer(seed, 2);
  });

  it('at the agent leaves the oldest records without a gap, and all of them when its log was written', () => {
    cutAgent(seed, 2);
  });

  it('is waited for by each commit of the server: synchronous is FULL, and the log is a WAL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-power-cut-'));
    const db = await openStore(join(folder, 'rollcall.db'));
    try {
      const [synchronous] = (await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(db)).rows;
      const [mode] = (await sql<{ journal_mode: string }>`PRAGMA journal_mode`.execute(db)).rows;
      expect([synchronous?.synchronous, mode?.journal_mode]).toEqual([2, 'wal']);
    } finally {
      await db.destroy();
      rmSync(folder, { recursive: true });
    }
  });
});
