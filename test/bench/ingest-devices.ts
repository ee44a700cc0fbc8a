import type Database from 'better-sqlite3';

/** Devices that need no certificate: rows alone. Returns their ids. */
export function insertDevices(db: Database.Database, count: number): string[] {
  const ids = Array.from({ length: count }, (_, number) => `device-${number}`);
  const insert = db.prepare(
    `insert into device (id, name, hardware_id, platform, os_name, os_version, agent_version, status, simulated,
       enrolled_at, spool_sequence) values (?, ?, ?, 'linux', 'Debian', '12', '0.1.0', 'active', 0, 0, 0)`,
  );
  db.transaction(() => {
    for (const id of ids) insert.run(id, id, id);
  })();
  return ids;
}
