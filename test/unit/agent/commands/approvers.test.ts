import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Approver, rosterOf } from '../../../fakes/approver.ts';
import { audience, CommandBench } from '../../../fakes/command-bench.ts';

const [ann, bob, cal, eve] = ['Ann', 'Bob', 'Cal', 'Eve'].map((name) => new Approver(name)) as [
  Approver,
  Approver,
  Approver,
  Approver,
];
const first = rosterOf([ann, bob], [ann, bob], { audience });
const second = rosterOf([bob, cal], [ann, bob], { audience, version: 2 });
const third = rosterOf([cal, eve], [bob, cal], { audience, version: 3 });
const dayMs = 86_400_000;
const names = (bench: CommandBench) => bench.approvers.roster()?.members.map(({ name }) => name);

describe('the approvers a device has pinned', () => {
  test('are the first it sees, at once', () => {
    using bench = new CommandBench({});
    expect(names(bench)).toBeUndefined();
    bench.follow(first);
    expect(names(bench)).toEqual(['Ann', 'Bob']);
  });

  test('are followed by others a day after the device has seen them, also over restarts', () => {
    using bench = new CommandBench({});
    bench.follow(first);
    bench.follow(first, second);
    bench.clock.advance(dayMs - 1);
    bench.restart();
    expect(names(bench)).toEqual(['Ann', 'Bob']);
    bench.clock.advance(1);
    expect(names(bench)).toEqual(['Bob', 'Cal']);
  });

  test('wait by the device’s own clock too: a server that says it is tomorrow shortens nothing', () => {
    using bench = new CommandBench({});
    bench.follow(first);
    bench.follow(first, second);
    bench.serverAhead = 2 * dayMs;
    expect(names(bench)).toEqual(['Ann', 'Bob']);
  });

  test('and by the server’s: a person who sets the clock shortens nothing', () => {
    using bench = new CommandBench({});
    bench.follow(first);
    bench.follow(first, second);
    bench.clock.jump(2 * dayMs);
    bench.serverAhead = -2 * dayMs;
    expect(names(bench)).toEqual(['Ann', 'Bob']);
  });

  test('are followed over several versions the device slept through, after one wait', () => {
    using bench = new CommandBench({});
    bench.follow(first);
    bench.follow(first, second, third);
    bench.clock.advance(dayMs);
    expect(names(bench)).toEqual(['Cal', 'Eve']);
  });

  test('are not those of before any more: who was removed signs no further change', () => {
    using bench = new CommandBench({});
    bench.follow(first);
    bench.follow(first, second);
    bench.clock.advance(dayMs);
    const byRemoved = rosterOf([ann, eve], [ann, bob], { audience, version: 3 });
    bench.follow(first, second, byRemoved);
    bench.clock.advance(2 * dayMs);
    expect(names(bench)).toEqual(['Bob', 'Cal']);
  });

  test('stay when the server takes back a change that waits', () => {
    using bench = new CommandBench({});
    bench.follow(first);
    bench.follow(first, second);
    bench.follow(first);
    bench.clock.advance(2 * dayMs);
    expect(names(bench)).toEqual(['Ann', 'Bob']);
  });

  test('do not go back: an older roster is refused', () => {
    using bench = new CommandBench({});
    bench.follow(first, second);
    bench.follow(first);
    expect(names(bench)).toEqual(['Bob', 'Cal']);
    expect(bench.store.spool.waiting('event', 'approvers-refused')?.detail).toContain('roster-rolled-back');
  });

  test('are nobody when the file is damaged, whatever the server sends', () => {
    using bench = new CommandBench({});
    bench.follow(first);
    writeFileSync(bench.home.approvers, '{');
    bench.restart();
    bench.follow(first);
    expect(names(bench)).toBeUndefined();
  });
});

test('a command under approvers who have been replaced is refused', () => {
  using bench = new CommandBench({});
  bench.follow(first, second);
  const { text, ...signed } = bench.command({
    action: { kind: 'lock' },
    roster: 1,
    slot: { day: '2026-10-05', slot: 0 },
  });
  bench.inbox.receive({ ...signed, text, approvals: [ann.sign(text), bob.sign(text)] });
  expect(bench.results).toMatchObject([{ code: 'older-roster' }]);
});

test('what two signed expires by the later clock: one that was turned back brings nothing to life', () => {
  using bench = new CommandBench({});
  bench.follow(first);
  const { text, ...signed } = bench.command({
    action: { kind: 'lock' },
    roster: 1,
    slot: { day: '2026-10-05', slot: 0 },
  });
  bench.clock.advance(2 * 3_600_000);
  bench.serverAhead = -2 * 3_600_000;
  bench.inbox.receive({ ...signed, text, approvals: [ann.sign(text), bob.sign(text)] });
  expect(bench.results).toMatchObject([{ code: 'expired' }]);
});

test('without approvers nothing dangerous is done', () => {
  using bench = new CommandBench({});
  bench.inbox.receive(bench.command({ action: { kind: 'wipe' } }));
  expect(bench.results).toMatchObject([{ code: 'no-approvers' }]);
});
