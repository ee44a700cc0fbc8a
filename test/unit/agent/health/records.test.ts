import { afterEach, describe, expect, it } from 'vitest';
import type { HealthReaders, PostureReaders } from '../../../../agent/health/collector.ts';
import { createHealth, type HealthOptions, healthJobs } from '../../../../agent/health/index.ts';
import { decode, encode } from '../../../../shared/protocol/codec.ts';
import { observationSchemas } from '../../../../shared/protocol/health.ts';
import type { ReportRecord } from '../../../../shared/protocol/messages.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { cheapArm, desktop, garbage, wornLaptop } from './machines.ts';
import { keptLog, kernelTree, recordedCommands, settle } from './recorded.ts';

const trees: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const tree of trees.splice(0)) await tree.remove();
});

/** Through the real codec, as the server will read it. */
function throughTheWire(records: ReportRecord[]): ReportRecord[] {
  const decoded = decode(Buffer.from(encode('report', 'r1', { epoch: 'e', sequence: 1, records })), 'agent');
  if (!decoded.ok) throw new Error(decoded.words);
  if (decoded.message.type !== 'report') throw new Error(decoded.message.type);
  return decoded.message.body.records;
}

async function machine(tree: Record<string, string | null>) {
  const made = await kernelTree(tree);
  trees.push(made);
  const [clock, records, log]: [FakeClock, ReportRecord[], ReturnType<typeof keptLog>] = [
    new FakeClock(),
    [],
    keptLog(),
  ];
  const health = createHealth({
    commands: recordedCommands({}),
    clock,
    random: new SeededRandom(3),
    platform: 'linux',
    agentVersion: '0.1.0',
    spooled: () => 7,
    emit: (record) => void records.push(record),
    log,
    root: made.root,
  });
  const pass = async (ms: number, step: number) => {
    for (let left = ms; left > 0; left -= step) {
      clock.advance(step);
      await settle(30);
      // File reads go through the thread pool: give them real time.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  return { health, records, log, pass };
}

const nameOf = (record: ReportRecord) =>
  record.kind === 'health' ? record.collector : record.kind === 'observation' ? record.name : record.kind;

describe('a device’s first minute', () => {
  it.each([
    ['a worn laptop', wornLaptop, ['agent', 'battery', 'disks', 'load', 'network', 'os', 'system', 'temperatures']],
    ['a desktop', desktop, ['agent', 'battery', 'disks', 'load', 'network', 'os', 'system', 'temperatures']],
    ['a cheap ARM laptop without sensors', cheapArm, ['agent', 'battery', 'disks', 'load', 'network', 'os', 'system']],
    ['a machine of garbage', garbage, ['agent', 'battery', 'disks', 'network', 'os', 'system', 'temperatures']],
    ['a machine without any file', {}, ['agent', 'battery', 'disks', 'network', 'os', 'system']],
  ])('%s: each value once, valid for the server', async (_, tree, names) => {
    const { health, records, log, pass } = await machine(tree as Record<string, string>);
    await health.start();
    await pass(10_000, 250);
    expect(throughTheWire(records)).toEqual(records);
    expect(records.map(nameOf).sort()).toEqual([...names, ...Object.keys(observationSchemas)].sort());
    expect(log.lines).toEqual([]);
    const sent = records.length;
    await pass(300_000, 5_000);
    expect(
      records
        .slice(sent)
        .map(nameOf)
        .filter((name) => name !== 'agent'),
    ).toEqual([]);
    await health.stop();
  });
});

describe('jobs', () => {
  const clock = new FakeClock();
  const options = (emit: (record: ReportRecord) => void, log = keptLog()): HealthOptions => ({
    commands: recordedCommands({}),
    clock,
    random: new SeededRandom(),
    platform: 'linux',
    agentVersion: '0',
    spooled: () => 0,
    emit,
    log,
  });
  const no = async () => undefined;
  const readers = (more: Partial<HealthReaders>): HealthReaders => ({
    system: no,
    os: no,
    load: no,
    disks: no,
    battery: no,
    temperatures: no,
    network: no,
    agent: no,
    ...more,
  });
  const unknown = async () => ({ state: 'unknown', evidence: '' });
  const posture = Object.fromEntries(Object.keys(observationSchemas).map((name) => [name, unknown])) as PostureReaders;

  it('refuses a value that does not fit its schema, in words, and sends the next good one', () => {
    const [records, log]: [ReportRecord[], ReturnType<typeof keptLog>] = [[], keptLog()];
    const load = healthJobs(
      options((record) => void records.push(record), log),
      readers({}),
      posture,
    ).find(({ name }) => name === 'load');
    load?.accept({ cpuPercent: 'much', memoryUsedPercent: 1 });
    load?.accept({ cpuPercent: 10, memoryUsedPercent: 200 });
    expect(records).toEqual([]);
    expect(log.lines).toHaveLength(2);
    load?.accept({ cpuPercent: 10, memoryUsedPercent: 20 });
    expect(records).toHaveLength(1);
  });

  it('sends a value again when handing it on failed', () => {
    let full = true;
    const records: ReportRecord[] = [];
    const emit = (record: ReportRecord) => {
      if (full) throw new Error('disk full');
      records.push(record);
    };
    const firewall = healthJobs(options(emit), readers({}), posture).find(({ name }) => name === 'firewall');
    const off = { state: 'off', evidence: 'x' };
    expect(() => firewall?.accept(off)).toThrow('disk full');
    full = false;
    firewall?.accept(off);
    firewall?.accept(off);
    expect(records).toEqual([{ kind: 'observation', at: clock.now(), name: 'firewall', value: off }]);
  });

  it.each(['linux', 'darwin', 'win32'] as const)('on %s sees a firewall turned off within five minutes', (platform) => {
    const jobs = healthJobs({ ...options(() => undefined), platform }, readers({}), posture);
    for (const name of ['firewall', 'diskEncryption'])
      expect((jobs.find((job) => job.name === name)?.everyMs ?? Number.POSITIVE_INFINITY) * 1.1).toBeLessThanOrEqual(
        300_000,
      );
  });

  it('first shows every value within ten seconds', () => {
    for (const job of healthJobs(
      options(() => undefined),
      readers({}),
      posture,
    ))
      expect(job.firstWithinMs).toBeLessThanOrEqual(10_000);
  });
});
