import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RequestBook } from '../../../../agent/pages/request-book.ts';
import type { Decision } from '../../../../shared/filter/decision.ts';
import type { RequestOutcome, WebFilterSection } from '../../../../shared/profile/web-filter.ts';
import { ReportRecordSchema, type UnblockRequestRecord } from '../../../../shared/protocol/messages.ts';
import { validator } from '../../../../shared/schema.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';

const schema = validator(ReportRecordSchema);
const blocked: Decision = { action: 'block', layer: 'category', category: 'games', rule: 'chess.example' };
const words = 'We play chess on Tuesday.';
const dayMs = 86_400_000;

let folder: string;
let clock: FakeClock;
let log: FakeLog;
let sent: UnblockRequestRecord[];
let book: RequestBook;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-requests-'));
  clock = new FakeClock();
  log = new FakeLog();
  sent = [];
  book = open();
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(path = join(folder, 'requests.json')): RequestBook {
  return new RequestBook({
    path,
    clock,
    random: new SeededRandom(sent.length),
    emit: (record) => sent.push(record),
    log,
  });
}

const ask = (name = 'chess.example', said = words) => book.ask(name, said, blocked, clock.now());
const section = (outcomes: RequestOutcome[] = []): WebFilterSection => ({
  settings: {},
  lists: [],
  contact: '',
  outcomes,
});
const about = (outcomes?: RequestOutcome[]) => book.about('chess.example', section(outcomes), clock.now());
const outcome = (change: Partial<RequestOutcome> = {}): RequestOutcome => ({
  id: sent[0]?.id ?? 'x',
  name: 'chess.example',
  state: 'refused',
  reason: 'Not in lessons.',
  at: clock.now(),
  ...change,
});

describe('the book of requests', () => {
  it('sends what was asked, as the protocol wants it', () => {
    expect(ask('chess.example', ' We\r\nplay\u0000 chess\u202e. ')).toEqual({ ok: true });
    expect(sent[0]).toMatchObject({
      name: 'chess.example',
      category: 'games',
      rule: 'chess.example',
      words: 'We play chess.',
    });
    expect(schema.problems(sent[0])).toEqual([]);
    expect(about()).toMatchObject({ state: 'waiting', at: clock.now() });
  });

  it.each([
    ['four characters', 'abcd', 'tooShort'],
    ['blanks', '          ', 'tooShort'],
    ['controls', '\u0000\u0001\u0002\u0003\u0004\u0005', 'tooShort'],
    ['501 characters', 'a'.repeat(501), 'tooLong'],
  ])('refuses %s', (_name, said, problem) => {
    expect(ask('chess.example', said)).toEqual({ ok: false, problem });
    expect(sent).toEqual([]);
  });

  it.each(['12345', 'a'.repeat(500), '本'.repeat(500), '😀'.repeat(250)])('takes %#', (said) => {
    expect(ask('chess.example', said)).toEqual({ ok: true });
    expect(schema.problems(sent[0])).toEqual([]);
  });

  it('takes three a day for one name, ten an hour for all, and more when the time is over', () => {
    const outcomes = Array.from({ length: 4 }, () => ask());
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, false]);
    expect(outcomes[3]).toEqual({ ok: false, problem: 'tooOftenForName' });
    for (let i = 0; i < 7; i += 1) expect(ask(`other-${i}.example`)).toEqual({ ok: true });
    expect(ask('one-more.example')).toEqual({ ok: false, problem: 'tooOften' });
    clock.advance(3_600_001);
    expect(ask('one-more.example')).toEqual({ ok: true });
    expect(ask()).toEqual({ ok: false, problem: 'tooOftenForName' });
    clock.advance(dayMs);
    expect(ask()).toEqual({ ok: true });
  });

  it('does not let the clock of the device lift a limit', () => {
    for (let i = 0; i < 3; i += 1) ask();
    expect(book.ask('chess.example', words, blocked, clock.now() + 30 * dayMs)).toMatchObject({ ok: false });
  });

  it('tells the outcome once the section brings it, and keeps nothing of it itself', () => {
    ask();
    expect(about([outcome()])).toEqual({
      name: 'chess.example',
      state: 'refused',
      reason: 'Not in lessons.',
      at: clock.now(),
    });
    expect(JSON.parse(readFileSync(join(folder, 'requests.json'), 'utf8'))).toEqual([]);
    expect(about()).toBeUndefined();
  });

  it('shows a request that waits before one that was decided', () => {
    ask();
    clock.advance(1_000);
    const old = outcome({ id: 'earlier', at: clock.now() });
    expect(about([old])?.state).toBe('waiting');
  });

  it('still knows after a restart what waits', () => {
    ask();
    book = open();
    expect(about()).toMatchObject({ state: 'waiting' });
  });

  it('forgets what nobody ever told the outcome of', () => {
    ask();
    clock.advance(16 * dayMs);
    expect(about()).toBeUndefined();
  });

  it.each(['{', '[{"id":1}]', '"x"', ''])('begins anew when the file holds %j, and says so', (content) => {
    writeFileSync(join(folder, 'requests.json'), content);
    expect(about()).toBeUndefined();
    expect(log.said.map(({ level }) => level)).toEqual(['warn']);
    expect(ask()).toEqual({ ok: true });
  });

  it('does not pretend that a request was taken which the disk did not keep', () => {
    book = open(join(folder, 'no-such-folder', 'requests.json'));
    expect(ask()).toEqual({ ok: false, problem: 'notSaved' });
    expect(sent).toEqual([]);
    expect(log.errors).toHaveLength(1);
  });

  it('keeps a hundred at most', () => {
    for (let i = 0; i < 130; i += 1) {
      expect(ask(`site-${i}.example`)).toEqual({ ok: true });
      clock.advance(3_600_000);
    }
    expect(JSON.parse(readFileSync(join(folder, 'requests.json'), 'utf8'))).toHaveLength(100);
  });
});
