import { DatabaseSync } from 'node:sqlite';

const columns = ['device_id', 'subject_id', 'reported_by'];

/** Table → the rows that belong to a device, by whatever column names it. */
export function rowsOf(database: string, deviceId: string): Map<string, string[]> {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const rows = new Map<string, string[]>();
    for (const { name } of db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all()) {
      const known = db
        .prepare(`SELECT name FROM pragma_table_info('${name}')`)
        .all()
        .map((column) => String(column.name));
      const column = name === 'device' ? 'id' : columns.find((one) => known.includes(one));
      if (column === undefined) continue;
      const found = db.prepare(`SELECT * FROM "${name}" WHERE "${column}" = ?`).all(deviceId);
      if (found.length > 0) rows.set(String(name), found.map((row) => JSON.stringify(row)).sort());
    }
    return rows;
  } finally {
    db.close();
  }
}
