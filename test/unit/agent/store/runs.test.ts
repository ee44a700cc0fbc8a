import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Home } from '../../../../agent/store/home.ts';
import { openStore, type Store } from '../../../../agent/store/open.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';

describe('runs of the agent', () => {
  let home: Home;
  let store: Store;
  const open = () => openStore(home, new FakeClock(), new SeededRandom(), new FakeLog());

  beforeEach(() => {
    home = new Home(mkdtempSync(join(tmpdir(), 'rollcall-runs-')));
    store = open();
  });
  afterEach(() => {
    store.close();
    rmSync(home.path, { recursive: true });
  });

  /** One run, and how it ended. */
  function run(boot: string, at: number, end: 'told' | 'crashed'): number | undefined {
    store.runs.begin(boot, at);
    const { crashedAt } = store.runs;
    if (end === 'told') store.runs.end();
    store.close();
    store = open();
    return crashedAt;
  }

  it.each<[string, [string, number, 'told' | 'crashed'][], number | undefined]>([
    ['the first is after none', [['a', 1, 'told']], undefined],
    [
      'one that was told to end did not crash',
      [
        ['a', 1, 'told'],
        ['a', 2, 'told'],
      ],
      undefined,
    ],
    [
      'one that ended by itself did',
      [
        ['a', 1, 'crashed'],
        ['a', 2, 'told'],
      ],
      2,
    ],
    [
      'one that went down with the computer did not',
      [
        ['a', 1, 'crashed'],
        ['b', 2, 'told'],
      ],
      undefined,
    ],
    [
      'a crash is remembered',
      [
        ['a', 1, 'crashed'],
        ['a', 2, 'told'],
        ['b', 3, 'told'],
      ],
      2,
    ],
    [
      'the latest crash counts',
      [
        ['a', 1, 'crashed'],
        ['a', 2, 'crashed'],
        ['a', 3, 'told'],
      ],
      3,
    ],
  ])('%s', (_, runs, expected) => {
    expect(runs.map((one) => run(...one)).at(-1)).toBe(expected);
  });
});
