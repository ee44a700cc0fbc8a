import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebFilter, type WebFilter } from '../../agent/capabilities/webFilter/index.ts';
import { ArtifactCache, type Download } from '../../agent/connection/artifact-cache.ts';
import { systemClock, systemRandom } from '../../agent/platform/clock.ts';
import { HostFiles } from '../../agent/platform/host-files.ts';
import { Dice } from '../../server/demo/dice.ts';
import { compileNames } from '../../shared/filter/compiled.ts';
import { makeDelta } from '../../shared/filter/delta.ts';
import type { WebFilterSection } from '../../shared/profile/web-filter.ts';
import { askDns } from '../fakes/dns-question.ts';
import { FakeLog } from '../fakes/log.ts';
import { MemoryOriginals } from '../fakes/originals.ts';
import { Program, repository } from '../fakes/programs.ts';
import { FakeUpstream } from '../fakes/upstream.ts';

const many = Array.from({ length: 2_000 }, (_, i) => `listed-${i}.test`);
const first = version([...many, 'old.test']);
const second = version([...many.slice(10), 'new.test']);
const delta = Buffer.from(makeDelta(first.bytes, second.bytes));

function version(names: string[]) {
  const bytes = Buffer.from(compileNames(names));
  return { bytes, names: names.length, hash: createHash('sha256').update(bytes).digest('hex') };
}

describe('a list that cannot be brought up to date', () => {
  let root: string;
  let folder: string;
  let upstream: FakeUpstream;
  let filter: WebFilter;
  /** What the server gives: artefacts by hash, deltas as `FROM-TO`. */
  let given: Map<string, Buffer>;
  let log: FakeLog;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'rollcall-lists-'));
    folder = join(root, 'artifacts');
    log = new FakeLog();
    upstream = await new FakeUpstream({
      'new.test A': [{ type: 'A', name: 'new.test', ttl: 1, data: '192.0.2.1' }],
      'old.test A': [{ type: 'A', name: 'old.test', ttl: 1, data: '192.0.2.2' }],
    }).start();
    given = new Map([[first.hash, first.bytes]]);
    filter = createWebFilter(
      {
        platform: 'linux',
        commands: { run: async () => ({ code: 0, stdout: '', stderr: '' }) },
        files: new HostFiles(join(root, 'host'), new MemoryOriginals()),
      },
      {
        ...{ dnsPort: 0, dnsAddress: '127.0.0.1', clock: systemClock, random: systemRandom, log },
        artifacts: new ArtifactCache(folder, download, log),
      },
    );
    await filter.apply(sectionOf(first));
  });
  afterEach(async () => {
    await filter.stop();
    await upstream.stop();
    rmSync(root, { recursive: true });
  });

  const download: Download = async ({ hash, held, part }) => {
    const from = held.find((one) => given.has(`${one}-${hash}`));
    const bytes = given.get(from === undefined ? hash : `${from}-${hash}`);
    if (!bytes) throw new Error('the server answered with status 404');
    writeFileSync(part(from), bytes);
    return from;
  };

  function sectionOf({ hash, bytes, names }: typeof first): WebFilterSection {
    return {
      settings: {
        blockedCategories: ['games'],
        upstream: { kind: 'plain', servers: [`127.0.0.1:${upstream.port}`] },
      },
      lists: [{ category: 'games', title: 'Games', hash, bytes: bytes.length, names }],
      contact: 'IT',
    };
  }

  const isBlocked = async (name: string) => (await askDns(filter.address?.port ?? 0, name)).values[0] === '0.0.0.0';
  const state = async () => ({ old: await isBlocked('old.test'), new: await isBlocked('new.test') });
  const byDelta = (bytes: Buffer) => given.set(`${first.hash}-${second.hash}`, bytes);
  const whole = (bytes: Buffer) => given.set(second.hash, bytes);
  const flipped = (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)));
  const full = (name: string) => symlinkSync('/dev/full', join(folder, name));

  const faults: [string, () => unknown][] = [
    ['the server has nothing', () => undefined],
    ['the list comes cut short', () => whole(second.bytes.subarray(0, 5_000))],
    ['the list was tampered with', () => whole(flipped(second.bytes))],
    ['another list comes in its place', () => whole(version(['other.test']).bytes)],
    ['the delta comes cut short, and nothing else', () => byDelta(delta.subarray(0, delta.length - 3))],
    ['the delta was tampered with, and nothing else comes', () => byDelta(flipped(delta))],
    [
      'the delta leads elsewhere, and the list was tampered with',
      () => {
        byDelta(Buffer.from(makeDelta(first.bytes, version(['other.test']).bytes)));
        whole(flipped(second.bytes));
      },
    ],
    [
      'the disk is full while the list arrives',
      () => {
        whole(second.bytes);
        full(`${second.hash}.part`);
      },
    ],
    [
      'the disk is full while the delta arrives',
      () => {
        byDelta(delta);
        full(`${second.hash}.${first.hash}.part`);
      },
    ],
    [
      'the disk is full when the delta was applied',
      () => {
        byDelta(delta);
        full(`${second.hash}.new`);
      },
    ],
  ];
  it.each(faults)('leaves the last good one answering when %s, and follows when that is over', async (_what, fault) => {
    fault();
    await expect(filter.apply(sectionOf(second))).rejects.toMatchObject({ code: 'list-missing' });
    expect(await state()).toEqual({ old: true, new: false });
    expect(readFileSync(join(folder, first.hash)).equals(first.bytes)).toBe(true);
    expect(readdirSync(folder)).not.toContain(second.hash);
    rmSync(join(folder, `${second.hash}.part`), { force: true });
    rmSync(join(folder, `${second.hash}.${first.hash}.part`), { force: true });
    whole(second.bytes);
    byDelta(delta);
    await filter.apply(sectionOf(second));
    expect(await state()).toEqual({ old: false, new: true });
  });

  it('answers while the new one is put in force: no question is lost', async () => {
    byDelta(delta);
    let asking = true;
    const answers: string[] = [];
    const asker = (async () => {
      while (asking) answers.push((await askDns(filter.address?.port ?? 0, 'listed-1500.test')).values[0] ?? 'nothing');
    })();
    await wait(20);
    await filter.apply(sectionOf(second));
    await wait(20);
    asking = false;
    await asker;
    expect(answers.length).toBeGreaterThan(2);
    expect(new Set(answers)).toEqual(new Set(['0.0.0.0']));
  });
});

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);

