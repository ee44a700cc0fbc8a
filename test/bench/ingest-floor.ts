import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStores } from '../../server/store/stores.ts';
import { insertDevices } from './ingest-devices.ts';
import { mixedRecord } from './ingest-mix.ts';

/** As many as one transaction of the floor holds. */
const together = 100;

export interface Floor {
  /** Rows a second of processor time of one thread. */
  perSecond: number;
  walBytesEach: number;
  /** Share of the time that writing the WAL back into the database takes. */
  checkpointShare: number;
}

/**
 * What the same reports cost straight into SQLite, with the server's own tables and durability: the position of the spool
 * and one value each, no protocol, no judgement, nothing asked before.
 */
export async function straightIntoSqlite(folder: string, devices: number, reports: number): Promise<Floor> {
  const path = join(folder, 'floor.db');
  await (await openStores(path)).close();
  const db = new Database(path);
  db.pragma('synchronous = FULL');
  db.pragma('wal_autocheckpoint = 0');
  insertDevices(db, devices);
  const position = db.prepare('update device set spool_epoch = ?, spool_sequence = ? where id = ?');
  const value = db.prepare(
    `insert into health (device_id, collector, value, at) values (?, ?, ?, ?)
     on conflict (device_id, collector) do update set value = excluded.value, at = excluded.at`,
  );
  const commit = db.transaction((from: number, to: number) => {
    for (let index = from; index < to; index++) {
      const device = index % devices;
      const record = mixedRecord(device, Math.floor(index / devices), Date.now());
      position.run('epoch-1', index, `device-${device}`);
      value.run(`device-${device}`, record.kind, JSON.stringify(record), record.at);
    }
  });
  db.pragma('wal_checkpoint(TRUNCATE)');
  const writing = cpuMs(() => {
    for (let from = 0; from < reports; from += together) commit(from, Math.min(reports, from + together));
  });
  const walBytes = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0;
  const checkpointing = cpuMs(() => db.pragma('wal_checkpoint(TRUNCATE)'));
  db.close();
  return {
    perSecond: (reports * 1000) / (writing + checkpointing),
    walBytesEach: walBytes / reports,
    checkpointShare: checkpointing / (writing + checkpointing),
  };
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
