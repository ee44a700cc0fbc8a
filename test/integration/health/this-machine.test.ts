import { describe, expect, it } from 'vitest';
import { openLive } from '../../../agent/diagnostics/live.ts';
import { createHealth } from '../../../agent/health/index.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { decode, encode } from '../../../shared/protocol/codec.ts';
import { LiveSample } from '../../../shared/protocol/health.ts';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { validator } from '../../../shared/schema.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));
const here = process.platform;

describe.skipIf(here !== 'linux')('health of this machine (Linux only)', () => {
  it('tells valid, non-empty values within seconds', async () => {
    const [records, log]: [ReportRecord[], ReturnType<typeof keptLog>] = [[], keptLog()];
    const health = createHealth({
      commands: new SystemCommands(),
      clock: systemClock,
      random: systemRandom,
      platform: 'linux',
      agentVersion: '0.1.0',
      spooled: () => records.length,
      emit: (record) => void records.push(record),
      log,
    });
    await health.start();
    await seconds(6);
    await health.stop();
    expect(decode(Buffer.from(encode('report', 'r', { epoch: 'e', sequence: 1, records })), 'agent')).toMatchObject({
      ok: true,
    });
    const values = new Map(
      records.map((record) => [
        record.kind === 'health' ? record.collector : record.kind === 'observation' ? record.name : '',
        'value' in record ? record.value : undefined,
      ]),
    );
    expect(values.get('system')).toMatchObject({ cores: expect.any(Number), memoryBytes: expect.any(Number) });
    expect(values.get('load')).toMatchObject({ memoryUsedPercent: expect.any(Number) });
    expect(values.get('disks')).toMatchObject({
      volumes: expect.arrayContaining([expect.objectContaining({ mount: '/' })]),
    });
    expect(values.get('agent')).toMatchObject({ version: '0.1.0' });
    for (const name of ['battery', 'network', 'diskEncryption', 'firewall']) expect(values.has(name), name).toBe(true);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is sampled live each second, cheaply', async () => {
    const samples: LiveSample[] = [];
    const schema = validator(LiveSample);
    const view = openLive({
      clock: systemClock,
      intervalMs: 1000,
      platform: 'linux',
      emit: (sample) => samples.push(sample),
      log: keptLog(),
    });
    await seconds(0.7);
    const before = process.cpuUsage();
    await seconds(3);
    const used = process.cpuUsage(before);
    view.stop();
    const count = samples.length;
    expect(count).toBeGreaterThanOrEqual(3);
    for (const sample of samples) expect(schema.problems(sample)).toEqual([]);
    expect(samples.at(-1)?.processes.length).toBeGreaterThan(0);
    expect(samples.at(-1)?.memoryTotalBytes).toBeGreaterThan(0);
    const percent = ((used.user + used.system) / 10_000 / 3).toFixed(2);
    process.stdout.write(`live sampling cost ${percent} % of a core (aim: at most 3 %)\n`);
    await seconds(1.2);
    expect(samples).toHaveLength(count);
  });
});
