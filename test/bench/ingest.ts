import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RawData } from 'ws';
import { openStores } from '../../server/store/stores.ts';
import type { ReportRecord } from '../../shared/protocol/messages.ts';
import type { FakeDevice, Line } from '../fakes/device.ts';
import { bench } from './bench.ts';
import { enrolDevices, joinAll } from './devices.ts';
import { cpuSpentOn } from './process-use.ts';
import { percentile } from './report.ts';
import { BenchServer } from './server.ts';

type Session = [FakeDevice, Line];

/** As many as the server commits together. */
const rowsTogether = 100;

/** Each agent has one report under way, as the real one does, and sends the next when it is acknowledged: after the commit. */
export const ingest = bench({
  summary: 'durable reports a second over mutual TLS, against the same rows straight into SQLite',
  sizes: {
    agents: { default: 100, words: 'agents that report at once' },
    reports: { default: 100, words: 'reports of each, at most 500: more would be flooding' },
  },
  async run({ agents, reports }, report, scope) {
    const server = await BenchServer.start(scope);
    const devices = await enrolDevices(server, agents);
    const lines = await joinAll(server, devices);
    const sessions = devices.map((device, index): Session => [device, lines[index] as Line]);
    await Promise.all(sessions.map((session) => reportAll(session, Math.ceil(reports / 10))));

    const started = performance.now();
    let waits: number[] = [];
    const cpuMs = await cpuSpentOn(server.pid, async () => {
      waits = (await Promise.all(sessions.map((session) => reportAll(session, reports)))).flat();
    });
    const perSecond = (waits.length * 1000) / (performance.now() - started);
    const floor = await straightIntoSqlite(join(scope.folder('floor'), 'floor.db'), agents, agents * reports);

    report.compare('durable reports, by one core of the server', (waits.length * 1000) / cpuMs, '/s', 'SQLite', floor);
    report.compare('durable reports, on the clock', perSecond, '/s', 'SQLite', floor);
    report.figure('sent → acknowledged, p50', percentile(waits, 0.5), 'ms');
    report.figure('sent → acknowledged, p99', percentile(waits, 0.99), 'ms');
  },
});

/** Milliseconds from sending each report to its acknowledgement. */
async function reportAll([device, line]: Session, count: number): Promise<number[]> {
  const waits: number[] = [];
  for (let index = 0; index < count; index++) {
    const sent = performance.now();
    const acknowledged = nextAck(line);
    line.send('report', device.report(loadRecord(index)));
    await acknowledged;
    waits.push(performance.now() - sent);
  }
  return waits;
}

/** However long it takes: a busy machine is no failure. */
function nextAck({ socket }: Line): Promise<void> {
  return new Promise((resolve) => {
    const onMessage = (bytes: RawData) => {
      if (!String(bytes).includes('"type":"ack"')) return;
      socket.off('message', onMessage);
      resolve();
    };
    socket.on('message', onMessage);
  });
}

function loadRecord(index: number): ReportRecord {
  return { kind: 'health', at: Date.now(), collector: 'load', value: loadOf(index) };
}

function loadOf(index: number) {
  return { cpuPercent: index % 100, memoryUsedPercent: 40 + (index % 20) };
}

/** Rows a second: the spool's position and the value of each report, with the server's own tables and durability. */
async function straightIntoSqlite(path: string, devices: number, reports: number): Promise<number> {
  await (await openStores(path)).close();
  const db = new Database(path);
  db.pragma('synchronous = FULL');
  for (let id = 0; id < devices; id++) insertDevice(db, `device-${id}`);
  const position = db.prepare('update device set spool_epoch = ?, spool_sequence = ? where id = ?');
  const value = db.prepare(
    `insert into health (device_id, collector, value, at) values (?, 'load', ?, ?)
     on conflict (device_id, collector) do update set value = excluded.value, at = excluded.at`,
  );
  const commit = db.transaction((from: number, to: number) => {
    for (let index = from; index < to; index++) {
      const id = `device-${index % devices}`;
      position.run('epoch-1', index, id);
      value.run(id, JSON.stringify(loadOf(index)), Date.now());
    }
  });
  const started = performance.now();
  for (let from = 0; from < reports; from += rowsTogether) commit(from, Math.min(reports, from + rowsTogether));
  const perSecond = (reports * 1000) / (performance.now() - started);
  db.close();
  return perSecond;
}

function insertDevice(db: Database.Database, id: string): void {
  db.prepare(
    `insert into device (id, name, hardware_id, platform, os_name, os_version, agent_version, status, simulated,
       enrolled_at, spool_sequence) values (?, ?, ?, 'linux', 'Debian', '12', '0.1.0', 'active', 0, 0, 0)`,
  ).run(id, id, id);
}
