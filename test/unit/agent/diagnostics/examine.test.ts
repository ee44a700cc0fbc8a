import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createExaminer } from '../../../../agent/diagnostics/examine.ts';
import { type ExaminerParts, type Look, pause } from '../../../../agent/diagnostics/look.ts';
import { type Probe, probe } from '../../../../agent/diagnostics/probe.ts';
import { probes as everyProbe } from '../../../../agent/diagnostics/probes/index.ts';
import { nothingKnown } from '../../../../agent/diagnostics/redact.ts';
import { type CommandResult, SystemCommands } from '../../../../agent/platform/commands.ts';
import { bad, ok } from '../../../../shared/diagnostics/judge/result.ts';
import { type ProbeName, probeNames } from '../../../../shared/diagnostics/probe.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeLog } from '../../../fakes/log.ts';
import { until } from '../../../fakes/programs.ts';

const root = mkdtempSync(join(tmpdir(), 'rollcall-examine-'));
afterAll(() => rmSync(root, { recursive: true }));

let clock: FakeClock;
let log: FakeLog;
beforeEach(() => {
  clock = new FakeClock();
  log = new FakeLog();
});

function examine(probes: Probe[], signal = new AbortController().signal, change: Partial<ExaminerParts> = {}) {
  const never = () => {
    throw new Error('Nobody asks for this here.');
  };
  const parts = {
    platform: 'linux' as const,
    commands: new SystemCommands(),
    clock,
    random: new SeededRandom(),
    log,
    root,
  };
  const rest = { identity: never, status: never, sections: never, systemServers: never, isHost: false };
  return createExaminer({ ...parts, ...rest, redaction: async () => nothingKnown, ...change }, probes).examine(signal);
}

const well = (name: ProbeName, look: (look: Look) => Promise<unknown> = async () => undefined) =>
  probe(name, look, () => ok(name, 'Well.'));
const never = () => new Promise<never>(() => undefined);

describe('an examination', () => {
  it('asks every probe of the contract once, in its order', () => {
    expect(everyProbe.map(({ name }) => name)).toEqual(probeNames);
    expect(everyProbe.every(({ limitMs }) => limitMs <= 20_000)).toBe(true);
  });

  it('gives the answers in their order, whichever came first', async () => {
    const first = Promise.withResolvers<void>();
    const done = examine([well('power', () => first.promise), well('battery', async () => first.resolve())]);
    expect((await done).probes.map((result) => result.probe)).toEqual(['power', 'battery']);
  });

  it('takes a probe that hangs for unknown, and waits for no other', async () => {
    const done = examine([well('power', never), well('battery')]);
    await until('the limit is set', 5_000, () => clock.pending >= 2);
    clock.advance(8_000);
    const { probes, conclusions, tookMs } = await done;
    expect(probes).toMatchObject([
      { status: 'unknown', words: 'This could not be looked at within 8 seconds.' },
      { status: 'ok' },
    ]);
    expect([conclusions, tookMs, clock.pending]).toEqual([[], 8_000, 0]);
  });

  it('takes no more than 30 seconds, whatever each may take', async () => {
    const hanging = probeNames.map((name) => probe(name, never, () => ok(name, ''), { limitMs: 20_000 }));
    const done = examine(hanging);
    for (let round = 0; round < 4; round++) {
      await new Promise(setImmediate);
      clock.advance(10_000);
    }
    const { probes, tookMs } = await done;
    expect(probes.map(({ status }) => status)).toEqual(probeNames.map(() => 'unknown'));
    expect(tookMs).toBeLessThanOrEqual(30_000);
    expect(clock.pending).toBe(0);
  });

  it('goes on when a probe breaks, and says so in the log', async () => {
    const broken = well('power', async () => {
      throw new Error('a bug');
    });
    const { probes } = await examine([broken, well('battery')]);
    expect(probes.map(({ status }) => status)).toEqual(['unknown', 'ok']);
    expect(log.said.map(({ words }) => words)).toEqual(['A probe failed.']);
  });

  it('looks with few probes at once, and with that of the processor alone', async () => {
    let [running, most] = [0, 0];
    const seen: string[] = [];
    const counted = (name: ProbeName) => async () => {
      running += 1;
      most = Math.max(most, running);
      seen.push(`${name} with ${running - 1} others`);
      await new Promise(setImmediate);
      running -= 1;
    };
    const probes = probeNames.map((name) =>
      probe(name, counted(name), () => ok(name, ''), { alone: name === 'processor' }),
    );
    await examine(probes);
    expect(seen[0]).toBe('processor with 0 others');
    expect(most).toBe(5);
  });

  it('is over at once when it is cancelled, and no program runs on', async () => {
    const cancel = new AbortController();
    const ended = Promise.withResolvers<CommandResult>();
    const started = Promise.withResolvers<void>();
    const running = well('power', async ({ commands }) => {
      const run = commands.run('/bin/sh', ['-c', 'exec sleep 600']);
      started.resolve();
      ended.resolve(await run);
    });
    const done = examine([running, well('battery', (look) => pause(look, 60_000))], cancel.signal);
    await started.promise;
    cancel.abort(new Error('The technician left.'));
    await expect(done).rejects.toThrow('The technician left.');
    expect((await ended.promise).failure).toBe('cancelled');
    expect(clock.pending).toBe(0);
  });

  it('ends the programs of a probe whose time is over', async () => {
    const ended = Promise.withResolvers<CommandResult>();
    const slow = well('power', async ({ commands }) => {
      const result = await commands.run('/bin/sh', ['-c', 'exec sleep 600']);
      ended.resolve(result);
      return result;
    });
    const done = examine([slow]);
    await until('the limit is set', 5_000, () => clock.pending >= 2);
    clock.advance(8_000);
    expect((await done).probes[0]?.status).toBe('unknown');
    expect((await ended.promise).failure).toBe('cancelled');
  });

  it('begins nothing when it was cancelled before', async () => {
    const untouched = well('power', async () => {
      throw new Error('This was begun.');
    });
    await expect(examine([untouched], AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
    expect(log.said).toEqual([]);
  });

  it('is redacted as a whole, conclusions too', async () => {
    const leaking = probe(
      'policy',
      async () => undefined,
      () => bad('policy', 'cannot write /home/maria/x: denied', { 'by maria@host': '192.168.1.7' }, 'password=hunter2'),
    );
    const examination = await examine([leaking]);
    expect(examination.conclusions).toEqual([
      { probe: 'policy', words: 'cannot write [home folder]: denied', fix: 'password=[secret]' },
    ]);
    expect(JSON.stringify(examination)).not.toMatch(/maria|192\.168|hunter2/);
  });
});
