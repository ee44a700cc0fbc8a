import { describe, expect, it } from 'vitest';
import { runLive, type Sampler } from '../../../../agent/diagnostics/live.ts';
import { mapProcesses, mapSample } from '../../../../agent/diagnostics/portable.ts';
import { parseAuxiliary, parseProcess } from '../../../../agent/diagnostics/proc-folder.ts';
import { busiest } from '../../../../agent/diagnostics/processes.ts';
import { bytesPerSecond, parseTraffic } from '../../../../agent/diagnostics/traffic.ts';
import { LiveSample } from '../../../../shared/protocol/health.ts';
import { validator } from '../../../../shared/schema.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { keptLog, settle } from '../health/recorded.ts';

const sampleAt = (at: number): LiveSample => ({
  at,
  cpuPercent: 1,
  coresPercent: [1],
  memoryUsedPercent: 1,
  memoryUsedBytes: 1,
  memoryTotalBytes: 100,
  receivedBytesPerSecond: 0,
  sentBytesPerSecond: 0,
  processes: [],
});

function live(sampler: (clock: FakeClock) => Sampler, emit: (sample: LiveSample) => unknown = () => undefined) {
  const [clock, log, samples]: [FakeClock, ReturnType<typeof keptLog>, LiveSample[]] = [new FakeClock(), keptLog(), []];
  const take = (sample: LiveSample) => {
    samples.push(sample);
    return emit(sample);
  };
  const view = runLive(sampler(clock), { clock, intervalMs: 1_000, emit: take, log }, 500);
  const pass = async (seconds: number) => {
    for (let step = 0; step < seconds * 2; step++) {
      clock.advance(500);
      await settle(3);
    }
  };
  return { clock, log, samples, view, pass };
}
const prompt = (clock: FakeClock): Sampler => ({ sample: async () => sampleAt(clock.now()) });

describe('the live view', () => {
  it('shows figures after half a second, then each second', async () => {
    const { samples, view, pass } = live(prompt);
    await pass(4);
    expect(samples.map(({ at }, index) => at - (samples[index - 1]?.at ?? at - 500))).toEqual([500, 1000, 1000, 1000]);
    view.stop();
  });
  it('never has two samples under way', async () => {
    let underWay = 0;
    let most = 0;
    const slow = (clock: FakeClock): Sampler => ({
      sample: async () => {
        most = Math.max(most, ++underWay);
        await new Promise<void>((resolve) => clock.after(2_500, resolve));
        underWay--;
        return sampleAt(clock.now());
      },
    });
    const { samples, view, pass } = live(slow);
    await pass(9);
    expect(most).toBe(1);
    expect(samples).toHaveLength(3);
    view.stop();
  });
  it('leaves the next sample out while the last has not left the device', async () => {
    let taken = 0;
    const counting = (clock: FakeClock): Sampler => ({
      sample: async () => {
        taken++;
        return sampleAt(clock.now());
      },
    });
    const { view, pass } = live(counting, () => false);
    await pass(6);
    expect(taken).toBe(3);
    view.stop();
  });
  it('emits nothing after it was stopped, also what was under way, and leaves no timer', async () => {
    let finish: (sample: LiveSample) => void = () => undefined;
    const { clock, samples, view, pass } = live(() => ({
      sample: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    }));
    await pass(1);
    view.stop();
    finish(sampleAt(0));
    await settle();
    expect(samples).toEqual([]);
    expect(clock.pending).toBe(0);
  });
  it('logs a failure once and goes on', async () => {
    let broken = true;
    const { log, samples, view, pass } = live((clock) => ({
      sample: async () => {
        if (broken) throw new Error('no /proc');
        return sampleAt(clock.now());
      },
    }));
    await pass(4);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
    broken = false;
    await pass(2);
    expect(samples.length).toBeGreaterThan(0);
    view.stop();
  });
});

describe('a process of /proc', () => {
  const rest = 'S 1 1 1 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 1 0 777 1000 64 18446744073709551615';
  it.each([
    ['plain', `42 (bash) ${rest}`, { name: 'bash', ticks: 300, pages: 64, started: '777' }],
    [
      'a name with brackets and blanks',
      `42 (Web (Co) x) ${rest}`,
      { name: 'Web (Co) x', ticks: 300, pages: 64, started: '777' },
    ],
    ['nothing', undefined, undefined],
    ['cut short', '42 (bash) S 1', undefined],
    ['no name', '42 bash S', undefined],
  ])('%s', (_, stat, expected) => {
    expect(parseProcess(stat)).toEqual(expected);
  });
  it('has constants even where the auxiliary vector cannot be read', () => {
    expect(parseAuxiliary(Buffer.alloc(0))).toEqual({ pageBytes: 4096, ticksPerSecond: 100 });
    expect(
      parseAuxiliary(
        Buffer.from(
          [6, 16_384, 17, 250].flatMap((word) => [...Buffer.from(new BigUint64Array([BigInt(word)]).buffer)]),
        ),
      ),
    ).toEqual({ pageBytes: 16_384, ticksPerSecond: 250 });
  });
});

describe('processes', () => {
  it('are the thirty busiest by CPU, then memory, by plain names', () => {
    const many = Array.from({ length: 50 }, (_, pid) => ({
      pid,
      name: `p\u001b[2J${pid}`,
      cpuPercent: pid === 7 ? 80.123 : 0,
      memoryBytes: pid,
    }));
    const shown = busiest(many);
    expect(shown).toHaveLength(30);
    expect(shown[0]).toEqual({ pid: 7, name: 'p [2J7', cpuPercent: 80.1, memoryBytes: 7 });
    expect(shown[1]?.pid).toBe(49);
  });
});

describe('traffic', () => {
  it('counts what leaves the device, not loopback, tunnels and bridges', () => {
    const row = (name: string) => `  ${name}: 1000 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0`;
    expect(
      parseTraffic(
        ['Inter-| Receive', ' face |bytes', ...['lo', 'eth0', 'wlan0', 'tun0', 'docker0', 'veth12'].map(row)].join(
          '\n',
        ),
      ),
    ).toEqual({ received: 2000, sent: 1000 });
  });
  it('is 0 when an interface went away', () => {
    expect(bytesPerSecond({ received: 9000, sent: 10 }, { received: 100, sent: 30 }, 2)).toEqual({
      received: 0,
      sent: 10,
    });
  });
});

describe('systeminformation on Windows and macOS (not run here; from its documented shapes)', () => {
  it('gives a valid sample without users, paths or command lines', () => {
    const process = {
      pid: 4,
      name: '/Applications/Safari.app/Contents/MacOS/Safari',
      cpu: 12.5,
      memRss: 2048,
      user: 'alice',
      params: '--secret',
      path: '/Users/alice',
    };
    const processes = mapProcesses([process, { ...process, pid: 5, cpu: Number.NaN }], 8);
    const sample = mapSample(
      1,
      { currentLoad: 12, cpus: [{ load: 3 }, { load: Number.NaN }] },
      { total: 8e9, available: 2e9 },
      [
        { rx_sec: 100.4, tx_sec: 3 },
        { rx_sec: null as unknown as number, tx_sec: 1 },
      ],
      processes,
    );
    expect(validator(LiveSample).problems(sample)).toEqual([]);
    expect(sample).toMatchObject({ memoryUsedPercent: 75, receivedBytesPerSecond: 100, sentBytesPerSecond: 4 });
    expect(sample.processes[0]).toEqual({ pid: 4, name: 'Safari', cpuPercent: 100, memoryBytes: 2048 * 1024 });
    expect(JSON.stringify(sample)).not.toMatch(/alice|secret/);
  });
});