describe(`kill -9 of an agent that fetches a list (ROLLCALL_SEED=${seed})`, () => {
  const dice = new Dice(seed);
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rollcall-lists-'));
    for (const name of ['cache', 'source']) mkdirSync(join(root, name));
    writeFileSync(join(root, 'cache', first.hash), first.bytes);
    writeFileSync(join(root, 'source', second.hash), second.bytes);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each(['as a whole', 'as a delta'])(
    '%s leaves what was there, and half a list is never taken for one',
    async (way) => {
      if (way === 'as a delta') writeFileSync(join(root, 'source', `${first.hash}-${second.hash}`), delta);
      const cache = join(root, 'cache');
      const program = join(repository, 'test/fakes/artifact-fetcher.ts');
      const fetcher = () => new Program([program, cache, join(root, 'source'), second.hash], { cwd: root });
      for (let round = 0; round < 5; round++) {
        const running = fetcher();
        await running.says(/begun/);
        await wait(dice.unit() * 25);
        await running.kill();
        expect(readFileSync(join(cache, first.hash)).equals(first.bytes)).toBe(true);
        const there = readdirSync(cache).includes(second.hash);
        if (there) expect(readFileSync(join(cache, second.hash)).equals(second.bytes)).toBe(true);
      }
      const last = fetcher();
      await last.says(/fetched/);
      await last.ended();
      expect(readFileSync(join(cache, second.hash)).equals(second.bytes)).toBe(true);
    },
  );
});
