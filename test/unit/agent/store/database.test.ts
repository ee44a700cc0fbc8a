import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../../../agent/store/database.ts';
import { FakeLog } from '../../../fakes/log.ts';

let folder: string;
let database: ReturnType<typeof openDatabase>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-agent-database-'));
  database = openDatabase(join(folder, 'agent.db'), 0, new FakeLog());
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

it('a statement is prepared once, however often it is asked for', () => {
  const text = 'SELECT value FROM setting WHERE name = ?';
  expect(database.prepare(text)).toBe(database.prepare(text));
});

it('a statement that failed can be run again', () => {
  const insert = () => database.prepare('INSERT INTO setting (name, value) VALUES (?, ?)');
  insert().run('a', '1');
  expect(() => insert().run('a', '2')).toThrow(/UNIQUE/);
  insert().run('b', '2');
  expect(database.prepare('SELECT name FROM setting ORDER BY name').all()).toEqual([{ name: 'a' }, { name: 'b' }]);
});
